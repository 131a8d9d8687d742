/* SPDX-License-Identifier: MIT */
/*
 * A service's interrupts: from an index to a controller and a vector, by the properties IOInterruptControllers and
 * IOInterruptSpecifiers (SEMANTICS 4.12).
 *
 * The table of a service's sources is made at the first use, with as many as the property says then; each source is
 * resolved when somebody registers for it or asks its type. Both stay until the service is freed, so finding a resolved
 * one takes no lock, and can be done at interrupt time. Who comes second with a table or a controller drops his.
 */
#include "interruptController.h"

#include <string.h>

typedef struct InterruptSource {
    _Atomic(IOInterruptController *) controller; /* owned; set once, after vector */
    _Atomic(unsigned) vector;
} InterruptSource;

struct ServiceInterrupts {
    unsigned count;
    InterruptSource sources[];
};

static size_t sizeFor(unsigned count)
{
    return sizeof(ServiceInterrupts) + count * sizeof(InterruptSource);
}

void serviceInterrupts_free(IOService *self)
{
    ServiceInterrupts *table = atomic_exchange(&coreOf(self)->interrupts, NULL);
    if (!table)
        return;
    for (unsigned i = 0; i < table->count; i++)
        OSRelease(atomic_load(&table->sources[i].controller));
    IOFree(table, sizeFor(table->count));
}

static IOReturn makeTable(IOService *self)
{
    OSObject *property = IORegistryEntry_copyProperty(entryOf(self), kIOInterruptControllersKey);
    OSArray *names = OSDynamicCast(OSArray, property);
    unsigned count = names ? OSArray_getCount(names) : 0;
    OSRelease(property);
    if (!names)
        return kIOReturnNoResources;
    ServiceInterrupts *table = IOMallocZero(sizeFor(count)), *none = NULL;
    if (!table)
        return kIOReturnNoMemory;
    table->count = count;
    if (!atomic_compare_exchange_strong(&coreOf(self)->interrupts, &none, table))
        IOFree(table, sizeFor(count));
    return kIOReturnSuccess;
}

/* The element of an array property, +1, or NULL. */
static OSObject *copyElement(IOService *self, const char *key, unsigned index)
{
    OSObject *property = IORegistryEntry_copyProperty(entryOf(self), key);
    OSArray *array = OSDynamicCast(OSArray, property);
    OSObject *element = array && index < OSArray_getCount(array) ? OSRetain(OSArray_getObject(array, index)) : NULL;
    OSRelease(property);
    return element;
}

/* +1, or NULL. */
static IOInterruptController *copyController(IOService *self, unsigned index)
{
    OSObject *element = copyElement(self, kIOInterruptControllersKey, index);
    OSString *string = OSDynamicCast(OSString, element);
    const OSSymbol *name = string ? OSSymbol_withString(string) : NULL;
    IOInterruptController *controller = name ? IOPlatformExpert_copyInterruptController(name) : NULL;
    OSRelease(name);
    OSRelease(element);
    return controller;
}

static bool getVector(IOService *self, unsigned index, uint32_t *ret_vector)
{
    OSObject *element = copyElement(self, kIOInterruptSpecifiersKey, index);
    OSData *data = OSDynamicCast(OSData, element);
    bool ok = data && OSData_getLength(data) >= sizeof *ret_vector;
    if (ok)
        memcpy(ret_vector, OSData_getBytesNoCopy(data), sizeof *ret_vector);
    OSRelease(element);
    return ok;
}

static IOReturn resolve(IOService *self, unsigned index, InterruptSource *source)
{
    uint32_t vector;
    IOInterruptController *controller = copyController(self, index), *none = NULL;
    if (!controller || !getVector(self, index, &vector) || !interruptController_hasVector(controller, vector)) {
        OSRelease(controller);
        return kIOReturnNoResources;
    }
    atomic_store(&source->vector, vector);
    if (!atomic_compare_exchange_strong(&source->controller, &none, controller))
        OSRelease(controller);
    return kIOReturnSuccess;
}

static IOReturn lookUp(IOService *self, int index, bool mayResolve, IOInterruptController **ret_controller,
                       unsigned *ret_vector)
{
    IOReturn result = kIOReturnSuccess;
    if (!atomic_load(&coreOf(self)->interrupts))
        result = makeTable(self);
    if (result != kIOReturnSuccess)
        return result;
    ServiceInterrupts *table = atomic_load(&coreOf(self)->interrupts);
    if (index < 0 || (unsigned)index >= table->count)
        return kIOReturnNoInterrupt;
    InterruptSource *source = &table->sources[index];
    if (!atomic_load(&source->controller)) {
        result = mayResolve ? resolve(self, (unsigned)index, source) : kIOReturnNoInterrupt;
        if (result != kIOReturnSuccess)
            return result;
    }
    *ret_controller = atomic_load(&source->controller);
    *ret_vector = atomic_load(&source->vector);
    return kIOReturnSuccess;
}

/* --- the calls --------------------------------------------------------------------------------------------------- */

IOReturn IOService_getInterruptType(IOService *self, int source, int *ret_type)
{
    IOInterruptController *controller;
    unsigned vector;
    IOReturn result = lookUp(self, source, true, &controller, &vector);
    if (result == kIOReturnSuccess)
        *ret_type = interruptController_getType(controller, vector);
    return result;
}

IOReturn IOService_registerInterrupt(IOService *self, int source, OSObject *target, IOInterruptAction handler,
                                     void *refCon)
{
    IOInterruptController *controller;
    unsigned vector;
    IOReturn result = lookUp(self, source, true, &controller, &vector);
    if (result == kIOReturnSuccess)
        result = interruptController_register(controller, vector, self, source, target, handler, refCon);
    return result;
}

IOReturn IOService_unregisterInterrupt(IOService *self, int source)
{
    IOInterruptController *controller;
    unsigned vector;
    IOReturn result = lookUp(self, source, false, &controller, &vector);
    if (result == kIOReturnSuccess)
        interruptController_unregister(controller, vector);
    return result;
}

IOReturn IOService_enableInterrupt(IOService *self, int source)
{
    IOInterruptController *controller;
    unsigned vector;
    IOReturn result = lookUp(self, source, false, &controller, &vector);
    return result == kIOReturnSuccess ? interruptController_enable(controller, vector) : result;
}

IOReturn IOService_disableInterrupt(IOService *self, int source)
{
    IOInterruptController *controller;
    unsigned vector;
    IOReturn result = lookUp(self, source, false, &controller, &vector);
    if (result == kIOReturnSuccess)
        interruptController_disable(controller, vector);
    return result;
}

IOReturn IOService_causeInterrupt(IOService *self, int source)
{
    IOInterruptController *controller;
    unsigned vector;
    IOReturn result = lookUp(self, source, false, &controller, &vector);
    if (result == kIOReturnSuccess)
        interruptController_cause(controller, vector);
    return result;
}
