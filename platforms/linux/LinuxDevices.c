/* SPDX-License-Identifier: MIT */
/*
 * Enumeration and hot-plug through libudev.
 *
 * The monitor is opened before the enumeration, so that no device is missed between the two; a device that both
 * report is published once, because the table already has its path. Where udevd runs its monitor is used (its rules have
 * then been applied to the device), elsewhere the kernel's.
 *
 * When a device goes, the kernel reports each device below it first; a nub whose ancestor was terminated earlier is
 * already inactive then, and terminating it again changes nothing. When events were lost (the socket's buffer was full)
 * the table is compared with what is there.
 */
#include "LinuxDevices.h"

#include <errno.h>
#include <pci/pci.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <IOKit/IOLib.h>

enum { kBuckets = 512, kReceiveBufferBytes = 4 * 1024 * 1024 };

typedef struct Entry {
    struct Entry    *next;
    IOService       *nub;   /* owned */
    IOService       *below; /* owned; NULL: the nub itself */
    const LinuxKind *kind;  /* NULL for a folder that is no device */
    char             syspath[];
} Entry;

struct LinuxDevices {
    IOService           *expert; /* borrowed */
    struct udev         *udev;
    struct udev_monitor *monitor;
    struct pci_access   *pciNames; /* owned; NULL until asked for */
    struct udev_hwdb    *hwdb;       /* owned; NULL until asked for */
    char                *primary;    /* owned; the sysfs path of the primary network interface, or NULL */
    Entry               *buckets[kBuckets];
};

static Entry **findLink(LinuxDevices *self, const char *syspath)
{
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (const char *c = syspath; *c; c++)
        hash = (hash ^ (unsigned char)*c) * 16777619u;
    Entry **link = &self->buckets[hash % kBuckets];
    while (*link && strcmp((*link)->syspath, syspath) != 0)
        link = &(*link)->next;
    return link;
}

IOService *LinuxDevices_getNub(LinuxDevices *self, const char *syspath)
{
    Entry *entry = syspath ? *findLink(self, syspath) : NULL;
    return entry ? entry->nub : NULL;
}

IOService *LinuxDevices_getBelow(LinuxDevices *self, const char *syspath)
{
    Entry *entry = syspath ? *findLink(self, syspath) : NULL;
    if (!entry)
        return NULL;
    return entry->below ? entry->below : entry->nub;
}

IOService *LinuxDevices_getExpert(LinuxDevices *self)
{
    return self->expert;
}

bool LinuxDevices_takePrimary(LinuxDevices *self, const char *syspath)
{
    if (self->primary && LinuxDevices_getNub(self, self->primary))
        return false;
    IOFreeString(self->primary);
    self->primary = IOMallocString(syspath);
    return self->primary != NULL;
}

/* libpci wants these; a name that is missing is no news. */
static void ignoreMessage(char *message, ...)
{
}

/* Called by libpci when it cannot go on, which is without memory only: it must not return. */
static void fail(char *message, ...) __attribute__((noreturn));
static void fail(char *message, ...)
{
    panic("linux: libpci: %s", message);
}

struct pci_access *LinuxDevices_getPCINames(LinuxDevices *self)
{
    if (self->pciNames)
        return self->pciNames;
    self->pciNames = pci_alloc();
    if (self->pciNames) {
        self->pciNames->error   = fail;
        self->pciNames->warning = ignoreMessage;
        self->pciNames->debug   = ignoreMessage;
    }
    return self->pciNames;
}

struct udev_hwdb *LinuxDevices_getHardwareDatabase(LinuxDevices *self)
{
    if (!self->hwdb)
        self->hwdb = udev_hwdb_new(self->udev);
    return self->hwdb;
}

struct udev *LinuxDevices_getUdev(LinuxDevices *self)
{
    return self->udev;
}

