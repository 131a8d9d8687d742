/* SPDX-License-Identifier: MIT */
/*
 * Run loops: one per thread, made when it is first asked for, ended by the thread's end; the main thread's stays.
 *
 * One lock, runLoopLock, covers the modes and items of all loops: they change rarely, and items stand in several loops.
 * Schedule and cancel callbacks, perform, timers and observers are called without it. It is a leaf lock.
 * A loop's mode objects live as long as the loop, so that the thread that runs it may keep a pointer to one.
 */
#include "CFRunLoopInternal.h"

#include <string.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <mach/mach_time.h>

#include "protocol/descriptors.h"

pthread_mutex_t runLoopLock = PTHREAD_MUTEX_INITIALIZER;

static CFRunLoop *allLoops;   /* runLoopLock */
static CFRunLoop *mainLoop;   /* runLoopLock; not freed: its thread's end is the program's */
static pthread_key_t loopKey; /* of each thread's loop, retained */

CFDefineConstant(CFRunLoopMode, kCFRunLoopDefaultMode, "kCFRunLoopDefaultMode");
CFDefineConstant(CFRunLoopMode, kCFRunLoopCommonModes, "kCFRunLoopCommonModes");

CFDefineTypeID(CFRunLoop, CFRunLoop, kCFTypeIDRunLoop);

static CFIndex indexIn(const CFRunLoopItems *list, const CFRunLoopItem *item)
{
    for (CFIndex i = 0; i < list->count; i++)
        if (list->items[i] == item)
            return i;
    return kCFNotFound;
}

/* Inserts by order, behind equals. Returns whether it did; it then holds a reference. */
static bool insertItem(CFRunLoopItems *list, CFRunLoopItem *item)
{
    CFIndex place = list->count;
    if (indexIn(list, item) != kCFNotFound)
        return false;
    if (list->count == list->capacity) {
        CFIndex capacity = list->capacity ? list->capacity * 2 : 4;
        CFRunLoopItem **grown = IOReallocate(kIOAllocationContainer, list->items,
                                             (size_t)list->capacity * sizeof *grown, (size_t)capacity * sizeof *grown);
        if (!grown)
            return false;
        list->items = grown;
        list->capacity = capacity;
    }
    while (place > 0 && list->items[place - 1]->order > item->order)
        place--;
    memmove(list->items + place + 1, list->items + place, (size_t)(list->count - place) * sizeof *list->items);
    list->items[place] = OSRetain(item);
    list->count++;
    return true;
}

/* Returns whether it was there; its reference is then the caller's. */
static bool removeItem(CFRunLoopItems *list, const CFRunLoopItem *item)
{
    CFIndex i = indexIn(list, item);
    if (i == kCFNotFound)
        return false;
    list->count--;
    memmove(list->items + i, list->items + i + 1, (size_t)(list->count - i) * sizeof *list->items);
    return true;
}

static void freeItems(CFRunLoopItems *list)
{
    while (list->count > 0)
        OSRelease(list->items[--list->count]);
    IODeallocate(kIOAllocationContainer, list->items, (size_t)list->capacity * sizeof *list->items);
}

static void CFRunLoop_free_(OSObject *object)
{
    CFRunLoop *self = (CFRunLoop *)object;
    for (CFRunLoopModeObject *mode = self->modes; mode;) {
        CFRunLoopModeObject *next = mode->next;
        for (int kind = 0; kind < kItemKinds; kind++)
            freeItems(&mode->items[kind]);
        CFRelease(mode->name);
        IOFree(mode, sizeof *mode);
        mode = next;
    }
    for (int kind = 0; kind < kItemKinds; kind++)
        freeItems(&self->common[kind]);
    if (self->wakeUp >= 0)
        close(self->wakeUp);
    OSObject_super()->free(object);
}

OSDefineClassRecord(CFRunLoop, CFObject, CFObjectMethods, false, .free = CFRunLoop_free_,
                    .getTypeID = CFRunLoop_getTypeID_);

CFRunLoopModeObject *CFRunLoopFindMode_locked(CFRunLoop *loop, CFStringRef name)
{
    CFRunLoopModeObject *mode = loop->modes;
    while (mode && !CFEqual(mode->name, name))
        mode = mode->next;
    return mode;
}

