/* SPDX-License-Identifier: MIT */
/*
 * What the service suites share: a kit that is started before each test and quiet after it, and driver classes that
 * write down what is called on them.
 *
 * A TestDriver's tag is its property "Tag", else its class; every overridden method appends "tag.method" to the trace.
 * How it behaves is set by further properties, so personalities can say it:
 *     ProbeFails, StartFails, InitFails   booleans
 *     ProbeScore                          number that probe writes into *score
 *     Opens                               it opens its provider in start, and closes it in stop unless it is closed
 *     ClosesInDidTerminate, ClosesOnRequest, Defers, RefusesTerminate, Registers, TerminatesItself,
 *     TerminatesProvider (from its requestTerminate)
 */
#ifndef TESTS_CONFORMANCE_SERVICEFIXTURE_H
#define TESTS_CONFORMANCE_SERVICEFIXTURE_H

#include "harness.h"

#include <IOKit/IOCatalogue.h>
#include <IOKit/IOKitInitialize.h>
#include <IOKit/IOLib.h>
#include <IOKit/IOPlatformExpert.h>
#include <IOKit/IOService.h>
#include <libkern/libkern.h>

OSDeclareBaseClass(TestDriver);
struct TestDriverMethods {
    IOService_METHODS
};
struct TestDriver {
    IOService super;
};

/* A nub, and classes of drivers; all are TestDrivers. */
OSDeclareBaseClass(TestNub);
struct TestNubMethods {
    IOService_METHODS
};
struct TestNub {
    TestDriver super;
};
OSDeclareClass(TestSpecialNub);
OSDeclareClass(D0);
OSDeclareClass(D1);
OSDeclareClass(D2);

extern const TestHooks serviceTestHooks;

/* --- trace --- */
void trace(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The trace so far, entries separated by spaces, without those that were not asked for by traceOnly. */
const char *traceText(void);
void        traceClear(void);
/* Waits until the word occurs count times in it; asserts that this takes no more than 30 s. */
void traceWait(const char *word, unsigned count);
/* Only entries that contain one of these words are kept; NULL ends the list; none: all. */
void traceOnly(const char *const *words);

/* --- tables --- */
/* A property list in Apple's XML without the header; +1. Asserts that it can be read. */
OSDictionary *table(const char *xml);
/* Adds the personalities of an array in XML to the catalogue; dropped after the test. */
void addPersonalities(const char *xml, bool doMatching);

/* --- services --- */
/* A new service of the class with properties in XML (NULL: none), attached to provider (NULL: the machine); +1. */
IOService *makeService(const char *className, const char *xml, IOService *provider);
/* The same, registered; returns when it is quiet. */
IOService *publish(const char *className, const char *xml, IOService *provider);
/* Terminates it, waits until all is over, and releases it. */
void withdraw(IOService *service);
void quiesce(void);
IOService *machine(void);
/* Its first client of that class, borrowed; NULL when there is none. */
IOService *clientOfClass(IOService *service, const char *className);
/* How many services the dictionary (consumed) finds; their names, joined by spaces, in order. */
const char *namesFound(OSDictionary *matching);
unsigned    countFound(OSDictionary *matching);

#define ENTRY(service) (&(service)->super)

/* --- waiting for something another thread does --- */
typedef struct Signal Signal;
Signal *signalMake(void);
void    signalFree(Signal *signal);
void    signalRaise(Signal *signal);
/* Waits until it has been raised count times altogether; asserts that this takes no more than 30 s. */
void signalWait(Signal *signal, unsigned count);

#endif
