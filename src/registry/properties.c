/* SPDX-License-Identifier: MIT */
/*
 * IORegistryEntry: properties.
 *
 * The property lock of the entry protects its table. It is recursive, for runPropertyAction, whose action may use all
 * of these functions. A value that is replaced or removed is given back after unlocking.
 *
 * propertyChanged is called after unlocking. A change inside a runPropertyAction, when the lock is still held, is only
 * noted; the end of the outermost action tells it, without naming a key.
 *
 * Whether an entry is attached is asked with the property lock held, and attach freezes collections after it has
 * linked: so a collection that comes at the same time is frozen by one of the two. (Order: property lock, registry
 * lock.)
 */
#include <IOKit/IOLib.h>
#include <IOKit/IORegistryIterator.h>
#include <libkern/OSArray.h>
#include <libkern/OSBoolean.h>
#include <libkern/OSData.h>
#include <libkern/OSDictionary.h>
#include <libkern/OSNumber.h>

#include "registryPrivate.h"

static void lockProperties(const IORegistryEntry *self)
{
    pthread_mutex_lock(&((IORegistryEntry *)self)->propertyLock);
}

static void unlockProperties(const IORegistryEntry *self)
{
    pthread_mutex_unlock(&((IORegistryEntry *)self)->propertyLock);
}

/* Unlocks after a change of key's value (NULL: of any), and tells the entry, now or at the end of the action. */
static void unlockChangedProperties(IORegistryEntry *self, const OSSymbol *key)
{
    bool later = self->super.detail & kPropertyDepthMask;
    if (later)
        self->super.detail |= kChangedInAction;
    unlockProperties(self);
    if (!later)
        OSMethodsOf(IORegistryEntry, self)->propertyChanged(self, key);
}

IOReturn IORegistryEntry_runPropertyAction(IORegistryEntry *self, IORegistryEntryAction action, OSObject *target,
                                           void *arg0, void *arg1, void *arg2, void *arg3)
{
    lockProperties(self);
    self->super.detail++;
    IOReturn result = action(target, arg0, arg1, arg2, arg3);
    self->super.detail--;

    bool changed = !(self->super.detail & kPropertyDepthMask) && self->super.detail & kChangedInAction;
    if (changed)
        self->super.detail &= ~(uint32_t)kChangedInAction;
    unlockProperties(self);
    if (changed)
        OSMethodsOf(IORegistryEntry, self)->propertyChanged(self, NULL);
    return result;
}

/* ---- Setting ---- */

static void freeze(OSObject *value)
{
    OSCollection *collection = OSDynamicCast(OSCollection, value);
    if (collection)
        OSCollection_setOptions(collection, kOSCollectionImmutable, kOSCollectionImmutable);
}

void entry_freezeProperties(IORegistryEntry *self)
{
    lockProperties(self);
    unsigned count = OSDictionary_getCount(self->properties);
    for (unsigned i = 0; i < count; i++)
        freeze(OSDictionary_getValueAtIndex(self->properties, i));
    unlockProperties(self);
}

bool IORegistryEntry_setPropertyForSymbol(IORegistryEntry *self, const OSSymbol *key, OSObject *value)
{
    if (!key || !value)
        return false;
    bool collection = OSDynamicCast(OSCollection, value);
    lockProperties(self);
    OSObject *old = OSRetain(OSDictionary_getObjectForSymbol(self->properties, key));
    bool      set = OSDictionary_setObjectForSymbol(self->properties, key, value);
    if (set && collection && IORegistryEntry_inPlane(self, NULL))
        freeze(value);
    if (set)
        unlockChangedProperties(self, key);
    else
        unlockProperties(self);
    OSRelease(old);
    return set;
}

bool IORegistryEntry_setProperty(IORegistryEntry *self, const char *key, OSObject *value)
{
    const OSSymbol *symbol = OSSymbol_withCString(key);
    bool            set    = IORegistryEntry_setPropertyForSymbol(self, symbol, value);
    OSRelease(symbol);
    return set;
}

/* Sets a value that was made for it, and gives up the maker's reference. */
static bool setMade(IORegistryEntry *self, const char *key, OSObject *value)
{
    bool set = value && IORegistryEntry_setProperty(self, key, value);
    OSRelease(value);
    return set;
}

bool IORegistryEntry_setPropertyString(IORegistryEntry *self, const char *key, const char *value)
{
    return setMade(self, key, OSObjectOf(OSSymbol_withCString(value)));
}

bool IORegistryEntry_setPropertyBoolean(IORegistryEntry *self, const char *key, bool value)
{
    return setMade(self, key, OSObjectOf(OSBoolean_withBoolean(value)));
}

bool IORegistryEntry_setPropertyNumber(IORegistryEntry *self, const char *key, unsigned long long value, unsigned bits)
{
    return setMade(self, key, OSObjectOf(OSNumber_withNumber(value, bits)));
}

bool IORegistryEntry_setPropertyData(IORegistryEntry *self, const char *key, const void *bytes, unsigned length)
{
    return setMade(self, key, OSObjectOf(OSData_withBytes(bytes, length)));
}

