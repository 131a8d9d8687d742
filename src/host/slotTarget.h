/* SPDX-License-Identifier: MIT */
/*
 * The user client that a thread of the host calls again and again: found by its name without the client's table of
 * handles, entered without a lock that threads share (src/userclient/caller.c). Belongs to one thread.
 */
#ifndef HOST_SLOTTARGET_H
#define HOST_SLOTTARGET_H

#include <IOKit/IOUserClient.h>

#include "handleTable.h"
#include "userclient/IOUserClientPrivate.h"

/* Zero-filled at first. */
typedef struct SlotTarget {
    mach_port_t name; /* of the last external method's target */
    IOUserClientCaller caller;
} SlotTarget;

/* The user client of that name, entered for an external method and borrowed until leave; NULL: it is to be looked up. */
IOUserClient *SlotTarget_enter(SlotTarget *self, mach_port_t name);
void SlotTarget_leave(SlotTarget *self);

/* After a call for which enter had none, with the caller's reference held: the second one in a row is remembered. */
void SlotTarget_remember(SlotTarget *self, HandleTable *handles, mach_port_t name, IOUserClient *userClient);

/* Forgets everything; before the memory goes. */
void SlotTarget_forget(SlotTarget *self);

#endif
