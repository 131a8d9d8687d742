/* SPDX-License-Identifier: MIT */
/*
 * IONotifier: a registered handler (IOKit/IONotifier.h): what IOService_addMatchingNotification and
 * IOService_registerInterest return.
 */
#ifndef _IOKIT_IONOTIFIER_H
#define _IOKIT_IONOTIFIER_H

#include <libkern/OSObject.h>

OSDeclareBaseClass(IONotifier);

struct IONotifierMethods {
    OSObject_METHODS
};

/* Not for clients of the class: N is the notification lock of src/service/serviceNotifier.c. */
struct IONotifier {
    OSObject              super;
    struct NotifierList  *list;      /* N; weak: the list it is linked in, which holds a reference, or NULL */
    IONotifier           *next;      /* N; weak */
    IONotifier           *previous;  /* N; weak */
    uint64_t              serial;    /* N; the order of installation, constant once linked */
    int32_t               priority;  /* constant once linked */
    bool                  isEnabled; /* N */
    struct NotifierRun   *runs;      /* N; on the stacks of the threads that run the handler */
};

/*
 * Ends the notification and gives back the reference that its creation returned. Once this returns, the handler runs no
 * more: runs of it on other threads have ended; one on this thread (removal from inside the handler) goes on.
 *   Context   any thread; waits for handlers, so the caller holds nothing that a handler needs
 */
void IONotifier_remove(IONotifier *self);

/* Suspends delivery, with the same wait as remove. Returns whether it was enabled, to be handed to enable. */
bool IONotifier_disable(IONotifier *self);
void IONotifier_enable(IONotifier *self, bool was);

#endif
