/* SPDX-License-Identifier: MIT */
/*
 * IOInterrupts: a service's interrupts (IOKit/IOInterrupts.h and IOService.h; SEMANTICS 4.12).
 *
 * A nub has two arrays as properties: IOInterruptControllers, names of controllers, and IOInterruptSpecifiers, for each
 * of them OSData with the number of a vector (32 bits). A source is an index into these. Most drivers use
 * IOInterruptEventSource instead of the functions here.
 */
#ifndef _IOKIT_IOINTERRUPTS_H
#define _IOKIT_IOINTERRUPTS_H

#include <IOKit/IOService.h>

#define kIOInterruptTypeEdge  0
#define kIOInterruptTypeLevel 1

#define kIOInterruptControllersKey "IOInterruptControllers"
#define kIOInterruptSpecifiersKey  "IOInterruptSpecifiers"

/* Runs on the primary-interrupt thread, one for the host: must be short and must not wait. */
typedef void (*IOInterruptAction)(OSObject *target, void *refCon, IOService *nub, int source);

/*
 * Each returns kIOReturnNoResources without the properties, for a controller that nobody registered or without a
 * specifier; kIOReturnNoInterrupt for a source that there is not; unregister, enable, disable and cause also for one
 * that was neither registered nor asked for its type before.
 *
 * register: the interrupt starts disabled. target is borrowed. kIOReturnNoResources, too, when the vector has a
 * handler. unregister, disable: waits for a handler that is running, unless called by it; none runs after. disable
 * holds interrupts back; one that came meanwhile is delivered after enable. cause: as if the device did it.
 */
IOReturn IOService_getInterruptType(IOService *self, int source, int *ret_type);
IOReturn IOService_registerInterrupt(IOService *self, int source, OSObject *target, IOInterruptAction handler,
                                     void *refCon);
IOReturn IOService_unregisterInterrupt(IOService *self, int source);
IOReturn IOService_enableInterrupt(IOService *self, int source);
IOReturn IOService_disableInterrupt(IOService *self, int source);
IOReturn IOService_causeInterrupt(IOService *self, int source);

#endif