/* NULL without memory. */
static CFRunLoopModeObject *makeMode_locked(CFRunLoop *loop, CFStringRef name)
{
    CFRunLoopModeObject *mode = CFRunLoopFindMode_locked(loop, name);
    if (mode)
        return mode;
    mode = IOMallocZero(sizeof *mode);
    if (!mode)
        return NULL;
    mode->name = CFStringCreateCopy(NULL, name);
    if (!mode->name) {
        IOFree(mode, sizeof *mode);
        return NULL;
    }
    mode->next = loop->modes;
    loop->modes = mode;
    return mode;
}

/* The end of a thread: its loop leaves the list, and goes with all it holds unless somebody retains it. */
static void endLoop(void *pointer)
{
    CFRunLoop *loop = pointer;
    pthread_mutex_lock(&runLoopLock);
    for (CFRunLoop **link = &allLoops; *link; link = &(*link)->nextLoop)
        if (*link == loop) {
            *link = loop->nextLoop;
            break;
        }
    pthread_mutex_unlock(&runLoopLock);
    OSRelease(loop);
}

static void makeKey(void)
{
    if (pthread_key_create(&loopKey, endLoop) != 0)
        panic("no thread key for run loops");
}

static CFRunLoop *makeLoop(void)
{
    CFRunLoop *loop = CFAlloc(CFRunLoop);
    if (!loop)
        return NULL;
    loop->wakeUp = moveAboveStandard(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    pthread_mutex_lock(&runLoopLock);
    CFRunLoopModeObject *mode = makeMode_locked(loop, kCFRunLoopDefaultMode);
    if (mode && loop->wakeUp >= 0) {
        mode->isCommon = true;
        loop->nextLoop = allLoops;
        allLoops = loop;
    }
    pthread_mutex_unlock(&runLoopLock);
    if (!mode || loop->wakeUp < 0)
        OSSafeReleaseNULL(loop);
    return loop;
}

static void ensureKey(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, makeKey);
}

CFRunLoopRef CFRunLoopGetMain(void)
{
    ensureKey();
    pthread_mutex_lock(&runLoopLock);
    CFRunLoop *loop = mainLoop;
    pthread_mutex_unlock(&runLoopLock);
    if (loop)
        return (CFRunLoopRef)loop;
    CFRunLoop *made = makeLoop();
    if (!made)
        panic("no memory or descriptors for the main run loop");
    pthread_mutex_lock(&runLoopLock);
    loop = mainLoop ? mainLoop : (mainLoop = made);
    pthread_mutex_unlock(&runLoopLock);
    if (loop != made)
        endLoop(made);
    return (CFRunLoopRef)loop;
}

CFRunLoopRef CFRunLoopGetCurrent(void)
{
    ensureKey();
    if (syscall(SYS_gettid) == getpid())
        return CFRunLoopGetMain();
    CFRunLoop *loop = pthread_getspecific(loopKey);
    if (!loop) {
        loop = makeLoop();
        if (!loop || pthread_setspecific(loopKey, loop) != 0)
            panic("no memory or descriptors for a run loop");
    }
    return (CFRunLoopRef)loop;
}

void CFRunLoopWakeUp(CFRunLoopRef rl)
{
    (void)eventfd_write(((CFRunLoop *)rl)->wakeUp, 1); /* full: it is awake as it is */
}

void CFRunLoopStop(CFRunLoopRef rl)
{
    atomic_store_explicit(&((CFRunLoop *)rl)->stopped, true, memory_order_release);
    CFRunLoopWakeUp(rl);
}

Boolean CFRunLoopIsWaiting(CFRunLoopRef rl)
{
    return atomic_load_explicit(&((CFRunLoop *)rl)->waiting, memory_order_acquire);
}

CFRunLoopMode CFRunLoopCopyCurrentMode(CFRunLoopRef rl)
{
    pthread_mutex_lock(&runLoopLock);
    CFRunLoopModeObject *mode = ((CFRunLoop *)rl)->current;
    CFRunLoopMode name = mode ? CFRetain(mode->name) : NULL;
    pthread_mutex_unlock(&runLoopLock);
    return name;
}

