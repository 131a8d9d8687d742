/* SPDX-License-Identifier: MIT */
/*
 * IOBlockStorageDriver: one medium at a time.
 *
 *     no medium ---- the device says there is one ----------------------> medium published
 *     medium    ---- it says there is none, or one of another size -----> medium terminated (and the new one published)
 *     medium    ---- it can be written now, or no more -----------------> the medium's property says so
 *
 * start and the device's messages come on different threads; the driver's arbitration decides which of them exchanges
 * the medium. The medium is published and terminated outside of it.
 */
#include <IOKit/storage/IOBlockStorageDriver.h>

#include "IOBlockStorageCounters.h"

static IOMedia *makeMedia(IOBlockStorageDriver *self, const IOMediaDescription *description)
{
    IOMedia *media = OSTypeAlloc(IOMedia);
    if (media && IOMedia_initWithDescription(media, description) && IOService_attach(&media->super.super, &self->super))
        return media;
    OSRelease(media);
    return NULL;
}

/* Makes the published medium what the device has now. */
static void updateMedia(IOBlockStorageDriver *self)
{
    IOMediaDescription description = {0};
    IOMedia           *gone = NULL, *come = NULL;

    if (!IOService_lockForArbitration(&self->super, true))
        return;
    bool present = !IOService_isInactive(&self->super) && IOBlockStorageDevice_getMedia(self->device, &description);
    if (self->media && (!present || description.size != self->mediaBytes)) {
        gone        = self->media;
        self->media = NULL;
    }
    if (present && self->media)
        IOMedia_setWritable(self->media, description.isWritable); /* the one thing of a medium that changes */
    if (present && !self->media) {
        come             = makeMedia(self, &description);
        self->media      = come;
        self->mediaBytes = description.size;
        OSRetain(come);
    }
    IOService_unlockForArbitration(&self->super);

    if (gone)
        IOService_terminate(&gone->super.super, 0);
    if (come)
        IOService_registerService(&come->super.super);
    OSRelease(gone);
    OSRelease(come);
}

static IOReturn IOBlockStorageDriver_message_(IOService *service, uint32_t type, IOService *provider, void *argument)
{
    if (type != (uint32_t)kIOMessageMediaStateHasChanged)
        return IOService_super()->message(service, type, provider, argument);
    updateMedia(OSRequiredCast(IOBlockStorageDriver, service));
    return kIOReturnSuccess;
}

static void IOBlockStorageDriver_stop_(IOService *service, IOService *provider)
{
    IOBlockStorageDriver *self = OSRequiredCast(IOBlockStorageDriver, service);
    OSSafeReleaseNULL(self->media); /* terminated before: it is a client */
    IORegistryEntry_removeProperty(&service->super, kIOBlockStorageDriverStatisticsKey);
    IOService_super()->stop(service, provider);
}

static bool IOBlockStorageDriver_start_(IOService *service, IOService *provider)
{
    IOBlockStorageDriver *self = OSRequiredCast(IOBlockStorageDriver, service);
    self->device               = OSDynamicCast(IOBlockStorageDevice, provider);
    if (!self->device || !IOService_super()->start(service, provider))
        return false;
    IOBlockStorageCounters *counters = IOBlockStorageCounters_withDevice(self->device);
    if (counters) /* without memory: a disk without statistics */
        (void)IORegistryEntry_setProperty(&service->super, kIOBlockStorageDriverStatisticsKey, OSObjectOf(counters));
    OSRelease(counters);
    IOService_registerService(service);
    updateMedia(self);
    return true;
}

OSDefineBaseClass(IOBlockStorageDriver, IOService, .start = IOBlockStorageDriver_start_,
                  .stop = IOBlockStorageDriver_stop_, .message = IOBlockStorageDriver_message_);
