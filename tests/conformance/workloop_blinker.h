/* SPDX-License-Identifier: MIT */
#ifndef TESTS_CONFORMANCE_WORKLOOP_BLINKER_H
#define TESTS_CONFORMANCE_WORKLOOP_BLINKER_H

#include <IOKit/IOCommandGate.h>
#include <IOKit/IOTimerEventSource.h>

OSDeclareClass(Blinker);
struct Blinker {
    IOService super;
    IOTimerEventSource *timer; /* owned, from start to stop */
    IOCommandGate *gate;       /* the same; its command waits for a count */
    unsigned ticks;            /* gate only */
    unsigned period;           /* milliseconds */
};

#endif
