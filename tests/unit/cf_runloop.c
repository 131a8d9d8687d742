/* SPDX-License-Identifier: MIT */
/* CFRunLoop: modes, sources, timers, observers, other threads, descriptors; CFMachPort and CFFileDescriptor. */
#include "frameworkHooks.h"

#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include <CoreFoundation/CoreFoundation.h>
#include <mach/mach.h>

static int performed;

static void perform(void *info)
{
    performed++;
    if (info)
        CFRunLoopStop(info);
}

static CFRunLoopSourceRef makeSource(void *info)
{
    CFRunLoopSourceContext context = {.info = info, .perform = perform};
    return CFRunLoopSourceCreate(NULL, 0, &context);
}

TEST(results_of_a_run)
{
    CFRunLoopRef loop = CFRunLoopGetCurrent();
    CFRunLoopSourceRef source = makeSource(NULL);
    assert_ptr_equal(loop, CFRunLoopGetMain());
    assert_int_equal(CFRunLoopRunInMode(CFSTR("private"), 10, true), kCFRunLoopRunFinished);
    CFRunLoopAddSource(loop, source, CFSTR("private"));
    assert_true(CFRunLoopContainsSource(loop, source, CFSTR("private")));
    assert_int_equal(CFRunLoopRunInMode(CFSTR("private"), 0, true), kCFRunLoopRunTimedOut);
    assert_int_equal(CFRunLoopRunInMode(CFSTR("private"), 0.01, true), kCFRunLoopRunTimedOut);
    CFRunLoopSourceSignal(source);
    CFRunLoopSourceSignal(source);
    assert_int_equal(CFRunLoopRunInMode(CFSTR("private"), 10, true), kCFRunLoopRunHandledSource);
    assert_int_equal(performed, 1);
    assert_int_equal(CFRunLoopRunInMode(kCFRunLoopDefaultMode, 10, true), kCFRunLoopRunFinished);
    CFRunLoopSourceInvalidate(source);
    assert_false(CFRunLoopSourceIsValid(source));
    assert_false(CFRunLoopContainsSource(loop, source, CFSTR("private")));
    assert_int_equal(CFRunLoopRunInMode(CFSTR("private"), 10, true), kCFRunLoopRunFinished);
    CFRelease(source);
}

TEST(stop_ends_the_innermost_run)
{
    CFRunLoopRef loop = CFRunLoopGetCurrent();
    CFRunLoopSourceRef source = makeSource(loop);
    CFRunLoopAddSource(loop, source, kCFRunLoopDefaultMode);
    CFRunLoopSourceSignal(source);
    assert_int_equal(CFRunLoopRunInMode(kCFRunLoopDefaultMode, 10, false), kCFRunLoopRunStopped);
    CFRunLoopSourceSignal(source);
    CFRunLoopRun();
    assert_int_equal(performed, 2);
    CFRunLoopRemoveSource(loop, source, kCFRunLoopDefaultMode);
    CFRelease(source);
}

TEST(common_modes)
{
    CFRunLoopRef loop = CFRunLoopGetCurrent();
    CFRunLoopSourceRef early = makeSource(NULL), late = makeSource(NULL);
    CFRunLoopAddSource(loop, early, kCFRunLoopCommonModes);
    CFRunLoopAddCommonMode(loop, CFSTR("extra"));
    CFRunLoopAddSource(loop, late, kCFRunLoopCommonModes);
    assert_true(CFRunLoopContainsSource(loop, early, CFSTR("extra")) &&
                CFRunLoopContainsSource(loop, late, CFSTR("extra")));
    assert_true(CFRunLoopContainsSource(loop, late, kCFRunLoopDefaultMode));
    CFRunLoopSourceSignal(late);
    assert_int_equal(CFRunLoopRunInMode(CFSTR("extra"), 10, true), kCFRunLoopRunHandledSource);
    CFRunLoopRemoveSource(loop, early, kCFRunLoopCommonModes);
    assert_false(CFRunLoopContainsSource(loop, early, CFSTR("extra")));
    CFRunLoopSourceInvalidate(late);
    CFRelease(early);
    CFRelease(late);
}

static void countTimer(CFRunLoopTimerRef timer, void *info)
{
    if (++*(int *)info == 3)
        CFRunLoopStop(CFRunLoopGetCurrent());
}