CFArrayRef CFRunLoopCopyAllModes(CFRunLoopRef rl)
{
    CFMutableArrayRef names = CFArrayCreateMutable(NULL, 0, &kCFTypeArrayCallBacks);
    pthread_mutex_lock(&runLoopLock);
    for (CFRunLoopModeObject *mode = ((CFRunLoop *)rl)->modes; mode && names; mode = mode->next)
        CFArrayAppendValue(names, mode->name);
    pthread_mutex_unlock(&runLoopLock);
    return names;
}

void CFRunLoopAddCommonMode(CFRunLoopRef rl, CFRunLoopMode name)
{
    CFRunLoop *loop = (CFRunLoop *)rl;
    pthread_mutex_lock(&runLoopLock);
    CFRunLoopModeObject *mode = makeMode_locked(loop, name);
    if (mode && !mode->isCommon) {
        mode->isCommon = true;
        for (int kind = 0; kind < kItemKinds; kind++)
            for (CFIndex i = 0; i < loop->common[kind].count; i++)
                insertItem(&mode->items[kind], loop->common[kind].items[i]);
    }
    pthread_mutex_unlock(&runLoopLock);
}

static bool holds_locked(const CFRunLoop *loop, const CFRunLoopItem *item)
{
    for (const CFRunLoopModeObject *mode = loop->modes; mode; mode = mode->next)
        if (indexIn(&mode->items[item->kind], item) != kCFNotFound)
            return true;
    return false;
}

void CFRunLoopWakeHolders_locked(const CFRunLoopItem *item)
{
    for (CFRunLoop *loop = allLoops; loop; loop = loop->nextLoop)
        if (holds_locked(loop, item))
            CFRunLoopWakeUp((CFRunLoopRef)loop);
}

CFIndex CFRunLoopRemoveEverywhere_locked(CFRunLoopItem *item)
{
    CFIndex held = 0;
    for (CFRunLoop *loop = allLoops; loop; loop = loop->nextLoop) {
        CFIndex before = held;
        for (CFRunLoopModeObject *mode = loop->modes; mode; mode = mode->next)
            held += removeItem(&mode->items[item->kind], item);
        held += removeItem(&loop->common[item->kind], item);
        if (held != before && CFRunLoopIsWaiting((CFRunLoopRef)loop))
            CFRunLoopWakeUp((CFRunLoopRef)loop);
    }
    return held;
}

/* Tells a version 0 source that it stands in a mode now, or no longer does. No lock. */
static void tellSource(CFRunLoop *loop, CFRunLoopItem *item, CFRunLoopMode mode, bool added)
{
    CFRunLoopSource *source = item->kind == kItemSource ? (CFRunLoopSource *)item : NULL;
    if (!source || source->version != 0)
        return;
    if (added && source->context0.schedule)
        source->context0.schedule(item->info, (CFRunLoopRef)loop, mode);
    if (!added && source->context0.cancel)
        source->context0.cancel(item->info, (CFRunLoopRef)loop, mode);
}

static void addItem(CFRunLoopRef rl, CFRunLoopItem *item, CFRunLoopMode name)
{
    CFRunLoop *loop = (CFRunLoop *)rl;
    bool common = CFEqual(name, kCFRunLoopCommonModes);
    bool added = false;
    pthread_mutex_lock(&runLoopLock);
    if (atomic_load_explicit(&item->valid, memory_order_relaxed)) {
        if (!common) {
            CFRunLoopModeObject *mode = makeMode_locked(loop, name);
            added = mode && insertItem(&mode->items[item->kind], item);
        } else if (insertItem(&loop->common[item->kind], item)) {
            for (CFRunLoopModeObject *mode = loop->modes; mode; mode = mode->next)
                if (mode->isCommon)
                    added |= insertItem(&mode->items[item->kind], item);
        }
    }
    pthread_mutex_unlock(&runLoopLock);
    if (added)
        tellSource(loop, item, name, true);
    if (added && CFRunLoopIsWaiting(rl))
        CFRunLoopWakeUp(rl);
}

