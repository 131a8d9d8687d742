/* SPDX-License-Identifier: MIT */
/* What TestTree's clients know: the methods of TestTreeClient. Scalars unless said otherwise. */
#ifndef TESTS_TESTTREESHARED_H
#define TESTS_TESTTREESHARED_H

enum {
    kTestAdd,       /* a, b -> a + b */
    kTestEcho,      /* structure of any size -> the same bytes, as far as there is room */
    kTestFill,      /* byte -> structure of the wanted size, filled with it */
    kTestSum,       /* structure of any size -> the sum of its bytes */
    kTestReverse,   /* 16 words -> the same from the last to the first */
    kTestFail,      /* result -> that result */
    kTestMessage,   /* type, argument; structure: when not empty, the argument is its bytes. A message to the clients */
    kTestPublish,   /* n: publishes a service "gamma" at location n below the provider */
    kTestTerminate, /* n: terminates it, and returns when it is gone */
    kTestBusy,      /* delta to the provider's busy count */
    kTestMany,      /* n -> n bytes 0, 1, 2 ... as output of variable size */
    kTestOpen,      /* -> opens the provider for this client: kIOReturnExclusiveAccess when somebody else has it */
    kTestClose,     /* -> closes it again */
    kTestWork,      /* -> how many other client was added by IOConnectAddClient */
    kTestMethods,
};

#endif
