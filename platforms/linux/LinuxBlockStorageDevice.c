/* SPDX-License-Identifier: MIT */
/*
 * LinuxBlockStorageDevice: size, write protection and statistics are read from sysfs when somebody asks, because they
 * change; what the device is (vendor, model, interconnect) is read once.
 */
#include "LinuxBlockStorageDevice.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>

#include <IOKit/storage/IOStorageDeviceCharacteristics.h>
#include <IOKit/storage/IOStorageProtocolCharacteristics.h>
#include <libkern/OSDictionary.h>

#include "attributes.h"
#include "kinds.h"

enum { kSectorBytes = 512 }; /* the unit of "size" and "stat", whatever the device's blocks are */

struct LinuxBlockStorageDevice {
    IOBlockStorageDevice super;
    /* Constant after init. */
    char     syspath[256];
    char     node[64];
    char     mediaName[160];
    uint32_t blockSize; /* bytes */
    uint32_t major, minor;
    bool     isRemovable;
};

/* Where a device with that in its path hangs: the first row that matches. */
static const struct Interconnect {
    const char *pathPart, *type, *location;
} interconnects[] = {
    {"/virtual/block/loop", kIOPropertyPhysicalInterconnectTypeVirtual, kIOPropertyInterconnectFileKey},
    {"/virtual/block/zram", kIOPropertyPhysicalInterconnectTypeVirtual, kIOPropertyInterconnectRAMKey},
    {"/virtual/block/ram", kIOPropertyPhysicalInterconnectTypeVirtual, kIOPropertyInterconnectRAMKey},
    {"/virtual/", kIOPropertyPhysicalInterconnectTypeVirtual, kIOPropertyInternalKey},
    {"/usb", kIOPropertyPhysicalInterconnectTypeUSB, kIOPropertyExternalKey},
    {"/ata", kIOPropertyPhysicalInterconnectTypeSerialATA, kIOPropertyInternalKey},
    {"/nvme", "PCI-Express", kIOPropertyInternalKey},
    {"/mmc", kIOPropertyPhysicalInterconnectTypeSecureDigital, kIOPropertyInternalKey},
    {"/virtio", kIOPropertyPhysicalInterconnectTypeVirtual, kIOPropertyInternalKey},
    {"/host", "SCSI", kIOPropertyInternalKey},
    {"", kIOPropertyPhysicalInterconnectTypeVirtual, kIOPropertyInternalKey},
};

const char *LinuxBlock_nodeName(struct udev_device *device)
{
    const char *node = udev_device_get_devnode(device);
    if (node && strncmp(node, "/dev/", 5) == 0)
        return node + 5;
    return udev_device_get_sysname(device);
}

static bool addText(OSDictionary *dict, const char *key, struct udev_device *device, const char *const *attributes,
                    char *buffer, size_t size)
{
    buffer[0] = 0;
    for (; *attributes; attributes++)
        if (attribute_getText(device, *attributes, buffer, size))
            return dictionary_setString(dict, key, buffer);
    return true;
}

static bool setDeviceCharacteristics(LinuxBlockStorageDevice *self, struct udev_device *device)
{
    static const char *const vendor[] = {"device/vendor", NULL}, *const model[] = {"device/model", "device/name", NULL},
                             *const revision[] = {"device/rev", "device/firmware_rev", NULL},
                             *const serial[]   = {"serial", "device/serial", NULL};
    OSDictionary *dict       = OSDictionary_withCapacity(6);
    char          vendorName[64], productName[64], text[128];
    bool          rotational = attribute_numberOr(device, "queue/rotational", 10, 0) != 0;

    bool done = dict && addText(dict, kIOPropertyVendorNameKey, device, vendor, vendorName, sizeof vendorName) &&
                addText(dict, kIOPropertyProductNameKey, device, model, productName, sizeof productName) &&
                addText(dict, kIOPropertyProductRevisionLevelKey, device, revision, text, sizeof text) &&
                addText(dict, "Serial Number", device, serial, text, sizeof text) &&
                dictionary_setString(dict, kIOPropertyMediumTypeKey,
                                     rotational ? kIOPropertyMediumTypeRotationalKey : kIOPropertyMediumTypeSolidStateKey) &&
                IORegistryEntry_setProperty(&self->super.super.super, kIOPropertyDeviceCharacteristicsKey, OSObjectOf(dict));
    if (done && strncmp(vendorName, "0x", 2) == 0)
        vendorName[0] = 0; /* virtio gives a number there */
    if (done && productName[0])
        snprintf(self->mediaName, sizeof self->mediaName, "%s%s%s Media", vendorName, vendorName[0] ? " " : "", productName);
    else
        snprintf(self->mediaName, sizeof self->mediaName, "%s Media", self->node);
    OSRelease(dict);
    return done;
}

