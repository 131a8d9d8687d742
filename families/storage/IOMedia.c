/* SPDX-License-Identifier: MIT */
/* IOMedia: properties of a medium, and the keys it is matched by. Open is true while a client has it open. */
#include <IOKit/storage/IOMedia.h>

#include <IOKit/IOBSD.h>
#include <IOKit/storage/IOPartitionScheme.h>

static bool setText(IORegistryEntry *entry, const char *key, const char *text)
{
    return !text || IORegistryEntry_setPropertyString(entry, key, text);
}

static bool setNode(IORegistryEntry *entry, const IOMediaDescription *media)
{
    return setText(entry, kIOBSDNameKey, media->bsdName) &&
           IORegistryEntry_setPropertyNumber(entry, kIOBSDMajorKey, media->major, 32) &&
           IORegistryEntry_setPropertyNumber(entry, kIOBSDMinorKey, media->minor, 32) &&
           IORegistryEntry_setPropertyNumber(entry, kIOBSDUnitKey, media->unit, 32);
}

static bool setPlace(IORegistryEntry *entry, const IOMediaDescription *media)
{
    if (media->isPartition && !IORegistryEntry_setPropertyNumber(entry, kIOMediaPartitionIDKey, media->partitionID, 32))
        return false;
    return (!media->name || IORegistryEntry_setName(entry, media->name, NULL)) &&
           (!media->location || IORegistryEntry_setLocation(entry, media->location, NULL));
}

bool IOMedia_initWithDescription(IOMedia *self, const IOMediaDescription *media)
{
    IORegistryEntry *entry   = &self->super.super.super;
    const char      *content = media->content ? media->content : "";
    return IORegistryEntry_init(entry, NULL) && setNode(entry, media) && setPlace(entry, media) &&
           setText(entry, kIOMediaContentKey, content) && setText(entry, kIOMediaContentHintKey, content) &&
           setText(entry, kIOMediaUUIDKey, media->uuid) &&
           IORegistryEntry_setPropertyNumber(entry, kIOMediaSizeKey, media->size, 64) &&
           IORegistryEntry_setPropertyNumber(entry, kIOMediaPreferredBlockSizeKey, media->blockSize, 64) &&
           IORegistryEntry_setPropertyBoolean(entry, kIOMediaWholeKey, !media->isPartition) &&
           IORegistryEntry_setPropertyBoolean(entry, kIOMediaLeafKey, true) &&
           IORegistryEntry_setPropertyBoolean(entry, kIOMediaOpenKey, false) &&
           IORegistryEntry_setPropertyBoolean(entry, kIOMediaWritableKey, media->isWritable) &&
           IORegistryEntry_setPropertyBoolean(entry, kIOMediaRemovableKey, media->isRemovable) &&
           IORegistryEntry_setPropertyBoolean(entry, kIOMediaEjectableKey, media->isEjectable);
}

/* Each of these has a value since init: without memory it keeps the old one. */

void IOMedia_setLeaf(IOMedia *self, bool isLeaf)
{
    (void)IORegistryEntry_setPropertyBoolean(&self->super.super.super, kIOMediaLeafKey, isLeaf);
}

void IOMedia_setWritable(IOMedia *self, bool isWritable)
{
    (void)IORegistryEntry_setPropertyBoolean(&self->super.super.super, kIOMediaWritableKey, isWritable);
}

void IOMedia_setContent(IOMedia *self, const char *content)
{
    (void)IORegistryEntry_setPropertyString(&self->super.super.super, kIOMediaContentKey, content);
}

/* Makes the property Open what is the case; under the arbitration. */
static void showOpen(IOService *service)
{
    (void)IORegistryEntry_setPropertyBoolean(&service->super, kIOMediaOpenKey, IOService_handleIsOpen(service, NULL));
}

static bool IOMedia_handleOpen_(IOService *service, IOService *forClient, IOOptionBits options, void *argument)
{
    bool opened = IOStorage_super()->handleOpen(service, forClient, options, argument);
    if (opened)
        showOpen(service);
    return opened;
}

static void IOMedia_handleClose_(IOService *service, IOService *forClient, IOOptionBits options)
{
    IOStorage_super()->handleClose(service, forClient, options);
    showOpen(service);
}

static bool IOMedia_matchPropertyTable_(IOService *service, OSDictionary *table, int32_t *score)
{
    static const char *const keys[] = {
        kIOMediaContentKey, kIOMediaContentHintKey, kIOMediaEjectableKey,          kIOMediaLeafKey,
        kIOMediaOpenKey,    kIOMediaRemovableKey,   kIOMediaPreferredBlockSizeKey, kIOMediaSizeKey,
        kIOMediaUUIDKey,    kIOMediaWholeKey,       kIOMediaWritableKey,
    };
    if (!IOStorage_super()->matchPropertyTable(service, table, score))
        return false;
    for (unsigned i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (!IOService_compareProperty(service, table, keys[i]))
            return false;
    return true;
}

OSDefineBaseClass(IOMedia, IOStorage, .matchPropertyTable = IOMedia_matchPropertyTable_,
                  .handleOpen = IOMedia_handleOpen_, .handleClose = IOMedia_handleClose_);
