/* SPDX-License-Identifier: MIT */
/*
 * Disks and partitions. A disk is a nub that the storage family's driver matches, and the driver publishes the medium. The
 * kernel has read the partition table already: the scheme here only gives its result the shape that clients know,
 * disk medium - scheme - partition media. Nothing reads the disk.
 *
 * The kernel reports partitions after their disk, while the driver's match may still be running: only the first
 * partition of a disk waits for that. When the medium is exchanged because it has another size, its partitions go with it
 * although they may still be there; the disk's change event then publishes them anew.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>

#include <IOKit/storage/IOBlockStorageDriver.h>
#include <IOKit/storage/IOPartitionScheme.h>

#include "LinuxBlockStorageDevice.h"
#include "LinuxDevices.h"
#include "attributes.h"
#include "kinds.h"

enum { kSectorBytes = 512, kMatchNanoseconds = 2000000000 };

/* ---- Disks ---- */

static IOService *publishDisk(LinuxDevices *devices, struct udev_device *device, IOService *provider,
                              IOService **ret_below)
{
    return nub_publish(LinuxBlockStorageDevice_withDevice(device), provider);
}

static void tellOfMedium(IOService *disk)
{
    (void)IOService_messageClients(disk, (uint32_t)kIOMessageMediaStateHasChanged, NULL, 0); /* others do not know it */
}

/* A medium was put in, removed or resized; the kernel says "change" for other reasons too, which the driver notices. */
static void diskChanged(LinuxDevices *devices, struct udev_device *device, IOService *disk)
{
    tellOfMedium(disk);
    LinuxDevices_addBelow(devices, device, "block");
}

static IOService *copyMediaNow(IOService *disk)
{
    IOService *driver = nub_copyClientOfClass(disk, &IOBlockStorageDriver_class);
    IOService *media  = driver ? nub_copyClientOfClass(driver, &IOMedia_class) : NULL;
    OSRelease(driver);
    return media;
}

/* The disk's medium; +1, NULL when there is none. A partition may be reported before the change that brought its medium. */
static IOService *copyMedia(IOService *disk)
{
    IOService *media = copyMediaNow(disk);
    if (!media) {
        (void)IOService_waitQuiet(disk, kMatchNanoseconds); /* at the timeout the medium is just not there */
        tellOfMedium(disk);
        media = copyMediaNow(disk);
    }
    return media;
}

/* ---- Partition schemes ---- */

/* udevd's word for the table where it runs, else by the form of the partition's identifier: a GUID, or the number of a
 * master boot record and that of the partition. */
static const OSMetaClass *schemeClass(struct udev_device *partition)
{
    enum { kGUIDCharacters = 36, kRecordCharacters = 11 };
    const char *type   = udev_device_get_property_value(partition, "ID_PART_ENTRY_SCHEME");
    const char *uuid   = udev_device_get_property_value(partition, "PARTUUID");
    size_t      length = uuid ? strlen(uuid) : 0;
    if (type ? strcmp(type, "gpt") == 0 : length == kGUIDCharacters)
        return &IOGUIDPartitionScheme_class;
    if (type ? strcmp(type, "dos") == 0 : length == kRecordCharacters)
        return &IOFDiskPartitionScheme_class;
    return &IOPartitionScheme_class;
}

/* A scheme on that medium; +1, NULL without memory or when the medium is going away. */
static IOService *startScheme(IOService *media, const OSMetaClass *metaClass)
{
    IOService *scheme = OSDynamicCast(IOService, OSMetaClass_alloc(metaClass));
    if (!scheme)
        return NULL;
    if (!IORegistryEntry_init(&scheme->super, NULL) || !IOService_attach(scheme, media)) {
        OSRelease(scheme);
        return NULL;
    }
    if (!IOService_start(scheme, media)) {
        IOService_detach(scheme, media);
        OSRelease(scheme);
        return NULL;
    }
    IOService_registerService(scheme);
    return scheme;
}