void IORegistryEntry_removePropertyForSymbol(IORegistryEntry *self, const OSSymbol *key)
{
    lockProperties(self);
    OSObject *old = OSRetain(OSDictionary_getObjectForSymbol(self->properties, key));
    if (old) {
        OSDictionary_removeObjectForSymbol(self->properties, key);
        unlockChangedProperties(self, key);
    } else {
        unlockProperties(self);
    }
    OSRelease(old);
}

void IORegistryEntry_removeProperty(IORegistryEntry *self, const char *key)
{
    const OSSymbol *symbol = OSSymbol_existingSymbolForCString(key);
    if (symbol)
        IORegistryEntry_removePropertyForSymbol(self, symbol);
    OSRelease(symbol);
}

void IORegistryEntry_setPropertyTable(IORegistryEntry *self, OSDictionary *properties)
{
    if (!properties)
        return;
    lockProperties(self);
    OSDictionary *old = self->properties;
    self->properties  = OSRetain(properties);
    unlockChangedProperties(self, NULL);
    OSRelease(old);
}

/* ---- Getting ---- */

OSObject *IORegistryEntry_copyPropertyForSymbol(const IORegistryEntry *self, const OSSymbol *key)
{
    lockProperties(self);
    OSObject *value = OSRetain(OSDictionary_getObjectForSymbol(self->properties, key));
    unlockProperties(self);
    return value;
}

OSObject *IORegistryEntry_copyProperty(const IORegistryEntry *self, const char *key)
{
    lockProperties(self);
    OSObject *value = OSRetain(OSDictionary_getObject(self->properties, key));
    unlockProperties(self);
    return value;
}

OSObject *IORegistryEntry_getPropertyForSymbol(const IORegistryEntry *self, const OSSymbol *key)
{
    lockProperties(self);
    OSObject *value = OSDictionary_getObjectForSymbol(self->properties, key);
    unlockProperties(self);
    return value;
}

OSObject *IORegistryEntry_getProperty(const IORegistryEntry *self, const char *key)
{
    lockProperties(self);
    OSObject *value = OSDictionary_getObject(self->properties, key);
    unlockProperties(self);
    return value;
}

OSObject *IORegistryEntry_copyPropertyInPlane(const IORegistryEntry *self, const char *key,
                                              const IORegistryPlane *plane, IOOptionBits options)
{
    OSObject *value = IORegistryEntry_copyProperty(self, key);
    if (value || !plane || !(options & kIORegistryIterateRecursively))
        return value;

    IORegistryIterator *iterator = IORegistryIterator_iterateOver((IORegistryEntry *)self, plane, options);
    IORegistryEntry    *entry;
    while (iterator && !value && (entry = IORegistryIterator_getNextObject(iterator)))
        value = IORegistryEntry_copyProperty(entry, key);
    OSRelease(iterator);
    return value;
}

OSObject *IORegistryEntry_getPropertyInPlane(const IORegistryEntry *self, const char *key, const IORegistryPlane *plane,
                                             IOOptionBits options)
{
    OSObject *value = IORegistryEntry_copyPropertyInPlane(self, key, plane, options);
    OSRelease(value); /* the entry that has it holds it */
    return value;
}

bool IORegistryEntry_propertyExists(const IORegistryEntry *self, const char *key)
{
    return IORegistryEntry_getProperty(self, key);
}

bool IORegistryEntry_propertyHasValue(const IORegistryEntry *self, const char *key, const OSObject *value)
{
    OSObject *found = IORegistryEntry_copyProperty(self, key);
    bool      equal = found && value ? OSObject_isEqualTo(value, found) : !found && !value;
    OSRelease(found);
    return equal;
}

OSArray *IORegistryEntry_copyPropertyKeys(const IORegistryEntry *self)
{
    lockProperties(self);
    OSArray *keys = OSDictionary_copyKeys(self->properties);
    unlockProperties(self);
    return keys;
}

OSDictionary *IORegistryEntry_dictionaryWithProperties(const IORegistryEntry *self)
{
    lockProperties(self);
    OSDictionary *copy = OSDictionary_withDictionary(self->properties, 0);
    unlockProperties(self);
    return copy;
}

OSDictionary *IORegistryEntry_getPropertyTable(const IORegistryEntry *self)
{
    return self->properties;
}

/* ---- Clients' requests ---- */

IOReturn IORegistryEntry_setProperties_(IORegistryEntry *self, OSObject *properties)
{
    (void)self;
    (void)properties;
    return kIOReturnUnsupported;
}

IOReturn IORegistryEntry_setProperties(IORegistryEntry *self, OSObject *properties)
{
    return OSMethodsOf(IORegistryEntry, self)->setProperties(self, properties);
}

bool IORegistryEntry_serializeProperties_(const IORegistryEntry *self, OSSerialize *serializer)
{
    lockProperties(self);
    OSDictionary *snapshot = OSDictionary_copyCollection(self->properties);
    unlockProperties(self);
    bool written = snapshot && OSObject_serialize(OSObjectOf(snapshot), serializer);
    OSRelease(snapshot);
    return written;
}

bool IORegistryEntry_serializeProperties(const IORegistryEntry *self, OSSerialize *serializer)
{
    return OSMethodsOf(IORegistryEntry, self)->serializeProperties(self, serializer);
}
