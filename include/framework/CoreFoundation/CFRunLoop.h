/* SPDX-License-Identifier: MIT */
/*
 * CFRunLoop: each thread has one; running it waits for what its sources and timers say and calls them back, on that
 * thread. A mode is a named set of sources, timers and observers; what is added for kCFRunLoopCommonModes is in every
 * mode that CFRunLoopAddCommonMode named (kCFRunLoopDefaultMode is one). All functions but Run may be called from any
 * thread. A loop that waits uses no processor time at all.
 */
#ifndef __COREFOUNDATION_CFRUNLOOP__
#define __COREFOUNDATION_CFRUNLOOP__

#include <CoreFoundation/CFArray.h>
#include <CoreFoundation/CFBase.h>
#include <CoreFoundation/CFDate.h>
#include <CoreFoundation/CFString.h>
#include <mach/port.h>

CF_EXTERN_C_BEGIN

typedef struct __CFRunLoop         *CFRunLoopRef;
typedef struct __CFRunLoopSource   *CFRunLoopSourceRef;
typedef struct __CFRunLoopObserver *CFRunLoopObserverRef;
typedef struct __CFRunLoopTimer    *CFRunLoopTimerRef;
typedef CFStringRef                 CFRunLoopMode;

typedef CF_ENUM(SInt32, CFRunLoopRunResult){
    kCFRunLoopRunFinished      = 1, /* the mode has no sources and timers */
    kCFRunLoopRunStopped       = 2,
    kCFRunLoopRunTimedOut      = 3,
    kCFRunLoopRunHandledSource = 4};

typedef CF_OPTIONS(CFOptionFlags, CFRunLoopActivity){
    kCFRunLoopEntry         = (1UL << 0),
    kCFRunLoopBeforeTimers  = (1UL << 1),
    kCFRunLoopBeforeSources = (1UL << 2),
    kCFRunLoopBeforeWaiting = (1UL << 5),
    kCFRunLoopAfterWaiting  = (1UL << 6),
    kCFRunLoopExit          = (1UL << 7),
    kCFRunLoopAllActivities = 0x0FFFFFFFUL};

CF_EXPORT const CFRunLoopMode kCFRunLoopDefaultMode;
CF_EXPORT const CFRunLoopMode kCFRunLoopCommonModes;

CF_EXPORT CFTypeID CFRunLoopGetTypeID(void);
/* The calling thread's loop, and the first thread's; they live as long as their thread. */
CF_EXPORT CFRunLoopRef CFRunLoopGetCurrent(void);
CF_EXPORT CFRunLoopRef CFRunLoopGetMain(void);
/* The mode in which it runs; NULL when it does not. +1. */
CF_EXPORT CFRunLoopMode CFRunLoopCopyCurrentMode(CFRunLoopRef rl);
CF_EXPORT CFArrayRef    CFRunLoopCopyAllModes(CFRunLoopRef rl);
CF_EXPORT void          CFRunLoopAddCommonMode(CFRunLoopRef rl, CFRunLoopMode mode);
/* When the next timer of the mode fires; 0 when it has none. */
CF_EXPORT CFAbsoluteTime CFRunLoopGetNextTimerFireDate(CFRunLoopRef rl, CFRunLoopMode mode);

/* Runs in the default mode until it is stopped or has nothing left. */
CF_EXPORT void CFRunLoopRun(void);
/*
 * Runs the calling thread's loop in a mode.
 *   seconds                    how long at most; 0 or less: one pass that does not wait
 *   returnAfterSourceHandled   ends after one source was called back
 */
CF_EXPORT CFRunLoopRunResult CFRunLoopRunInMode(CFRunLoopMode mode, CFTimeInterval seconds,
                                                Boolean returnAfterSourceHandled);
