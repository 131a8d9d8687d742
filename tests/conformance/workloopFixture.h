/* SPDX-License-Identifier: MIT */
/*
 * What the work-loop suites share: an owner, a controller whose vectors the test raises, and a nub that uses it.
 * TestController: vector 0 is an edge, vector 1 a level line that stays high until the test lowers it.
 */
#ifndef TESTS_CONFORMANCE_WORKLOOPFIXTURE_H
#define TESTS_CONFORMANCE_WORKLOOPFIXTURE_H

#include "serviceFixture.h"

#include <pthread.h>

#include <IOKit/IOCommandGate.h>
#include <IOKit/IOConditionLock.h>
#include <IOKit/IOFilterInterruptEventSource.h>
#include <IOKit/IOInterruptController.h>
#include <IOKit/IOTimerEventSource.h>

OSDeclareClass(TestOwner);
struct TestOwner {
    OSObject super;
    IOWorkLoop *workLoop; /* owned */
    Signal *done;         /* owned; raised by actions */
    _Atomic(int) count, sum;
    _Atomic(bool) wasInGate, wasOnThread;
    _Atomic(int) inside, mostInside; /* actions at a time */
    _Atomic(bool) filterSays;
    void *context;
};

OSDeclareClass(TestController);
struct TestController {
    IOInterruptController super;
    _Atomic(bool) isHigh;
    _Atomic(int) enabled, disabled; /* calls */
};

enum { kEdge, kLevel, kVectors };

extern const TestHooks workloopHooks;

TestOwner *makeOwner(void);
void freeOwner(TestOwner *owner);
/* Notes where it runs; ends with leave. */
void enterAction(TestOwner *owner);
void leaveAction(TestOwner *owner);

/* A controller registered by the name, and a nub with both its vectors. */
TestController *makeController(const char *name);
void freeController(TestController *controller, const char *name);
IOService *makeNub(const char *name);
void raiseEdge(TestController *controller);
void raiseLine(TestController *controller);
void lowerLine(TestController *controller);

/* Runs function(argument) on a thread of its own. */
typedef struct Runner Runner;
Runner *run(void *(*function)(void *argument), void *argument);
void *join(Runner *runner);

/* Once this returns the loop's thread has polled its sources after everything signalled before. */
void settle(IOWorkLoop *workLoop);

#endif