static bool setProtocolCharacteristics(LinuxBlockStorageDevice *self)
{
    const struct Interconnect *row  = interconnects;
    OSDictionary              *dict = OSDictionary_withCapacity(2);
    while (!strstr(self->syspath, row->pathPart))
        row++;
    bool done = dict && dictionary_setString(dict, kIOPropertyPhysicalInterconnectTypeKey, row->type) &&
                dictionary_setString(dict, kIOPropertyPhysicalInterconnectLocationKey, row->location) &&
                IORegistryEntry_setProperty(&self->super.super.super, kIOPropertyProtocolCharacteristicsKey, OSObjectOf(dict));
    OSRelease(dict);
    return done;
}

IOBlockStorageDevice *LinuxBlockStorageDevice_withDevice(struct udev_device *device)
{
    LinuxBlockStorageDevice *self = OSTypeAlloc(LinuxBlockStorageDevice);
    if (!self || !IORegistryEntry_init(&self->super.super.super, NULL)) {
        OSRelease(self);
        return NULL;
    }
    dev_t number = udev_device_get_devnum(device);
    self->major  = major(number);
    self->minor  = minor(number);
    snprintf(self->syspath, sizeof self->syspath, "%s", udev_device_get_syspath(device));
    snprintf(self->node, sizeof self->node, "%s", LinuxBlock_nodeName(device));
    self->blockSize   = (uint32_t)attribute_numberOr(device, "queue/logical_block_size", 10, kSectorBytes);
    self->isRemovable = attribute_numberOr(device, "removable", 10, 0) != 0;
    if (!IORegistryEntry_setName(&self->super.super.super, self->node, NULL) ||
        !setDeviceCharacteristics(self, device) || !setProtocolCharacteristics(self)) {
        OSRelease(self);
        return NULL;
    }
    return &self->super;
}

static bool LinuxBlockStorageDevice_getMedia(IOBlockStorageDevice *device, IOMediaDescription *ret_media)
{
    LinuxBlockStorageDevice *self = OSRequiredCast(LinuxBlockStorageDevice, device);
    uint64_t                 sectors, readOnly = 0;
    if (!attribute_readNumber(self->syspath, "size", &sectors) || sectors == 0)
        return false;
    (void)attribute_readNumber(self->syspath, "ro", &readOnly); /* without it: writable */
    *ret_media = (IOMediaDescription){
        .name        = self->mediaName,
        .bsdName     = self->node,
        .size        = sectors * kSectorBytes,
        .blockSize   = self->blockSize,
        .major       = self->major,
        .minor       = self->minor,
        .isWritable  = readOnly == 0,
        .isRemovable = self->isRemovable,
        .isEjectable = self->isRemovable,
    };
    return true;
}

/* "stat": reads, merged, sectors, milliseconds, then the same for writes (Documentation/block/stat.rst). */
static bool LinuxBlockStorageDevice_getStatistics(IOBlockStorageDevice *device, IOBlockStorageStatistics *ret_statistics)
{
    enum { kNanosecondsPerMillisecond = 1000000 };
    LinuxBlockStorageDevice *self = OSRequiredCast(LinuxBlockStorageDevice, device);
    char                     path[sizeof self->syspath + 8];
    uint64_t                 n[8];

    snprintf(path, sizeof path, "%s/stat", self->syspath);
    FILE *file = fopen(path, "re");
    if (!file)
        return false;
    int got = fscanf(file, "%" SCNu64 "%" SCNu64 "%" SCNu64 "%" SCNu64 "%" SCNu64 "%" SCNu64 "%" SCNu64 "%" SCNu64, &n[0],
                     &n[1], &n[2], &n[3], &n[4], &n[5], &n[6], &n[7]);
    fclose(file);
    if (got != 8)
        return false;
    *ret_statistics = (IOBlockStorageStatistics){
        .reads        = n[0],
        .bytesRead    = n[2] * kSectorBytes,
        .readTime     = n[3] * kNanosecondsPerMillisecond,
        .writes       = n[4],
        .bytesWritten = n[6] * kSectorBytes,
        .writeTime    = n[7] * kNanosecondsPerMillisecond,
    };
    return true;
}

OSDefineClass(LinuxBlockStorageDevice, IOBlockStorageDevice, .getMedia = LinuxBlockStorageDevice_getMedia,
              .getStatistics = LinuxBlockStorageDevice_getStatistics);
