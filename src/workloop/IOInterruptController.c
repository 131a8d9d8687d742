/* SPDX-License-Identifier: MIT */
/*
 * IOInterruptController: a controller's vectors, and the names under which nubs find controllers. What a vector does is
 * primaryInterrupt.c's.
 *
 * Locks: controllersLock guards the table of names; it is held for a lookup.
 */
#include "interruptController.h"

static pthread_mutex_t controllersLock = PTHREAD_MUTEX_INITIALIZER;
static OSDictionary *controllers; /* controllersLock; owned while there is one in it */

/* --- the class --------------------------------------------------------------------------------------------------- */

static int IOInterruptController_getVectorType_(IOInterruptController *self, unsigned vector)
{
    return kIOInterruptTypeEdge;
}

static void IOInterruptController_vectorEnabled_(IOInterruptController *self, unsigned vector)
{
}

static void IOInterruptController_vectorDisabled_(IOInterruptController *self, unsigned vector)
{
}

static void removeVectors(IOInterruptController *self, unsigned made, unsigned count)
{
    while (made > 0)
        primaryInterrupt_removeVector(&self->vectors[--made]);
    IOFree(self->vectors, count * sizeof *self->vectors);
    self->vectors = NULL;
    self->vectorCount = 0;
}

static void IOInterruptController_free_(OSObject *object)
{
    IOInterruptController *self = OSRequiredCast(IOInterruptController, object);
    if (self->vectors)
        removeVectors(self, self->vectorCount, self->vectorCount);
    IOService_super()->free(object);
}

OSDefineBaseClass(IOInterruptController, IOService, .free = IOInterruptController_free_,
                  .getVectorType = IOInterruptController_getVectorType_,
                  .vectorEnabled = IOInterruptController_vectorEnabled_,
                  .vectorDisabled = IOInterruptController_vectorDisabled_);

bool IOInterruptController_initVectors(IOInterruptController *self, unsigned count)
{
    if (self->vectors || count == 0 || count > kIOInterruptVectorsMax)
        return false;
    self->vectors = IOMallocZero(count * sizeof *self->vectors);
    if (!self->vectors)
        return false;
    unsigned made = 0;
    while (made < count && primaryInterrupt_addVector(&self->vectors[made]))
        made++;
    if (made < count) {
        removeVectors(self, made, count);
        return false;
    }
    self->vectorCount = count;
    return true;
}

int IOInterruptController_getVectorDescriptor(const IOInterruptController *self, unsigned vector)
{
    return vector < self->vectorCount ? self->vectors[vector].fd : -1;
}

IOReturn IOInterruptController_setVectorDescriptor(IOInterruptController *self, unsigned vector, int fd)
{
    if (vector >= self->vectorCount)
        return kIOReturnBadArgument;
    return primaryInterrupt_setDescriptor(&self->vectors[vector], fd);
}

/* --- for services' interrupts ------------------------------------------------------------------------------------ */

#define METHODS(self) OSMethodsOf(IOInterruptController, self)

bool interruptController_hasVector(const IOInterruptController *self, unsigned vector)
{
    return vector < self->vectorCount;
}

int interruptController_getType(IOInterruptController *self, unsigned vector)
{
    return METHODS(self)->getVectorType(self, vector);
}

IOReturn interruptController_register(IOInterruptController *self, unsigned vector, IOService *nub, int source,
                                      OSObject *target, IOInterruptAction handler, void *refCon)
{
    return primaryInterrupt_register(&self->vectors[vector], nub, source, target, handler, refCon);
}

void interruptController_unregister(IOInterruptController *self, unsigned vector)
{
    interruptController_disable(self, vector);
    primaryInterrupt_unregister(&self->vectors[vector]);
}

IOReturn interruptController_enable(IOInterruptController *self, unsigned vector)
{
    bool isChanged;
    IOReturn result = primaryInterrupt_enable(&self->vectors[vector], &isChanged);
    if (isChanged)
        METHODS(self)->vectorEnabled(self, vector);
    return result;
}

void interruptController_disable(IOInterruptController *self, unsigned vector)
{
    bool isChanged;
    primaryInterrupt_disable(&self->vectors[vector], &isChanged);
    if (isChanged)
        METHODS(self)->vectorDisabled(self, vector);
}

void interruptController_cause(IOInterruptController *self, unsigned vector)
{
    primaryInterrupt_cause(&self->vectors[vector]);
}

/* --- names ------------------------------------------------------------------------------------------------------- */

IOReturn IOPlatformExpert_registerInterruptController(const OSSymbol *name, IOInterruptController *controller)
{
    IOReturn result = kIOReturnNoMemory;
    pthread_mutex_lock(&controllersLock);
    if (!controllers)
        controllers = OSDictionary_withCapacity(1);
    if (controllers && OSDictionary_getObjectForSymbol(controllers, name))
        result = kIOReturnExclusiveAccess;
    else if (controllers && OSDictionary_setObjectForSymbol(controllers, name, OSObjectOf(controller)))
        result = kIOReturnSuccess;
    pthread_mutex_unlock(&controllersLock);
    return result;
}

void IOPlatformExpert_deregisterInterruptController(const OSSymbol *name)
{
    OSDictionary *emptied = NULL;
    pthread_mutex_lock(&controllersLock);
    OSObject *controller = controllers ? OSRetain(OSDictionary_getObjectForSymbol(controllers, name)) : NULL;
    if (controller)
        OSDictionary_removeObjectForSymbol(controllers, name);
    if (controllers && OSDictionary_getCount(controllers) == 0) {
        emptied = controllers;
        controllers = NULL;
    }
    pthread_mutex_unlock(&controllersLock);
    OSRelease(emptied);
    OSRelease(controller); /* may run free, which takes other locks */
}

IOInterruptController *IOPlatformExpert_copyInterruptController(const OSSymbol *name)
{
    pthread_mutex_lock(&controllersLock);
    OSObject *controller = controllers ? OSRetain(OSDictionary_getObjectForSymbol(controllers, name)) : NULL;
    pthread_mutex_unlock(&controllersLock);
    return OSDynamicCast(IOInterruptController, controller);
}