TEST(timers_fire_once_or_again)
{
    int once = 0, again = 0;
    CFRunLoopTimerContext first = {.info = &once}, second = {.info = &again};
    CFRunLoopTimerRef single = CFRunLoopTimerCreate(NULL, CFAbsoluteTimeGetCurrent(), 0, 0, 0, countTimer, &first);
    CFRunLoopTimerRef repeating =
        CFRunLoopTimerCreate(NULL, CFAbsoluteTimeGetCurrent() + 0.005, 0.005, 0, 0, countTimer, &second);
    CFRunLoopAddTimer(CFRunLoopGetCurrent(), single, kCFRunLoopDefaultMode);
    CFRunLoopAddTimer(CFRunLoopGetCurrent(), repeating, kCFRunLoopDefaultMode);
    assert_int_equal(CFRunLoopRunInMode(kCFRunLoopDefaultMode, 30, false), kCFRunLoopRunStopped);
    assert_int_equal(once, 1);
    assert_int_equal(again, 3);
    assert_false(CFRunLoopTimerIsValid(single));
    assert_true(CFRunLoopTimerIsValid(repeating));
    CFRunLoopTimerInvalidate(repeating);
    assert_int_equal(CFRunLoopRunInMode(kCFRunLoopDefaultMode, 30, false), kCFRunLoopRunFinished);
    CFRelease(single);
    CFRelease(repeating);
}

static void noteActivity(CFRunLoopObserverRef observer, CFRunLoopActivity activity, void *info)
{
    *(CFOptionFlags *)info |= activity;
}

TEST(observers_see_each_stage)
{
    CFOptionFlags seen = 0;
    CFRunLoopObserverContext context = {.info = &seen};
    CFRunLoopObserverRef observer =
        CFRunLoopObserverCreate(NULL, kCFRunLoopAllActivities, true, 0, noteActivity, &context);
    CFRunLoopSourceRef source = makeSource(NULL);
    CFRunLoopAddSource(CFRunLoopGetCurrent(), source, kCFRunLoopDefaultMode);
    CFRunLoopAddObserver(CFRunLoopGetCurrent(), observer, kCFRunLoopDefaultMode);
    CFRunLoopRunInMode(kCFRunLoopDefaultMode, 0.005, false);
    assert_int_equal(seen, kCFRunLoopEntry | kCFRunLoopBeforeTimers | kCFRunLoopBeforeSources |
                               kCFRunLoopBeforeWaiting | kCFRunLoopAfterWaiting | kCFRunLoopExit);
    CFRunLoopObserverInvalidate(observer);
    CFRunLoopSourceInvalidate(source);
    CFRelease(observer);
    CFRelease(source);
}

static void countWaits(CFRunLoopObserverRef observer, CFRunLoopActivity activity, void *info)
{
    ++*(int *)info;
}

TEST(an_idle_loop_does_not_wake_up)
{
    int waits = 0;
    CFRunLoopObserverContext context = {.info = &waits};
    CFRunLoopObserverRef observer =
        CFRunLoopObserverCreate(NULL, kCFRunLoopAfterWaiting, true, 0, countWaits, &context);
    CFRunLoopSourceRef source = makeSource(NULL);
    CFRunLoopAddSource(CFRunLoopGetCurrent(), source, kCFRunLoopDefaultMode);
    CFRunLoopAddObserver(CFRunLoopGetCurrent(), observer, kCFRunLoopDefaultMode);
    assert_int_equal(CFRunLoopRunInMode(kCFRunLoopDefaultMode, 0.3, false), kCFRunLoopRunTimedOut);
    assert_int_equal(waits, 1);
    CFRunLoopObserverInvalidate(observer);
    CFRunLoopSourceInvalidate(source);
    CFRelease(observer);
    CFRelease(source);
}

/* A thread with a loop of its own, as libusb and hidapi have. */
typedef struct Worker {
    pthread_barrier_t ready;
    CFRunLoopRef loop;
    CFRunLoopSourceRef source;
} Worker;

static void *runWorker(void *pointer)
{
    Worker *worker = pointer;
    worker->loop = (CFRunLoopRef)CFRetain(CFRunLoopGetCurrent());
    CFRunLoopSourceContext context = {.info = worker->loop, .perform = perform};
    worker->source = CFRunLoopSourceCreate(NULL, 0, &context);
    CFRunLoopAddSource(worker->loop, worker->source, CFSTR("worker"));
    pthread_barrier_wait(&worker->ready);
    while (CFRunLoopRunInMode(CFSTR("worker"), 1000, false) != kCFRunLoopRunStopped)
        ;
    return NULL;
}

TEST(another_thread_signals_and_wakes)
{
    Worker worker;
    pthread_t thread;
    pthread_barrier_init(&worker.ready, NULL, 2);
    pthread_create(&thread, NULL, runWorker, &worker);
    pthread_barrier_wait(&worker.ready);
    assert_ptr_not_equal(worker.loop, CFRunLoopGetCurrent());
    while (!CFRunLoopIsWaiting(worker.loop))
        sched_yield();
    CFRunLoopSourceSignal(worker.source);
    CFRunLoopWakeUp(worker.loop);
    pthread_join(thread, NULL);
    assert_int_equal(performed, 1);
    CFRelease(worker.source);
    CFRelease(worker.loop);
    pthread_barrier_destroy(&worker.ready);
}

