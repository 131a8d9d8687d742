/* SPDX-License-Identifier: MIT */
/*
 * The driver that the tests of the boundary call: a service "BoundaryService" whose user client does what its selectors
 * say. It runs in the host's process; this header is for both sides.
 *
 * The type given to IOServiceOpen chooses how the opening goes (kOpen...).
 */
#ifndef TESTS_CLIENT_BOUNDARYDRIVER_H
#define TESTS_CLIENT_BOUNDARYDRIVER_H

#include <stdbool.h>

enum {
    kOpenPlain = 0,
    kOpenInitFails = 1, /* initWithTask returns false */
    kOpenStartFails = 2,
    kOpenNeedsRight = 3,   /* IOUserClientEntitlements is a string */
    kOpenNeedsNothing = 4, /* ... is false */
    kOpenShared = 5,       /* one instance for all such opens */
    kOpenSingleThread = 6,
    kOpenNotAClient = 7, /* newUserClient succeeds with an object of another class */
    kOpenNoLocking = 8,
};

/* Selectors. */
enum {
    kEcho = 0,  /* scalars and structure come back, as far as there is room */
    kSum = 1,   /* 2 scalars in, their sum out */
    kBlock = 2, /* waits for kUnblock on any connection */
    kUnblock = 3,
    kVariable = 4,       /* scalar: bytes of variable output, each its index */
    kDescribe = 5,       /* variable output: "Class count" lines of the host */
    kNoFunction = 6,     /* a row without function */
    kOverclaim = 7,      /* says it wrote more than there was room for */
    kCounters = 8,       /* out: kCounter... */
    kNubs = 9,           /* scalar in: so many nubs "BoundaryNub" are made and registered; 0 terminates all */
    kMessage = 10,       /* scalar in: type; structure in: argument. messageClients of the service */
    kStrict = 11,        /* exactly 1 scalar in, 8 bytes in, 2 scalars out, 16 bytes out; 0, 1 */
    kMessageScalar = 12, /* scalars in: type, argument */
    kVersion = 13,       /* out: arguments->version */
    kFill = 14,          /* out structure filled with scalar */
    kRoom = 15,          /* out: how much is zero of the scalars' and the structure's room, before it is written */
    kSelectors = 16,
};

/* Of kCounters, since the host began. */
enum { kCounterOpens, kCounterCloses, kCounterDieds, kCounterFrees, kCounterInside, kCounterMostInside, kCounters_ };

enum { kPortType = 7, kPortReference = 0x1234 };

#define kBoundaryService "BoundaryService"
#define kTableService    "BoundaryTableService"

/* Registers the driver's classes and makes its services; in the host's process. */
bool boundaryDriver_start(void);
/* Takes back what clients' calls made of it: nubs, properties. */
void boundaryDriver_reset(void);
void boundaryDriver_stop(void);

/* "Class count" lines of the process. */
void describeClassCounts(char *text, unsigned size);

#endif
