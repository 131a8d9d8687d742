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

#include <IOKit/IOLib.h>
#include <IOKit/storage/IOStorageCardCharacteristics.h>
#include <IOKit/storage/IOStorageDeviceCharacteristics.h>
#include <IOKit/storage/IOStorageProtocolCharacteristics.h>
#include <libkern/OSDictionary.h>

#include "attributes.h"
#include "kinds.h"

enum { kSectorBytes = 512 }; /* the unit of "size" and "stat", whatever the device's blocks are */

struct LinuxBlockStorageDevice {
    IOBlockStorageDevice super;
    /* Constant after init. */
    char    *syspath; /* owned */
    char     node[64];
    char     mediaName[160];
    uint32_t blockSize; /* bytes */
    uint32_t major, minor;
    bool     isRemovable;
    bool     isHidden; /* a path of a multipath disk: it has no node */
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

/* The first of the attributes (ended by NULL) that has a text, in the caller's buffer, which else is empty. */
static void readFirst(struct udev_device *device, const char *const *attributes, char *buffer, size_t size)
{
    buffer[0] = 0;
    while (*attributes && !attribute_getText(device, *attributes, buffer, size))
        attributes++;
}

/* What the device is, each text empty when it does not say. */
typedef struct Characteristics {
    char vendor[64], product[64], revision[64], serial[128];
    bool isRotational;
} Characteristics;

static Characteristics readCharacteristics(struct udev_device *device)
{
    static const char *const vendor[] = {"device/vendor", NULL}, *const product[] = {"device/model", "device/name", NULL},
                             *const revision[] = {"device/rev", "device/firmware_rev", NULL},
                             *const serial[]   = {"serial", "device/serial", NULL};
    const char     *property = udev_device_get_property_value(device, "ID_SERIAL_SHORT"); /* where udevd runs */
    Characteristics result   = {.isRotational = attribute_is(device, "queue/rotational", "1")};
    readFirst(device, vendor, result.vendor, sizeof result.vendor);
    readFirst(device, product, result.product, sizeof result.product);
    readFirst(device, revision, result.revision, sizeof result.revision);
    readFirst(device, serial, result.serial, sizeof result.serial);
    if (!result.serial[0] && property)
        (void)text_clean(property, result.serial, sizeof result.serial); /* none: there is no serial number */
    if (strncmp(result.vendor, "0x", 2) == 0)
        result.vendor[0] = 0; /* virtio and NVMe have the number of their PCI vendor there */
    return result;
}

static bool addText(OSDictionary *dict, const char *key, const char *text)
{
    return !text[0] || dictionary_setString(dict, key, text);
}

static bool setDeviceCharacteristics(LinuxBlockStorageDevice *self, const Characteristics *device)
{
    const char   *medium = device->isRotational ? kIOPropertyMediumTypeRotationalKey : kIOPropertyMediumTypeSolidStateKey;
    OSDictionary *dict   = OSDictionary_withCapacity(6);
    bool          done   = dict && addText(dict, kIOPropertyVendorNameKey, device->vendor) &&
                addText(dict, kIOPropertyProductNameKey, device->product) &&
                addText(dict, kIOPropertyProductRevisionLevelKey, device->revision) &&
                addText(dict, kIOPropertyProductSerialNumberKey, device->serial) &&
                dictionary_setString(dict, kIOPropertyMediumTypeKey, medium) &&
                IORegistryEntry_setProperty(&self->super.super.super, kIOPropertyDeviceCharacteristicsKey, OSObjectOf(dict));
    OSRelease(dict);
    return done;
}

static void setMediaName(LinuxBlockStorageDevice *self, const Characteristics *device)
{
    const char *product = device->product[0] ? device->product : self->node;
    const char *vendor  = device->product[0] ? device->vendor : "";
    snprintf(self->mediaName, sizeof self->mediaName, "%s%s%s Media", vendor, vendor[0] ? " " : "", product);
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

static bool setIdentity(LinuxBlockStorageDevice *self, struct udev_device *device)
{
    dev_t           number          = udev_device_get_devnum(device);
    Characteristics characteristics = readCharacteristics(device);
    self->syspath     = IOMallocString(udev_device_get_syspath(device));
    self->major       = major(number);
    self->minor       = minor(number);
    self->blockSize   = (uint32_t)attribute_numberOr(device, "queue/logical_block_size", 10, UINT32_MAX, kSectorBytes);
    self->isRemovable = attribute_is(device, "removable", "1");
    self->isHidden    = attribute_is(device, "hidden", "1");
    snprintf(self->node, sizeof self->node, "%s", LinuxBlock_nodeName(device));
    setMediaName(self, &characteristics);
    return self->syspath && IORegistryEntry_setName(&self->super.super.super, self->node, NULL) &&
           setDeviceCharacteristics(self, &characteristics) && setProtocolCharacteristics(self);
}

IOService *LinuxBlockStorageDevice_withDevice(struct udev_device *device)
{
    IOService *nub = nub_create(&LinuxBlockStorageDevice_class, device);
    if (nub && !setIdentity(OSRequiredCast(LinuxBlockStorageDevice, nub), device))
        OSSafeReleaseNULL(nub);
    return nub;
}

static void LinuxBlockStorageDevice_free(OSObject *object)
{
    LinuxBlockStorageDevice *self = OSRequiredCast(LinuxBlockStorageDevice, object);
    IOFreeString(self->syspath);
    IOBlockStorageDevice_super()->free(object);
}

static bool LinuxBlockStorageDevice_getMedia(IOBlockStorageDevice *device, IOMediaDescription *ret_media)
{
    LinuxBlockStorageDevice *self = OSRequiredCast(LinuxBlockStorageDevice, device);
    uint64_t                 sectors, readOnly = 0;
    if (self->isHidden || !sysfs_readNumber(self->syspath, "size", UINT64_MAX / kSectorBytes, &sectors) || sectors == 0)
        return false;
    (void)sysfs_readNumber(self->syspath, "ro", 1, &readOnly); /* without it: writable */
    *ret_media = (IOMediaDescription){
        .name        = self->mediaName,
        .bsdName     = self->node,
        .size        = sectors * kSectorBytes,
        .blockSize   = self->blockSize,
        .major       = self->major,
        .minor       = self->minor,
        .unit        = self->minor,
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
    char                     text[256];
    uint64_t                 n[8];

    if (!sysfs_readText(self->syspath, "stat", text, sizeof text) ||
        sscanf(text, "%" SCNu64 "%" SCNu64 "%" SCNu64 "%" SCNu64 "%" SCNu64 "%" SCNu64 "%" SCNu64 "%" SCNu64, &n[0], &n[1],
               &n[2], &n[3], &n[4], &n[5], &n[6], &n[7]) != 8)
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

OSDefineClass(LinuxBlockStorageDevice, IOBlockStorageDevice, .free = LinuxBlockStorageDevice_free,
              .getMedia = LinuxBlockStorageDevice_getMedia,
              .getStatistics = LinuxBlockStorageDevice_getStatistics);