static void dropItem(CFRunLoopRef rl, CFRunLoopItem *item, CFRunLoopMode name)
{
    CFRunLoop *loop = (CFRunLoop *)rl;
    bool common = CFEqual(name, kCFRunLoopCommonModes);
    CFIndex held = 0;
    pthread_mutex_lock(&runLoopLock);
    if (common)
        held += removeItem(&loop->common[item->kind], item);
    for (CFRunLoopModeObject *mode = loop->modes; mode; mode = mode->next)
        if (common ? mode->isCommon : CFEqual(mode->name, name))
            held += removeItem(&mode->items[item->kind], item);
    pthread_mutex_unlock(&runLoopLock);
    if (held)
        tellSource(loop, item, name, false);
    if (held && CFRunLoopIsWaiting(rl))
        CFRunLoopWakeUp(rl);
    while (held-- > 0)
        OSRelease(item);
}

static Boolean hasItem(CFRunLoopRef rl, const CFRunLoopItem *item, CFRunLoopMode name)
{
    CFRunLoop *loop = (CFRunLoop *)rl;
    pthread_mutex_lock(&runLoopLock);
    CFRunLoopModeObject *mode = CFRunLoopFindMode_locked(loop, name);
    bool has = CFEqual(name, kCFRunLoopCommonModes) ? indexIn(&loop->common[item->kind], item) != kCFNotFound
                                                    : mode && indexIn(&mode->items[item->kind], item) != kCFNotFound;
    pthread_mutex_unlock(&runLoopLock);
    return has;
}

static CFRunLoopItem *itemOf(CFTypeRef cf)
{
    return OSRequiredCast(CFRunLoopItem, CFObjectFrom(cf));
}

Boolean CFRunLoopContainsSource(CFRunLoopRef rl, CFRunLoopSourceRef source, CFRunLoopMode mode)
{
    return hasItem(rl, itemOf(source), mode);
}

void CFRunLoopAddSource(CFRunLoopRef rl, CFRunLoopSourceRef source, CFRunLoopMode mode)
{
    addItem(rl, itemOf(source), mode);
}

void CFRunLoopRemoveSource(CFRunLoopRef rl, CFRunLoopSourceRef source, CFRunLoopMode mode)
{
    dropItem(rl, itemOf(source), mode);
}

Boolean CFRunLoopContainsObserver(CFRunLoopRef rl, CFRunLoopObserverRef observer, CFRunLoopMode mode)
{
    return hasItem(rl, itemOf(observer), mode);
}

void CFRunLoopAddObserver(CFRunLoopRef rl, CFRunLoopObserverRef observer, CFRunLoopMode mode)
{
    addItem(rl, itemOf(observer), mode);
}

void CFRunLoopRemoveObserver(CFRunLoopRef rl, CFRunLoopObserverRef observer, CFRunLoopMode mode)
{
    dropItem(rl, itemOf(observer), mode);
}

Boolean CFRunLoopContainsTimer(CFRunLoopRef rl, CFRunLoopTimerRef timer, CFRunLoopMode mode)
{
    return hasItem(rl, itemOf(timer), mode);
}

void CFRunLoopAddTimer(CFRunLoopRef rl, CFRunLoopTimerRef timer, CFRunLoopMode mode)
{
    addItem(rl, itemOf(timer), mode);
}

void CFRunLoopRemoveTimer(CFRunLoopRef rl, CFRunLoopTimerRef timer, CFRunLoopMode mode)
{
    dropItem(rl, itemOf(timer), mode);
}

/* The earliest fire time of a mode's timers; UINT64_MAX without any. */
uint64_t CFRunLoopNextFireTime_locked(const CFRunLoopModeObject *mode)
{
    uint64_t next = UINT64_MAX;
    for (CFIndex i = 0; i < mode->items[kItemTimer].count; i++) {
        const CFRunLoopTimer *timer = (const CFRunLoopTimer *)mode->items[kItemTimer].items[i];
        if (!timer->firing && timer->fireTime < next)
            next = timer->fireTime;
    }
    return next;
}

CFAbsoluteTime CFRunLoopGetNextTimerFireDate(CFRunLoopRef rl, CFRunLoopMode name)
{
    pthread_mutex_lock(&runLoopLock);
    CFRunLoopModeObject *mode = CFRunLoopFindMode_locked((CFRunLoop *)rl, name);
    uint64_t next = mode ? CFRunLoopNextFireTime_locked(mode) : UINT64_MAX;
    pthread_mutex_unlock(&runLoopLock);
    if (next == UINT64_MAX)
        return 0;
    return CFAbsoluteTimeGetCurrent() + ((double)next - (double)mach_absolute_time()) / 1e9;
}
