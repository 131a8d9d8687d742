/* SPDX-License-Identifier: MIT */
/*
 * What the run loop's files share. Letters: L: runLoopLock, one mutex for all loops, modes and items; c: constant after
 * creation; t: the loop's own thread; a: atomic. Callbacks of clients run without the lock.
 */
#ifndef SRC_FRAMEWORK_CFRUNLOOPINTERNAL_H
#define SRC_FRAMEWORK_CFRUNLOOPINTERNAL_H

#include <poll.h>
#include <pthread.h>

#include "CFInternal.h"
#include "machPort.h"

#pragma GCC visibility push(hidden)

OSDeclareBaseClass(CFRunLoopItem);

typedef enum CFRunLoopItemKind { kItemSource, kItemObserver, kItemTimer, kItemKinds } CFRunLoopItemKind;

#define CFRunLoopItem_METHODS CFObject_METHODS
struct CFRunLoopItemMethods {
    CFRunLoopItem_METHODS
};

/* What sources, observers and timers have in common. */
struct CFRunLoopItem {
    CFObject super;
    CFRunLoopItemKind kind; /* c */
    CFIndex order;          /* c */
    _Atomic(bool) valid;    /* a; from true to false once, under L */
    void *info;             /* c; retained by the context's function */
    void (*releaseInfo)(const void *info);
};

/* Items in their order; each is retained. */
typedef struct CFRunLoopItems {
    CFRunLoopItem **items;
    CFIndex count;
    CFIndex capacity;
} CFRunLoopItems;

typedef struct CFRunLoopModeObject {
    struct CFRunLoopModeObject *next;
    CFStringRef name;                 /* owned; c */
    bool isCommon;                    /* L */
    CFRunLoopItems items[kItemKinds]; /* L */
} CFRunLoopModeObject;

typedef struct CFRunLoopBlock {
    struct CFRunLoopBlock *next;
    CFTypeRef modes; /* owned: a string, or an array of them */
    void *block;     /* owned: a copied block */
} CFRunLoopBlock;

OSDeclareClass(CFRunLoop);
struct CFRunLoop {
    CFObject super;
    CFRunLoop *nextLoop;               /* L; all loops whose thread lives */
    CFRunLoopModeObject *modes;        /* L */
    CFRunLoopModeObject *current;      /* L; NULL: not running */
    CFRunLoopItems common[kItemKinds]; /* L; what was added for the common modes */
    CFRunLoopBlock *blocks;            /* L; in the order in which they came */
    int wakeUp;                        /* c; an eventfd */
    _Atomic(bool) waiting;             /* a */
    _Atomic(bool) stopped;             /* a; of the innermost run */
    unsigned rotation;                 /* t; which ready source goes first */
};

OSDeclareClass(CFRunLoopSource);
struct CFRunLoopSource {
    CFRunLoopItem super;
    CFIndex version;                                     /* c */
    CFRunLoopSourceContext context0;                     /* c */
    CFRunLoopSourceContext1 context1;                    /* c */
    int (*getDescriptor)(void *info, short *ret_events); /* c; of a source over a descriptor, version 2 */
    void (*descriptorReady)(void *info, short events);   /* c */
    _Atomic(bool) signalled;
};

OSDeclareClass(CFRunLoopObserver);
struct CFRunLoopObserver {
    CFRunLoopItem super;
    CFOptionFlags activities;          /* c */
    bool repeats;                      /* c */
    CFRunLoopObserverCallBack callout; /* c */
    CFRunLoopObserverContext context;  /* c */
};

OSDeclareClass(CFRunLoopTimer);
struct CFRunLoopTimer {
    CFRunLoopItem super;
    CFTimeInterval interval;        /* c; 0: fires once */
    uint64_t fireTime;              /* L; nanoseconds of mach_absolute_time */
    CFRunLoopTimerCallBack callout; /* c */
    CFRunLoopTimerContext context;  /* c */
    bool firing;                    /* L */
};

extern pthread_mutex_t runLoopLock;

/* Takes an item out of all modes of all loops; returns how many of its references the caller must release. */
CFIndex CFRunLoopRemoveEverywhere_locked(CFRunLoopItem *item);
/* Wakes every loop that holds the item. */
void CFRunLoopWakeHolders_locked(const CFRunLoopItem *item);

/* The mode of that name, or NULL; when one of its timers fires next, UINT64_MAX for none. */
CFRunLoopModeObject *CFRunLoopFindMode_locked(CFRunLoop *loop, CFStringRef name);
uint64_t CFRunLoopNextFireTime_locked(const CFRunLoopModeObject *mode);

/* A source that is ready when poll says so for a descriptor. getDescriptor is asked before each wait, without the lock,
 * and returns -1 when there is nothing to wait for; descriptorReady runs on the loop's thread. +1. */
CFRunLoopSourceRef CFRunLoopSourceCreateForDescriptor(CFIndex order, void *info, const void *(*retain)(const void *),
                                                      void (*release)(const void *),
                                                      int (*getDescriptor)(void *info, short *ret_events),
                                                      void (*descriptorReady)(void *info, short events));

/* Nanoseconds of mach_absolute_time for a point in time; those in the past are now. */
uint64_t CFAbsoluteTimeToUptime(CFAbsoluteTime time);

/* Performs a source whose port or descriptor is ready; whether it did something. No lock. */
bool CFRunLoopSourcePerformReady(CFRunLoopSource *source, short events);

#pragma GCC visibility pop

#endif
