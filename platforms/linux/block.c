/* SPDX-License-Identifier: MIT */
/*
 * Disks and partitions. A disk's nub is matched by the storage family's driver at once (synchronously), so that the
 * medium is there when the disk's partitions, which the kernel reports after it, are published below it. The kernel has
 * read the partition table already: the scheme here only gives its result the shape that clients know,
 * disk medium - scheme - partition media. Nothing reads the disk.
 */
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>

#include <IOKit/storage/IOBlockStorageDriver.h>
#include <IOKit/storage/IOPartitionScheme.h>
#include <libkern/OSIterator.h>

#include "LinuxBlockStorageDevice.h"
#include "LinuxDevices.h"
#include "attributes.h"
#include "kinds.h"

enum { kSectorBytes = 512 };

static IOService *publishDisk(LinuxDevices *devices, struct udev_device *device, IOService *provider,
                              IOService **ret_below)
{
    IOBlockStorageDevice *disk = LinuxBlockStorageDevice_withDevice(device);
    if (!disk)
        return NULL;
    IOService *nub = &disk->super;
    if (!nub_attach(nub, provider, device)) {
        OSRelease(nub);
        return NULL;
    }
    IOService_registerServiceWithOptions(nub, kIOServiceSynchronous);
    return nub;
}

/* A medium was put in, removed or resized; the kernel says "change" for other reasons too, which the driver notices. */
static void diskChanged(LinuxDevices *devices, struct udev_device *device, IOService *nub)
{
    (void)IOService_messageClients(nub, (uint32_t)kIOMessageMediaStateHasChanged, NULL, 0);
}

/* The first client of that class; +1 or NULL. */
static IOService *copyClientOfClass(IOService *service, const OSMetaClass *metaClass)
{
    OSIterator *clients = IOService_getClientIterator(service);
    IOService  *found   = NULL;
    OSObject   *client;
    while (clients && !found && (client = OSIterator_getNextObject(clients)))
        if (OSMetaClass_checkMetaCast(metaClass, client))
            found = OSRequiredCast(IOService, OSRetain(client));
    OSRelease(clients);
    return found;
}

static IOService *copyWholeMedia(IOService *disk)
{
    IOService *driver = copyClientOfClass(disk, &IOBlockStorageDriver_class);
    IOService *media  = driver ? copyClientOfClass(driver, &IOMedia_class) : NULL;
    OSRelease(driver);
    return media;
}

static const OSMetaClass *schemeClass(struct udev_device *partition)
{
    const char *type = udev_device_get_property_value(partition, "ID_PART_ENTRY_SCHEME"); /* where udevd runs */
    if (type && strcmp(type, "gpt") == 0)
        return &IOGUIDPartitionScheme_class;
    if (type && strcmp(type, "dos") == 0)
        return &IOFDiskPartitionScheme_class;
    return &IOPartitionScheme_class;
}

static IOPartitionScheme *copyScheme(IOService *media, struct udev_device *partition)
{
    IOService *scheme = copyClientOfClass(media, &IOPartitionScheme_class);
    if (scheme)
        return OSRequiredCast(IOPartitionScheme, scheme);
    scheme = OSDynamicCast(IOService, OSMetaClass_alloc(schemeClass(partition)));
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
    return OSRequiredCast(IOPartitionScheme, scheme);
}

static IOMedia *publishMedia(IOPartitionScheme *scheme, struct udev_device *device)
{
    char        location[16];
    dev_t       number = udev_device_get_devnum(device);
    const char *name   = udev_device_get_property_value(device, "PARTNAME");
    const char *type   = udev_device_get_property_value(device, "ID_PART_ENTRY_TYPE");
    const char *uuid   = udev_device_get_property_value(device, "ID_PART_ENTRY_UUID");
    if (!uuid)
        uuid = udev_device_get_property_value(device, "PARTUUID");

    struct udev_device      *disk        = udev_device_get_parent(device);
    const IOMediaDescription description = {
        .name        = name ? name : LinuxBlock_nodeName(device),
        .location    = location,
        .bsdName     = LinuxBlock_nodeName(device),
        .content     = type,
        .uuid        = uuid,
        .size        = attribute_numberOr(device, "size", 10, 0) * kSectorBytes,
        .blockSize   = (uint32_t)attribute_numberOr(disk, "queue/logical_block_size", 10, kSectorBytes),
        .major       = major(number),
        .minor       = minor(number),
        .partitionID = (uint32_t)attribute_numberOr(device, "partition", 10, 0),
        .isWritable  = attribute_numberOr(device, "ro", 10, 0) == 0,
        .isRemovable = attribute_numberOr(disk, "removable", 10, 0) != 0,
        .isEjectable = attribute_numberOr(disk, "removable", 10, 0) != 0,
    };
    snprintf(location, sizeof location, "%u", description.partitionID);
    return IOPartitionScheme_publish(scheme, &description);
}

static IOService *publishPartition(LinuxDevices *devices, struct udev_device *device, IOService *provider,
                                   IOService **ret_below)
{
    struct udev_device *parent = udev_device_get_parent(device);
    IOService          *disk   = parent ? LinuxDevices_getNub(devices, udev_device_get_syspath(parent)) : NULL;
    IOService          *whole  = disk ? copyWholeMedia(disk) : NULL;
    IOPartitionScheme  *scheme = whole ? copyScheme(whole, device) : NULL;
    IOMedia            *media  = scheme ? publishMedia(scheme, device) : NULL;
    if (media)
        IORegistryEntry_setPropertyString(&media->super.super.super, kLinuxSysfsPathKey, udev_device_get_syspath(device));
    OSRelease(scheme);
    OSRelease(whole);
    return media ? &media->super.super : NULL;
}

const LinuxKind LinuxDiskKind      = {"block", "disk", publishDisk, diskChanged};
const LinuxKind LinuxPartitionKind = {"block", "partition", publishPartition, NULL};
