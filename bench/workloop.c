/* SPDX-License-Identifier: MIT */
/*
 * Work loops: what an interrupt takes from the write to its eventfd to the action on the loop's thread, beside two bare
 * threads that hand over the same way (epoll, then a condition variable); and what runAction costs without contention
 * beside a pthread mutex around the same call.
 *
 *     bench-workloop [ROUNDS]       default 20,000 interrupts of each kind, in turns of a thousand
 *
 * Latencies are medians and 99th percentiles in nanoseconds; the writer waits for each action before it writes again.
 * Calls are means over 5 million.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <IOKit/IOCommandGate.h>
#include <IOKit/IOInterruptController.h>
#include <IOKit/IOInterruptEventSource.h>
#include <IOKit/IOKitInitialize.h>
#include <IOKit/IOLib.h>
#include <IOKit/IOPlatformExpert.h>
#include <libkern/libkern.h>

enum { kDefaultRounds = 20000, kTurn = 1000, kCalls = 5000000 };

static void require(bool ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "bench-workloop: %s\n", what);
    exit(1);
}

/* ---- The answer: both kinds end in this ---- */

static pthread_mutex_t answerLock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t answered = PTHREAD_COND_INITIALIZER;
static uint64_t answerTime; /* answerLock; 0: not yet */

static void answer(void)
{
    pthread_mutex_lock(&answerLock);
    answerTime = IOUptimeNanoseconds();
    pthread_cond_signal(&answered);
    pthread_mutex_unlock(&answerLock);
}

/* Nanoseconds from the write to the answer. */
static uint64_t interruptOnce(int fd)
{
    const uint64_t one = 1;
    answerTime = 0;
    uint64_t start = IOUptimeNanoseconds();
    require(write(fd, &one, sizeof one) == sizeof one, "an eventfd cannot be written");
    pthread_mutex_lock(&answerLock);
    while (!answerTime)
        pthread_cond_wait(&answered, &answerLock);
    uint64_t end = answerTime;
    pthread_mutex_unlock(&answerLock);
    return end - start;
}

/* ---- The floor: epoll thread, condition variable, worker ---- */

static struct Bare {
    int epoll, event;
    pthread_mutex_t lock;
    pthread_cond_t signalled;
    bool hasWork; /* lock */
} bare = {.lock = PTHREAD_MUTEX_INITIALIZER, .signalled = PTHREAD_COND_INITIALIZER};

static void *bareEpoll(void *argument)
{
    struct epoll_event event;
    uint64_t number;
    for (;;) {
        if (epoll_wait(bare.epoll, &event, 1, -1) != 1 || read(bare.event, &number, sizeof number) != sizeof number)
            continue;
        pthread_mutex_lock(&bare.lock);
        bare.hasWork = true;
        pthread_cond_signal(&bare.signalled);
        pthread_mutex_unlock(&bare.lock);
    }
    return NULL;
}

static void *bareWorker(void *argument)
{
    for (;;) {
        pthread_mutex_lock(&bare.lock);
        while (!bare.hasWork)
            pthread_cond_wait(&bare.signalled, &bare.lock);
        bare.hasWork = false;
        pthread_mutex_unlock(&bare.lock);
        answer();
    }
    return NULL;
}

static void startBare(void)
{
    pthread_t thread;
    struct epoll_event event = {.events = EPOLLIN};
    bare.epoll = epoll_create1(EPOLL_CLOEXEC);
    bare.event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    require(epoll_ctl(bare.epoll, EPOLL_CTL_ADD, bare.event, &event) == 0, "epoll");
    require(pthread_create(&thread, NULL, bareEpoll, NULL) == 0, "no thread");
    require(pthread_create(&thread, NULL, bareWorker, NULL) == 0, "no thread");
}

/* ---- The work loop ---- */

static void act(OSObject *owner, IOInterruptEventSource *source, int count)
{
    answer();
}

/* A nub whose interrupt 0 is the controller's vector 0. */
static IOService *makeNub(const OSSymbol *controllerName)
{
    const uint32_t vector = 0;
    IOService *nub = OSTypeAlloc(IOService);
    OSData *specifier = OSData_withBytes(&vector, sizeof vector);
    OSArray *names = OSArray_withCapacity(1), *specifiers = OSArray_withCapacity(1);
    require(IOService_init(nub, NULL) && IOService_attach(nub, IOService_getServiceRoot()), "no nub");
    require(OSArray_setObject(names, OSObjectOf(controllerName)) &&
                OSArray_setObject(specifiers, OSObjectOf(specifier)),
            "no memory");
    IORegistryEntry_setProperty(&nub->super, kIOInterruptControllersKey, OSObjectOf(names));
    IORegistryEntry_setProperty(&nub->super, kIOInterruptSpecifiersKey, OSObjectOf(specifiers));
    OSRelease(specifier);
    OSRelease(names);
    OSRelease(specifiers);
    return nub;
}