static const LinuxKind *kindOf(struct udev_device *device)
{
    const char *subsystem = udev_device_get_subsystem(device);
    const char *devtype   = udev_device_get_devtype(device);
    if (!subsystem)
        return NULL;
    for (const LinuxKind *const *kind = LinuxKinds; *kind; kind++) {
        if (strcmp((*kind)->subsystem, subsystem) != 0)
            continue;
        if (!(*kind)->devtype || (devtype && strcmp((*kind)->devtype, devtype) == 0))
            return *kind;
    }
    return NULL;
}

/* The nub of the nearest ancestor that has one. udev_device_get_parent's result belongs to the child. */
static IOService *providerOf(LinuxDevices *self, struct udev_device *device)
{
    for (struct udev_device *parent = udev_device_get_parent(device); parent; parent = udev_device_get_parent(parent)) {
        IOService *below = LinuxDevices_getBelow(self, udev_device_get_syspath(parent));
        if (below)
            return below;
    }
    return self->expert;
}

/* Retains the services. */
static bool remember(LinuxDevices *self, const char *syspath, const LinuxKind *kind, IOService *nub, IOService *below)
{
    size_t length = strlen(syspath) + 1;
    Entry *entry  = IOMallocZero(sizeof *entry + length);
    if (!entry) {
        IOLog("linux: no memory to keep %s", syspath);
        return false;
    }
    memcpy(entry->syspath, syspath, length);
    entry->nub             = OSRetain(nub);
    entry->below           = OSRetain(below);
    entry->kind            = kind;
    *findLink(self, syspath) = entry;
    return true;
}

bool LinuxDevices_enter(LinuxDevices *self, const char *syspath, IOService *nub)
{
    return remember(self, syspath, NULL, nub, NULL);
}

static void forget(Entry **link)
{
    Entry *entry = *link;
    *link        = entry->next;
    OSRelease(entry->nub);
    OSRelease(entry->below);
    IOFree(entry, sizeof *entry + strlen(entry->syspath) + 1);
}

static void add(LinuxDevices *self, struct udev_device *device)
{
    const char      *syspath = udev_device_get_syspath(device);
    const LinuxKind *kind    = kindOf(device);
    Entry          **link    = findLink(self, syspath);
    if (!kind || (*link && !IOService_isInactive((*link)->nub)))
        return;
    if (*link)
        forget(link);
    IOService *below = NULL;
    IOService *nub   = kind->publish(self, device, providerOf(self, device), &below);
    if (nub && !remember(self, syspath, kind, nub, below))
        IOService_terminate(nub, 0);
    OSRelease(below);
    OSRelease(nub);
}

static void removeDevice(LinuxDevices *self, const char *syspath)
{
    Entry **link = findLink(self, syspath);
    if (!*link)
        return;
    IOService       *nub      = OSRetain((*link)->nub);
    IOService       *provider = IOService_copyProvider(nub);
    const LinuxKind *kind     = (*link)->kind;
    forget(link);
    IOService_terminate(nub, 0);
    if (kind && kind->removed)
        kind->removed(self, provider);
    OSRelease(provider);
    OSRelease(nub);
}

static void change(LinuxDevices *self, struct udev_device *device)
{
    Entry *entry = *findLink(self, udev_device_get_syspath(device));
    if (!entry)
        add(self, device);
    else if (entry->kind && entry->kind->changed)
        entry->kind->changed(self, device, entry->nub);
}

/* A network interface that was renamed has another path: it is another service. */
static void move(LinuxDevices *self, struct udev_device *device)
{
    const char *old = udev_device_get_property_value(device, "DEVPATH_OLD");
    char        path[4096];
    if (old && (size_t)snprintf(path, sizeof path, "/sys%s", old) < sizeof path)
        removeDevice(self, path);
    add(self, device);
}

static void handle(LinuxDevices *self, struct udev_device *device)
{
    const char *action = udev_device_get_action(device);
    if (!action || strcmp(action, "add") == 0)
        add(self, device);
    else if (strcmp(action, "remove") == 0)
        removeDevice(self, udev_device_get_syspath(device));
    else if (strcmp(action, "change") == 0)
        change(self, device);
    else if (strcmp(action, "move") == 0)
        move(self, device);
}

