/* SPDX-License-Identifier: MIT */
/* Routines on handles, any object, and iterators. */
#include <stdio.h>

#include "client.h"
#include "routines.h"
#include "userIterator.h"

/* ---- Handles ---- */

kern_return_t handle_io_handle_mod_refs(HostClient *client, mach_port_t target,
                                        struct io_handle_mod_refs_arguments *arguments)
{
    return HandleTable_modify(client->handles, target, (int32_t)arguments->delta);
}

kern_return_t handle_io_handle_get_refs(HostClient *client, mach_port_t target,
                                        struct io_handle_get_refs_arguments *arguments)
{
    return HandleTable_getReferences(client->handles, target, &arguments->count);
}

/* ---- Objects and classes ---- */

kern_return_t handle_io_object_get_class(HostClient *client, OSObject *target,
                                         struct io_object_get_class_arguments *arguments)
{
    (void)client;
    snprintf(arguments->className, kLimitName, "%s", OSObject_getClassName(target));
    return kIOReturnSuccess;
}

kern_return_t handle_io_object_conforms_to(HostClient *client, OSObject *target,
                                           struct io_object_conforms_to_arguments *arguments)
{
    (void)client;
    arguments->conforms = OSMetaClass_checkMetaCastWithName(arguments->className, target) != NULL;
    return kIOReturnSuccess;
}

kern_return_t handle_io_object_get_retain_count(HostClient *client, OSObject *target,
                                                struct io_object_get_retain_count_arguments *arguments)
{
    (void)client;
    arguments->retainCount = (uint32_t)OSObject_getRetainCount(target);
    return kIOReturnSuccess;
}

kern_return_t handle_io_object_get_superclass(HostClient *client, struct io_object_get_superclass_arguments *arguments)
{
    (void)client;
    const OSMetaClass *metaClass = OSMetaClass_getMetaClassWithName(arguments->obj_name);
    const OSMetaClass *superClass = metaClass ? OSMetaClass_getSuperClass(metaClass) : NULL;
    if (!superClass)
        return kIOReturnNotFound;
    snprintf(arguments->class_name, kLimitName, "%s", OSMetaClass_getClassName(superClass));
    return kIOReturnSuccess;
}

kern_return_t handle_io_object_get_bundle_identifier(HostClient *client,
                                                     struct io_object_get_bundle_identifier_arguments *arguments)
{
    (void)client;
    const OSMetaClass *metaClass = OSMetaClass_getMetaClassWithName(arguments->obj_name);
    if (!metaClass)
        return kIOReturnNotFound;
    snprintf(arguments->class_name, kLimitName, "%s", metaClass->module);
    return kIOReturnSuccess;
}

/* ---- Iterators ---- */

kern_return_t handle_io_iterator_next(HostClient *client, OSIterator *target,
                                      struct io_iterator_next_arguments *arguments)
{
    (void)client;
    IOUserIterator *iterator = OSDynamicCast(IOUserIterator, target);
    if (!iterator)
        return kIOReturnBadArgument;
    arguments->object = IOUserIterator_copyNextObject(iterator);
    return arguments->object ? kIOReturnSuccess : kIOReturnNoDevice;
}

kern_return_t handle_io_iterator_reset(HostClient *client, OSIterator *target,
                                       struct io_iterator_reset_arguments *arguments)
{
    (void)client, (void)arguments;
    OSIterator_reset(target);
    return kIOReturnSuccess;
}

kern_return_t handle_io_iterator_is_valid(HostClient *client, OSIterator *target,
                                          struct io_iterator_is_valid_arguments *arguments)
{
    (void)client;
    arguments->is_valid = OSIterator_isValid(target);
    return kIOReturnSuccess;
}

kern_return_t handle_io_server_version(HostClient *client, struct io_server_version_arguments *arguments)
{
    (void)client;
    enum { kServerVersion = 20150715 }; /* since when the binary property lists are understood */
    arguments->version = kServerVersion;
    return kIOReturnSuccess;
}