/* Whether it waits for something to happen. */
CF_EXPORT Boolean CFRunLoopIsWaiting(CFRunLoopRef rl);
/* Makes a waiting loop look at its sources again. */
CF_EXPORT void CFRunLoopWakeUp(CFRunLoopRef rl);
/* Ends the innermost run of the loop; does nothing when it is not running. */
CF_EXPORT void CFRunLoopStop(CFRunLoopRef rl);
#if defined(__BLOCKS__)
/* Queues a block for the mode (a string, or an array of them); it runs when the loop next does. Does not wake it. */
CF_EXPORT void CFRunLoopPerformBlock(CFRunLoopRef rl, CFTypeRef mode, void (^block)(void));
#endif

/* Adding twice is adding once. The loop retains what it holds. */
CF_EXPORT Boolean CFRunLoopContainsSource(CFRunLoopRef rl, CFRunLoopSourceRef source, CFRunLoopMode mode);
CF_EXPORT void    CFRunLoopAddSource(CFRunLoopRef rl, CFRunLoopSourceRef source, CFRunLoopMode mode);
CF_EXPORT void    CFRunLoopRemoveSource(CFRunLoopRef rl, CFRunLoopSourceRef source, CFRunLoopMode mode);
CF_EXPORT Boolean CFRunLoopContainsObserver(CFRunLoopRef rl, CFRunLoopObserverRef observer, CFRunLoopMode mode);
CF_EXPORT void    CFRunLoopAddObserver(CFRunLoopRef rl, CFRunLoopObserverRef observer, CFRunLoopMode mode);
CF_EXPORT void    CFRunLoopRemoveObserver(CFRunLoopRef rl, CFRunLoopObserverRef observer, CFRunLoopMode mode);
CF_EXPORT Boolean CFRunLoopContainsTimer(CFRunLoopRef rl, CFRunLoopTimerRef timer, CFRunLoopMode mode);
CF_EXPORT void    CFRunLoopAddTimer(CFRunLoopRef rl, CFRunLoopTimerRef timer, CFRunLoopMode mode);
CF_EXPORT void    CFRunLoopRemoveTimer(CFRunLoopRef rl, CFRunLoopTimerRef timer, CFRunLoopMode mode);

/* Version 0: signalled by hand, performed once for any number of signals. */
typedef struct {
    CFIndex version;
    void   *info;
    const void *(*retain)(const void *info);
    void (*release)(const void *info);
    CFStringRef (*copyDescription)(const void *info);
    Boolean (*equal)(const void *info1, const void *info2);
    CFHashCode (*hash)(const void *info);
    void (*schedule)(void *info, CFRunLoopRef rl, CFRunLoopMode mode);
    void (*cancel)(void *info, CFRunLoopRef rl, CFRunLoopMode mode);
    void (*perform)(void *info);
} CFRunLoopSourceContext;

/* Version 1: a port. perform gets the received message (valid during the call) and its size in bytes; a message it
 * returns is sent back and freed with CFAllocatorDeallocate(kCFAllocatorSystemDefault). */
typedef struct {
    CFIndex version;
    void   *info;
    const void *(*retain)(const void *info);
    void (*release)(const void *info);
    CFStringRef (*copyDescription)(const void *info);
    Boolean (*equal)(const void *info1, const void *info2);
    CFHashCode (*hash)(const void *info);
    mach_port_t (*getPort)(void *info);
    void *(*perform)(void *msg, CFIndex size, CFAllocatorRef allocator, void *info);
} CFRunLoopSourceContext1;

CF_EXPORT CFTypeID CFRunLoopSourceGetTypeID(void);
/* order: lower ones are performed first. The context is copied. +1. */
CF_EXPORT CFRunLoopSourceRef CFRunLoopSourceCreate(CFAllocatorRef allocator, CFIndex order,
                                                   CFRunLoopSourceContext *context);
