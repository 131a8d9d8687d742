/* SPDX-License-Identifier: MIT */
/* IOPartitionScheme: publishes partitions below a medium, which is no leaf while the scheme works. */
#include <IOKit/storage/IOPartitionScheme.h>

IOMedia *IOPartitionScheme_getMedia(IOPartitionScheme *self)
{
    return OSRequiredCast(IOMedia, IOService_getProvider(&self->super.super));
}

IOMedia *IOPartitionScheme_publish(IOPartitionScheme *self, const IOMediaDescription *description)
{
    IOMedia *media = OSTypeAlloc(IOMedia);
    if (!media)
        return NULL;
    IOService *service = &media->super.super;
    if (!IOMedia_initWithDescription(media, description) || !IOService_attach(service, &self->super.super)) {
        OSRelease(media);
        return NULL;
    }
    IOService_registerService(service);
    return media;
}

static bool IOPartitionScheme_start_(IOService *service, IOService *provider)
{
    IOMedia *media = OSDynamicCast(IOMedia, provider);
    if (!media || !IOStorage_super()->start(service, provider))
        return false;
    IOMedia_setLeaf(media, false);
    if (OSDynamicCast(IOGUIDPartitionScheme, service))
        IOMedia_setContent(media, "GUID_partition_scheme");
    else if (OSDynamicCast(IOFDiskPartitionScheme, service))
        IOMedia_setContent(media, "FDisk_partition_scheme");
    return true;
}

static void IOPartitionScheme_stop_(IOService *service, IOService *provider)
{
    IOMedia *media = OSRequiredCast(IOMedia, provider);
    IOMedia_setLeaf(media, true);
    IOMedia_setContent(media, "");
    IOStorage_super()->stop(service, provider);
}

OSDefineBaseClass(IOPartitionScheme, IOStorage, .start = IOPartitionScheme_start_, .stop = IOPartitionScheme_stop_);

OSDefineClass(IOGUIDPartitionScheme, IOPartitionScheme);
OSDefineClass(IOFDiskPartitionScheme, IOPartitionScheme);
