/* SPDX-License-Identifier: MIT */
/*
 * IOInterruptController: where interrupts come from: a set of vectors, each an eventfd that a device model, a VFIO
 * device or a simulation writes to (IOKit/IOInterruptController.h).
 *
 * A platform makes one (or a subclass), initVectors, and registers it by a name that nubs have in their
 * IOInterruptControllers. The kit's primary-interrupt thread waits for all vectors and calls their handlers.
 */
#ifndef _IOKIT_IOINTERRUPTCONTROLLER_H
#define _IOKIT_IOINTERRUPTCONTROLLER_H

#include <IOKit/IOInterrupts.h>

OSDeclareBaseClass(IOInterruptController);

typedef struct IOInterruptVector IOInterruptVector; /* src/workloop/IOInterruptController.c */

#define IOInterruptController_METHODS                                                                                  \
    IOService_METHODS /* kIOInterruptTypeEdge (default) or kIOInterruptTypeLevel. */                                   \
        int (*getVectorType)(IOInterruptController * self, unsigned vector);                                           \
    /* The vector was enabled, or disabled, by its driver or its handler. The place where a controller of level lines  \
     * unmasks, and writes to the eventfd again when the line is still high. Any thread, the primary-interrupt thread  \
     * too; must not wait. Default: nothing. */                                                                        \
    void (*vectorEnabled)(IOInterruptController * self, unsigned vector);                                              \
    void (*vectorDisabled)(IOInterruptController * self, unsigned vector);

struct IOInterruptControllerMethods {
    IOInterruptController_METHODS
};

struct IOInterruptController {
    IOService super;
    IOInterruptVector *vectors; /* owned */
    unsigned vectorCount;
};

enum { kIOInterruptVectorsMax = 4096 }; /* of one controller */

/* Makes count vectors, once, after init. False without memory or descriptors, or for 0 and more than the maximum. */
bool IOInterruptController_initVectors(IOInterruptController *self, unsigned count);

/* The eventfd of a vector, borrowed; -1 for none. Writing to it is the interrupt. */
int IOInterruptController_getVectorDescriptor(const IOInterruptController *self, unsigned vector);
/*
 * Uses an eventfd that came from elsewhere instead; it is owned from now on, and made non-blocking.
 *   Returns   kIOReturnBadArgument for a vector that there is not, kIOReturnBusy while it has a handler: fd is the
 *             caller's then
 */
IOReturn IOInterruptController_setVectorDescriptor(IOInterruptController *self, unsigned vector, int fd);

/*
 * The name under which nubs refer to the controller (in Apple's: of the platform expert, which waits for a name;
 * this does not). The table has a reference until deregister.
 *   Returns   kIOReturnSuccess; kIOReturnExclusiveAccess for a name that is taken; kIOReturnNoMemory
 */
IOReturn IOPlatformExpert_registerInterruptController(const OSSymbol *name, IOInterruptController *controller);
void IOPlatformExpert_deregisterInterruptController(const OSSymbol *name);
/* +1, or NULL. */
IOInterruptController *IOPlatformExpert_copyInterruptController(const OSSymbol *name);

#endif
