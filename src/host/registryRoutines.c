/* SPDX-License-Identifier: MIT */
/* Routines on the registry's shape: names, paths, planes, walks (SEMANTICS 5.53). */
#include <stdio.h>
#include <string.h>

#include <IOKit/IORegistryIterator.h>
#include <libkern/OSSymbol.h>

#include "routines.h"
#include "userIterator.h"

/* The plane of a name; an empty name is no plane. */
static const IORegistryPlane *planeOf(const char *name)
{
    return name[0] ? IORegistryEntry_getPlane(name) : NULL;
}

/* A wrapper for an iterator that was just made. */
static OSObject *wrap(OSIterator *iterator)
{
    return OSObjectOf(IOUserIterator_withIterator(iterator));
}

static OSObject *wrapWalk(IORegistryIterator *walk)
{
    return wrap(walk ? &walk->super : NULL);
}

kern_return_t handle_io_registry_get_root_entry(HostClient *client,
                                                struct io_registry_get_root_entry_arguments *arguments)
{
    (void)client;
    arguments->root = OSObjectOf(OSRetain(IORegistryEntry_getRegistryRoot()));
    return kIOReturnSuccess;
}

kern_return_t handle_io_registry_create_iterator(HostClient *client,
                                                 struct io_registry_create_iterator_arguments *arguments)
{
    (void)client;
    arguments->iterator = wrapWalk(IORegistryIterator_iterateOverPlane(planeOf(arguments->plane), arguments->options));
    return arguments->iterator ? kIOReturnSuccess : kIOReturnBadArgument;
}

kern_return_t handle_io_registry_entry_create_iterator(HostClient *client, IORegistryEntry *target,
                                                       struct io_registry_entry_create_iterator_arguments *arguments)
{
    (void)client;
    arguments->iterator =
        wrapWalk(IORegistryIterator_iterateOver(target, planeOf(arguments->plane), arguments->options));
    return arguments->iterator ? kIOReturnSuccess : kIOReturnBadArgument;
}

kern_return_t handle_io_registry_iterator_enter_entry(HostClient *client, OSIterator *target,
                                                      struct io_registry_iterator_enter_entry_arguments *arguments)
{
    (void)client, (void)arguments;
    IOUserIterator *iterator = OSDynamicCast(IOUserIterator, target);
    return iterator ? IOUserIterator_enterEntry(iterator) : kIOReturnBadArgument;
}

kern_return_t handle_io_registry_iterator_exit_entry(HostClient *client, OSIterator *target,
                                                     struct io_registry_iterator_exit_entry_arguments *arguments)
{
    (void)client, (void)arguments;
    IOUserIterator *iterator = OSDynamicCast(IOUserIterator, target);
    return iterator ? IOUserIterator_exitEntry(iterator) : kIOReturnBadArgument;
}

kern_return_t handle_io_registry_entry_from_path(HostClient *client,
                                                 struct io_registry_entry_from_path_arguments *arguments)
{
    (void)client;
    arguments->registry_entry = OSObjectOf(IORegistryEntry_fromPath(arguments->path, NULL, NULL, NULL, NULL));
    return kIOReturnSuccess; /* with or without an entry */
}

kern_return_t
handle_io_registry_entry_get_child_iterator(HostClient *client, IORegistryEntry *target,
                                            struct io_registry_entry_get_child_iterator_arguments *arguments)
{
    (void)client;
    arguments->iterator = wrap(IORegistryEntry_getChildIterator(target, planeOf(arguments->plane)));
    return kIOReturnSuccess;
}

kern_return_t
handle_io_registry_entry_get_parent_iterator(HostClient *client, IORegistryEntry *target,
                                             struct io_registry_entry_get_parent_iterator_arguments *arguments)
{
    (void)client;
    arguments->iterator = wrap(IORegistryEntry_getParentIterator(target, planeOf(arguments->plane)));
    return kIOReturnSuccess;
}