/* The scheme that is on the medium, else a new one. */
static IOPartitionScheme *copyScheme(IOService *media, struct udev_device *partition)
{
    IOService *scheme = nub_copyClientOfClass(media, &IOPartitionScheme_class);
    if (!scheme)
        scheme = startScheme(media, schemeClass(partition));
    return OSDynamicCast(IOPartitionScheme, scheme);
}

/* ---- Partitions ---- */

/* Types and identifiers are written as programs know them from I/O Kit: GUIDs in capitals. */
static const char *cleanIdentifier(const char *text, char *buffer, size_t size)
{
    if (!text || !text_clean(text, buffer, size))
        return NULL;
    if (strncmp(text, "0x", 2) != 0)
        for (char *c = buffer; *c; c++)
            *c = (char)toupper((unsigned char)*c);
    return buffer;
}

static IOMedia *publishMedia(IOPartitionScheme *scheme, struct udev_device *device)
{
    char                location[16], name[160], type[64], uuid[64];
    struct udev_device *disk      = udev_device_get_parent(device);
    dev_t               number    = udev_device_get_devnum(device);
    bool                removable = attribute_is(disk, "removable", "1");
    const char         *label     = udev_device_get_property_value(device, "PARTNAME");
    const char         *entry     = udev_device_get_property_value(device, "ID_PART_ENTRY_UUID");

    const IOMediaDescription description = {
        .name        = label && text_clean(label, name, sizeof name) ? name : LinuxBlock_nodeName(device),
        .location    = location,
        .bsdName     = LinuxBlock_nodeName(device),
        .content     = cleanIdentifier(udev_device_get_property_value(device, "ID_PART_ENTRY_TYPE"), type, sizeof type),
        .uuid        = cleanIdentifier(entry ? entry : udev_device_get_property_value(device, "PARTUUID"), uuid, sizeof uuid),
        .size        = attribute_numberOr(device, "size", 10, UINT64_MAX / kSectorBytes, 0) * kSectorBytes,
        .blockSize   = (uint32_t)attribute_numberOr(disk, "queue/logical_block_size", 10, UINT32_MAX, kSectorBytes),
        .major       = major(number),
        .minor       = minor(number),
        .unit        = minor(udev_device_get_devnum(disk)),
        .partitionID = (uint32_t)attribute_numberOr(device, "partition", 10, UINT32_MAX, 0),
        .isPartition = true,
        .isWritable  = !attribute_is(device, "ro", "1"),
        .isRemovable = removable,
        .isEjectable = removable,
    };
    snprintf(location, sizeof location, "%u", description.partitionID);
    return IOPartitionScheme_publish(scheme, &description);
}

static IOService *publishPartition(LinuxDevices *devices, struct udev_device *device, IOService *provider,
                                   IOService **ret_below)
{
    struct udev_device *parent = udev_device_get_parent(device);
    IOService          *disk   = parent ? LinuxDevices_getNub(devices, udev_device_get_syspath(parent)) : NULL;
    IOService          *whole  = disk ? copyMedia(disk) : NULL;
    IOPartitionScheme  *scheme = whole ? copyScheme(whole, device) : NULL;
    IOMedia            *media  = scheme ? publishMedia(scheme, device) : NULL;
    if (media)
        nub_setString(&media->super.super, kLinuxSysfsPathKey, udev_device_get_syspath(device));
    OSRelease(scheme);
    OSRelease(whole);
    return media ? &media->super.super : NULL;
}

/* A medium without partitions has no scheme: the last one takes it along. */
static void partitionRemoved(LinuxDevices *devices, IOService *scheme)
{
    IOService *other = OSDynamicCast(IOPartitionScheme, scheme) ? nub_copyClientOfClass(scheme, &IOMedia_class) : NULL;
    if (OSDynamicCast(IOPartitionScheme, scheme) && !other)
        IOService_terminate(scheme, 0);
    OSRelease(other);
}

const LinuxKind LinuxDiskKind      = {.subsystem = "block", .devtype = "disk", .publish = publishDisk, .changed = diskChanged};
const LinuxKind LinuxPartitionKind = {
    .subsystem = "block", .devtype = "partition", .publish = publishPartition, .removed = partitionRemoved};
