/* SPDX-License-Identifier: MIT */
/*
 * The Linux devices that are services: a table from a device's path in sysfs to its nub.
 *
 * How a kind of device becomes services is one LinuxKind in a file of its own; kinds.c lists them. Adding one adds a file
 * and a line there. The table and every kind are used by one thread at a time: the one that runs the driver's start,
 * then the monitor's, then the one that runs stop.
 */
#ifndef PLATFORMS_LINUX_LINUXDEVICES_H
#define PLATFORMS_LINUX_LINUXDEVICES_H

#include <libudev.h>

#include <IOKit/IOService.h>

struct pci_access;

typedef struct LinuxDevices LinuxDevices;

typedef struct LinuxKind {
    const char *subsystem;
    const char *devtype; /* NULL: any */
    /*
     * Makes the services of a device: attaches the nub and what belongs to it, registers them.
     *   provider    what the nearest ancestor in sysfs published, else the platform's expert
     *   ret_below   +1: what devices below this one attach to; left alone when that is the nub itself
     * Returns       +1: the nub, which is terminated when the device goes; NULL: the device is not shown
     */
    IOService *(*publish)(LinuxDevices *devices, struct udev_device *device, IOService *provider,
                          IOService **ret_below);
    /* The kernel said that the device changed; NULL: nothing to do. */
    void (*changed)(LinuxDevices *devices, struct udev_device *device, IOService *nub);
    /* The device is gone and its nub was terminated; provider: what that hung below, or NULL. Not set: nothing to do. */
    void (*removed)(LinuxDevices *devices, IOService *provider);
} LinuxKind;

/* All kinds, ended by NULL. */
extern const LinuxKind *const LinuxKinds[];

/* NULL without memory or without libudev. expert is borrowed: the devices must be destroyed before its stop returns. */
LinuxDevices *LinuxDevices_create(IOService *expert);
/* Publishes what is there now, parents before children. */
void LinuxDevices_enumerate(LinuxDevices *self);
/* Readable when LinuxDevices_receive has an event to handle. */
int LinuxDevices_getDescriptor(const LinuxDevices *self);
/* Handles one event of the kernel: publishes, updates or terminates. */
void LinuxDevices_receive(LinuxDevices *self);
/* Forgets all devices; their services are left to the registry. Takes NULL. */
void LinuxDevices_destroy(LinuxDevices *self);

/* The nub of that device; borrowed, NULL when it has none. */
IOService *LinuxDevices_getNub(LinuxDevices *self, const char *syspath);
/* What devices below that one attach to; borrowed, NULL when it has no nub. */
IOService *LinuxDevices_getBelow(LinuxDevices *self, const char *syspath);
/* Enters a service that stands for a folder of sysfs which is no device of its own (a root bus); retains both. */
bool LinuxDevices_enter(LinuxDevices *self, const char *syspath, IOService *nub);
/* Publishes the devices of that subsystem below a device that have no nub, or one that is going away. */
void LinuxDevices_addBelow(LinuxDevices *self, struct udev_device *device, const char *subsystem);
/* The expert all devices stand below; borrowed. */
IOService *LinuxDevices_getExpert(LinuxDevices *self);
/* Whether this interface becomes the primary one: true for the first caller, and for one that comes when that is gone. */
bool LinuxDevices_takePrimary(LinuxDevices *self, const char *syspath);
/* libpci's names, opened when first asked for; borrowed, NULL without memory. */
struct pci_access *LinuxDevices_getPCINames(LinuxDevices *self);
/* udev's database of names, opened when first asked for; borrowed, NULL when there is none. */
struct udev_hwdb *LinuxDevices_getHardwareDatabase(LinuxDevices *self);
struct udev      *LinuxDevices_getUdev(LinuxDevices *self);

#endif
