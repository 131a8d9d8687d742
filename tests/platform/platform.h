/* SPDX-License-Identifier: MIT */
/*
 * What the tests of platforms share: a kit in this process with the bundles of the build, finding services, looking at
 * their properties, waiting for them to come and go. Everything fails the test when it cannot be done; a wait has a limit
 * only so that a hang becomes a failure.
 */
#ifndef TESTS_PLATFORM_PLATFORM_H
#define TESTS_PLATFORM_PLATFORM_H

#include <IOKit/IOService.h>

enum { kPlatformWaitNanoseconds = 20 * 1000 * 1000 * 1000ll };

/* Starts the kit with that platform and waits until it is quiet. The suite's hooks have initialised libkern. */
void platform_start(const char *name);
/* Terminates what the platforms published, and forgets bundles and personalities. */
void platform_end(void);
/* Only the first half of it: the drivers are gone, their bundles stay. platform_restart makes them match again. */
void platform_terminate(void);
void platform_restart(void);
/* The bundle is loaded and can be unloaded: no object of its classes is left. */
void platform_unloads(const char *identifier);

/* Until the result is closed, no other test that asks here changes the real machine's devices, or, when exclusive, looks at
 * them. */
int platform_lockMachine(bool exclusive);

/* The one service that a matching dictionary (old-style text, "{ 'BSD Name' = loop0; }") finds, borrowed until the next
 * platform_terminate of it; NULL when there is none. */
IOService *platform_find(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The same, but there must be one. */
IOService *platform_get(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The same, waiting for it. */
IOService *platform_await(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* How many it finds. */
unsigned platform_count(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Waits until the service is inactive: it was terminated. Takes services from before the event, too. */
void platform_awaitTermination(IOService *service);

/* The provider; of that class. */
IOService *platform_provider(IOService *service, const char *className);
/* The nearest client, or client's client, of that class; NULL when there is none. */
IOService *platform_below(IOService *service, const char *className);

/* The property, which must be of that type. */
uint64_t    platform_number(IOService *service, const char *key);
bool        platform_boolean(IOService *service, const char *key);
const char *platform_string(IOService *service, const char *key); /* valid until the next call */
void        platform_hasData(IOService *service, const char *key, const void *bytes, unsigned length);
bool        platform_has(IOService *service, const char *key);
/* The text in a dictionary property. */
const char *platform_stringIn(IOService *service, const char *dictionary, const char *key);
void        platform_isA(IOService *service, const char *className);
/* The path in a plane is this. */
void platform_hasPath(IOService *service, const char *plane, const char *path);
void platform_isNamed(IOService *service, const char *name, const char *location);

extern const struct TestHooks platformTestHooks;

#endif