TEST(stop_from_another_thread)
{
    Worker worker;
    pthread_t thread;
    pthread_barrier_init(&worker.ready, NULL, 2);
    pthread_create(&thread, NULL, runWorker, &worker);
    pthread_barrier_wait(&worker.ready);
    while (!CFRunLoopIsWaiting(worker.loop))
        sched_yield();
    CFRunLoopStop(worker.loop);
    pthread_join(thread, NULL);
    assert_int_equal(performed, 0);
    CFRelease(worker.source);
    CFRelease(worker.loop);
    pthread_barrier_destroy(&worker.ready);
}

typedef struct Message {
    mach_msg_header_t header;
    int payload;
} Message;

static int received;

static void receive(CFMachPortRef port, void *msg, CFIndex size, void *info)
{
    const Message *message = msg;
    assert_int_equal(size, sizeof *message);
    assert_int_equal(message->header.msgh_local_port, CFMachPortGetPort(port));
    received += message->payload;
    if (received >= 6)
        CFRunLoopStop(CFRunLoopGetCurrent());
}

static void *sendMessages(void *info)
{
    mach_port_t port = *(mach_port_t *)info;
    for (int i = 1; i <= 3; i++) {
        Message message = {{.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, 0),
                            .msgh_size = sizeof message,
                            .msgh_remote_port = port,
                            .msgh_id = 100 + i},
                           i};
        assert_int_equal(mach_msg_send(&message.header), MACH_MSG_SUCCESS);
    }
    return NULL;
}

TEST(a_mach_port_in_a_loop)
{
    CFMachPortRef port = CFMachPortCreate(NULL, receive, NULL, NULL);
    CFRunLoopSourceRef source = CFMachPortCreateRunLoopSource(NULL, port, 0);
    CFRunLoopSourceRef same = CFMachPortCreateRunLoopSource(NULL, port, 0);
    mach_port_t name = CFMachPortGetPort(port);
    pthread_t thread;
    assert_ptr_equal(source, same);
    CFRelease(same);
    CFRunLoopAddSource(CFRunLoopGetCurrent(), source, kCFRunLoopDefaultMode);
    pthread_create(&thread, NULL, sendMessages, &name);
    assert_int_equal(CFRunLoopRunInMode(kCFRunLoopDefaultMode, 30, false), kCFRunLoopRunStopped);
    pthread_join(thread, NULL);
    assert_int_equal(received, 6);
    CFMachPortInvalidate(port);
    assert_false(CFRunLoopSourceIsValid(source));
    CFRelease(source);
    CFRelease(port);
}

static int ready;

static void descriptorIsReady(CFFileDescriptorRef f, CFOptionFlags types, void *info)
{
    char byte;
    ready += (int)types;
    assert_int_equal(read(CFFileDescriptorGetNativeDescriptor(f), &byte, 1), 1);
}

TEST(a_file_descriptor_calls_once_for_each_time_it_is_enabled)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    CFFileDescriptorRef f = CFFileDescriptorCreate(NULL, ends[0], true, descriptorIsReady, NULL);
    CFRunLoopSourceRef source = CFFileDescriptorCreateRunLoopSource(NULL, f, 0);
    CFRunLoopAddSource(CFRunLoopGetCurrent(), source, kCFRunLoopDefaultMode);
    assert_int_equal(write(ends[1], "ab", 2), 2);
    assert_int_equal(CFRunLoopRunInMode(kCFRunLoopDefaultMode, 0, true), kCFRunLoopRunTimedOut);
    CFFileDescriptorEnableCallBacks(f, kCFFileDescriptorReadCallBack);
    assert_int_equal(CFRunLoopRunInMode(kCFRunLoopDefaultMode, 30, true), kCFRunLoopRunHandledSource);
    assert_int_equal(ready, 1);
    assert_int_equal(CFRunLoopRunInMode(kCFRunLoopDefaultMode, 0, true), kCFRunLoopRunTimedOut);
    CFFileDescriptorInvalidate(f);
    CFRelease(source);
    CFRelease(f);
    close(ends[1]);
}

TEST_MAIN_WITH(frameworkTestHooks, RUN(results_of_a_run), RUN(stop_ends_the_innermost_run), RUN(common_modes),
               RUN(timers_fire_once_or_again), RUN(observers_see_each_stage), RUN(an_idle_loop_does_not_wake_up),
               RUN(another_thread_signals_and_wakes), RUN(stop_from_another_thread), RUN(a_mach_port_in_a_loop),
               RUN(a_file_descriptor_calls_once_for_each_time_it_is_enabled))