static kern_return_t nameIn(IORegistryEntry *entry, const IORegistryPlane *plane, char *text)
{
    const OSSymbol *name = IORegistryEntry_copyName(entry, plane);
    if (!name)
        return kIOReturnNoMemory;
    snprintf(text, kLimitName, "%s", OSSymbol_getCStringNoCopy(name));
    OSRelease(name);
    return kIOReturnSuccess;
}

kern_return_t handle_io_registry_entry_get_name(HostClient *client, IORegistryEntry *target,
                                                struct io_registry_entry_get_name_arguments *arguments)
{
    (void)client;
    return nameIn(target, NULL, arguments->name);
}

kern_return_t
handle_io_registry_entry_get_name_in_plane(HostClient *client, IORegistryEntry *target,
                                           struct io_registry_entry_get_name_in_plane_arguments *arguments)
{
    (void)client;
    return nameIn(target, planeOf(arguments->plane), arguments->name);
}

kern_return_t
handle_io_registry_entry_get_location_in_plane(HostClient *client, IORegistryEntry *target,
                                               struct io_registry_entry_get_location_in_plane_arguments *arguments)
{
    (void)client;
    const OSSymbol *location = IORegistryEntry_copyLocation(target, planeOf(arguments->plane));
    if (!location)
        return kIOReturnNotFound;
    snprintf(arguments->location, kLimitName, "%s", OSSymbol_getCStringNoCopy(location));
    OSRelease(location);
    return kIOReturnSuccess;
}

static kern_return_t pathIn(IORegistryEntry *entry, const char *plane, char *path, int length)
{
    if (IORegistryEntry_getPath(entry, path, &length, planeOf(plane)))
        return kIOReturnSuccess;
    return kIOReturnBadArgument;
}

kern_return_t handle_io_registry_entry_get_path(HostClient *client, IORegistryEntry *target,
                                                struct io_registry_entry_get_path_arguments *arguments)
{
    (void)client;
    return pathIn(target, arguments->plane, arguments->path, kLimitString);
}

kern_return_t handle_io_registry_entry_get_path_ool(HostClient *client, IORegistryEntry *target,
                                                    struct io_registry_entry_get_path_ool_arguments *arguments)
{
    (void)client;
    return pathIn(target, arguments->plane, arguments->path, kLimitPath);
}

/* A plane that does not exist is no plane: whether the entry is in any, as Apple's kernel answers. */
kern_return_t handle_io_registry_entry_in_plane(HostClient *client, IORegistryEntry *target,
                                                struct io_registry_entry_in_plane_arguments *arguments)
{
    (void)client;
    arguments->inPlane = IORegistryEntry_inPlane(target, planeOf(arguments->plane));
    return kIOReturnSuccess;
}

kern_return_t
handle_io_registry_entry_get_registry_entry_id(HostClient *client, IORegistryEntry *target,
                                               struct io_registry_entry_get_registry_entry_id_arguments *arguments)
{
    (void)client;
    arguments->entry_id = IORegistryEntry_getRegistryEntryID(target);
    return kIOReturnSuccess;
}

kern_return_t
handle_io_device_tree_entry_exists_with_name(HostClient *client,
                                             struct io_device_tree_entry_exists_with_name_arguments *arguments)
{
    (void)client;
    const IORegistryPlane *plane = IORegistryEntry_getPlane("IODeviceTree");
    IORegistryIterator *walk = IORegistryIterator_iterateOverPlane(plane, kIORegistryIterateRecursively);
    IORegistryEntry *entry;
    while (walk && !arguments->exists && (entry = IORegistryIterator_getNextObject(walk))) {
        const OSSymbol *name = IORegistryEntry_copyName(entry, plane);
        arguments->exists = name && strcmp(OSSymbol_getCStringNoCopy(name), arguments->name) == 0;
        OSRelease(name);
    }
    OSRelease(walk);
    return kIOReturnSuccess;
}