/* ---- Figures ---- */

static int compare(const void *first, const void *second)
{
    const uint64_t *a = first, *b = second;
    return (*a > *b) - (*a < *b);
}

static uint64_t printLatency(const char *what, uint64_t *times, size_t count)
{
    qsort(times, count, sizeof *times, compare);
    printf("%-44s median %7llu ns   99%% %7llu ns\n", what, (unsigned long long)times[count / 2],
           (unsigned long long)times[count * 99 / 100]);
    return times[count / 2];
}

static void measureInterrupts(int fd, size_t rounds)
{
    uint64_t *ours = calloc(rounds, sizeof *ours), *floor = calloc(rounds, sizeof *floor);
    require(ours && floor, "no memory");
    for (size_t done = 0; done < rounds; done++) {
        bool first = done % kTurn < kTurn / 2; /* in turns, so that both meet the same machine */
        ours[done] = first ? interruptOnce(fd) : 0;
        floor[done] = interruptOnce(bare.event);
        if (!first)
            ours[done] = interruptOnce(fd);
    }
    uint64_t mine = printLatency("eventfd to work-loop action", ours, rounds);
    uint64_t theirs = printLatency("eventfd to bare epoll + condition variable", floor, rounds);
    printf("%-44s %.2f\n", "ratio of the medians", (double)mine / (double)theirs);
    free(ours);
    free(floor);
}

static volatile uint64_t counted;

static IOReturn countOne(OSObject *owner, void *arg0, void *arg1, void *arg2, void *arg3)
{
    counted = counted + 1;
    return kIOReturnSuccess;
}

static double perCall(uint64_t start)
{
    return (double)(IOUptimeNanoseconds() - start) / kCalls;
}

static void measureCalls(IOWorkLoop *workLoop, IOCommandGate *gate)
{
    static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    IOReturn (*volatile call)(OSObject *, void *, void *, void *, void *) = countOne;
    uint64_t start = IOUptimeNanoseconds();
    for (int i = 0; i < kCalls; i++) {
        pthread_mutex_lock(&mutex);
        call(NULL, NULL, NULL, NULL, NULL);
        pthread_mutex_unlock(&mutex);
    }
    double floor = perCall(start);
    start = IOUptimeNanoseconds();
    for (int i = 0; i < kCalls; i++)
        IOWorkLoop_runAction(workLoop, countOne, NULL, NULL, NULL, NULL, NULL);
    double loop = perCall(start);
    start = IOUptimeNanoseconds();
    for (int i = 0; i < kCalls; i++)
        IOCommandGate_runAction(gate, countOne, NULL, NULL, NULL, NULL);
    double command = perCall(start);
    printf("%-44s %.1f ns\n", "pthread mutex around a call", floor);
    printf("%-44s %.1f ns (%.2f)\n", "IOWorkLoop_runAction", loop, loop / floor);
    printf("%-44s %.1f ns (%.2f)\n", "IOCommandGate_runAction", command, command / floor);
}

int main(int argc, char **argv)
{
    long rounds = argc > 1 ? atol(argv[1]) : kDefaultRounds;
    require(rounds > 0, "the number of rounds must be positive");
    require(IOKit_initialize() == kIOReturnSuccess, "the kit does not start");
    const OSSymbol *name = OSSymbol_withCString("BenchInterrupts");
    IOInterruptController *controller = OSTypeAlloc(IOInterruptController);
    require(IOService_init(&controller->super, NULL) && IOInterruptController_initVectors(controller, 1) &&
                IOPlatformExpert_registerInterruptController(name, controller) == kIOReturnSuccess,
            "no controller");
    IOService *nub = makeNub(name);
    IOInterruptEventSource *source = IOInterruptEventSource_create(nub, act, nub, 0);
    IOCommandGate *gate = IOCommandGate_create(nub, NULL);
    require(IOService_addEventSource(nub, source) && IOService_addEventSource(nub, gate), "no source");
    startBare();
    measureInterrupts(IOInterruptController_getVectorDescriptor(controller, 0), (size_t)rounds);
    measureCalls(IOService_getWorkLoop(nub), gate);
    IOService_removeEventSource(nub, &source);
    IOService_removeEventSource(nub, &gate);
    return 0;
}