CF_EXPORT CFIndex CFRunLoopSourceGetOrder(CFRunLoopSourceRef source);
/* Takes it out of all loops, for ever; once it returned on the loop's thread the source is not performed any more. */
CF_EXPORT void    CFRunLoopSourceInvalidate(CFRunLoopSourceRef source);
CF_EXPORT Boolean CFRunLoopSourceIsValid(CFRunLoopSourceRef source);
/* context->version says which of the two structs it is. */
CF_EXPORT void CFRunLoopSourceGetContext(CFRunLoopSourceRef source, CFRunLoopSourceContext *context);
/* Does not wake the loop. */
CF_EXPORT void CFRunLoopSourceSignal(CFRunLoopSourceRef source);

typedef struct {
    CFIndex version;
    void   *info;
    const void *(*retain)(const void *info);
    void (*release)(const void *info);
    CFStringRef (*copyDescription)(const void *info);
} CFRunLoopObserverContext;

typedef void (*CFRunLoopObserverCallBack)(CFRunLoopObserverRef observer, CFRunLoopActivity activity, void *info);

CF_EXPORT CFTypeID             CFRunLoopObserverGetTypeID(void);
CF_EXPORT CFRunLoopObserverRef CFRunLoopObserverCreate(CFAllocatorRef allocator, CFOptionFlags activities,
                                                       Boolean repeats, CFIndex order,
                                                       CFRunLoopObserverCallBack callout,
                                                       CFRunLoopObserverContext *context);
CF_EXPORT CFOptionFlags CFRunLoopObserverGetActivities(CFRunLoopObserverRef observer);
CF_EXPORT Boolean       CFRunLoopObserverDoesRepeat(CFRunLoopObserverRef observer);
CF_EXPORT CFIndex       CFRunLoopObserverGetOrder(CFRunLoopObserverRef observer);
CF_EXPORT void          CFRunLoopObserverInvalidate(CFRunLoopObserverRef observer);
CF_EXPORT Boolean       CFRunLoopObserverIsValid(CFRunLoopObserverRef observer);
CF_EXPORT void          CFRunLoopObserverGetContext(CFRunLoopObserverRef observer, CFRunLoopObserverContext *context);

typedef struct {
    CFIndex version;
    void   *info;
    const void *(*retain)(const void *info);
    void (*release)(const void *info);
    CFStringRef (*copyDescription)(const void *info);
} CFRunLoopTimerContext;

typedef void (*CFRunLoopTimerCallBack)(CFRunLoopTimerRef timer, void *info);

CF_EXPORT CFTypeID CFRunLoopTimerGetTypeID(void);
/* interval in seconds; 0: fires once, and is invalid then. Missed times are skipped. flags is 0. +1. */
CF_EXPORT CFRunLoopTimerRef CFRunLoopTimerCreate(CFAllocatorRef allocator, CFAbsoluteTime fireDate,
                                                 CFTimeInterval interval, CFOptionFlags flags, CFIndex order,
                                                 CFRunLoopTimerCallBack callout, CFRunLoopTimerContext *context);
CF_EXPORT CFAbsoluteTime CFRunLoopTimerGetNextFireDate(CFRunLoopTimerRef timer);
CF_EXPORT void           CFRunLoopTimerSetNextFireDate(CFRunLoopTimerRef timer, CFAbsoluteTime fireDate);
CF_EXPORT CFTimeInterval CFRunLoopTimerGetInterval(CFRunLoopTimerRef timer);
CF_EXPORT Boolean        CFRunLoopTimerDoesRepeat(CFRunLoopTimerRef timer);
CF_EXPORT CFIndex        CFRunLoopTimerGetOrder(CFRunLoopTimerRef timer);
CF_EXPORT void           CFRunLoopTimerInvalidate(CFRunLoopTimerRef timer);
CF_EXPORT Boolean        CFRunLoopTimerIsValid(CFRunLoopTimerRef timer);
CF_EXPORT void           CFRunLoopTimerGetContext(CFRunLoopTimerRef timer, CFRunLoopTimerContext *context);

CF_EXTERN_C_END

#endif