/* Removes the devices that are there no more. Children have longer paths than their parents, and are terminated with
 * them if those come first. */
static void removeMissing(LinuxDevices *self)
{
    for (unsigned i = 0; i < kBuckets; i++) {
        for (Entry *entry = self->buckets[i]; entry;) {
            bool isMissing = entry->kind && access(entry->syspath, F_OK) != 0;
            if (isMissing)
                removeDevice(self, entry->syspath);
            entry = isMissing ? self->buckets[i] : entry->next;
        }
    }
}

void LinuxDevices_receive(LinuxDevices *self)
{
    errno                      = 0;
    struct udev_device *device = udev_monitor_receive_device(self->monitor);
    if (device) {
        handle(self, device);
        udev_device_unref(device);
    } else if (errno == ENOBUFS) {
        IOLog("linux: events of devices were lost; looking at all of them");
        removeMissing(self);
        LinuxDevices_enumerate(self);
    }
}

/* Publishes what an enumeration finds; consumes it. */
static void addAll(LinuxDevices *self, struct udev_enumerate *enumerate)
{
    struct udev_list_entry *entry;
    if (udev_enumerate_scan_devices(enumerate) < 0)
        IOLog("linux: the devices of /sys cannot be listed");
    udev_list_entry_foreach(entry, udev_enumerate_get_list_entry(enumerate))
    {
        struct udev_device *device = udev_device_new_from_syspath(self->udev, udev_list_entry_get_name(entry));
        if (!device)
            continue; /* gone meanwhile */
        add(self, device);
        udev_device_unref(device);
    }
    udev_enumerate_unref(enumerate);
}

void LinuxDevices_enumerate(LinuxDevices *self)
{
    struct udev_enumerate *enumerate = udev_enumerate_new(self->udev);
    if (!enumerate)
        return;
    for (const LinuxKind *const *kind = LinuxKinds; *kind; kind++)
        udev_enumerate_add_match_subsystem(enumerate, (*kind)->subsystem);
    addAll(self, enumerate);
}

void LinuxDevices_addBelow(LinuxDevices *self, struct udev_device *device, const char *subsystem)
{
    struct udev_enumerate *enumerate = udev_enumerate_new(self->udev);
    if (!enumerate)
        return;
    udev_enumerate_add_match_parent(enumerate, device);
    udev_enumerate_add_match_subsystem(enumerate, subsystem);
    addAll(self, enumerate);
}

int LinuxDevices_getDescriptor(const LinuxDevices *self)
{
    return udev_monitor_get_fd(self->monitor);
}

LinuxDevices *LinuxDevices_create(IOService *expert)
{
    LinuxDevices *self = IOMallocZero(sizeof *self);
    if (!self)
        return NULL;
    bool udevdRuns = access("/run/udev/control", F_OK) == 0;
    self->expert   = expert;
    self->udev     = udev_new();
    if (self->udev)
        self->monitor = udev_monitor_new_from_netlink(self->udev, udevdRuns ? "udev" : "kernel");
    if (!self->monitor || udev_monitor_enable_receiving(self->monitor) < 0) {
        IOLog("linux: no monitor for devices");
        LinuxDevices_destroy(self);
        return NULL;
    }
    (void)udev_monitor_set_receive_buffer_size(self->monitor, kReceiveBufferBytes); /* the default works too */
    return self;
}

void LinuxDevices_destroy(LinuxDevices *self)
{
    if (!self)
        return;
    for (unsigned i = 0; i < kBuckets; i++)
        while (self->buckets[i])
            forget(&self->buckets[i]);
    if (self->pciNames)
        pci_cleanup(self->pciNames);
    IOFreeString(self->primary);
    udev_hwdb_unref(self->hwdb); /* these three take NULL */
    udev_monitor_unref(self->monitor);
    udev_unref(self->udev);
    IOFree(self, sizeof *self);
}
