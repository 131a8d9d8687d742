/* SPDX-License-Identifier: MIT */
/*
 * IOKitLib: handles, classes and iterators (SEMANTICS 10a). A handle is a Mach port name of this process; its
 * references are kept by the table of names, which tells the host when the last one goes. No state, no locks.
 */
#include <stdlib.h>
#include <string.h>

#include <CoreFoundation/CoreFoundation.h>
#include <IOKit/IOKitKeysPrivate.h>
#include <IOKit/IOKitLibPrivate.h>
#include <mach/mach.h>

#include "IOKitLibInternal.h"
#include "protocol/client.h"

const mach_port_t kIOMainPortDefault   = MACH_PORT_NULL;
const mach_port_t kIOMasterPortDefault = MACH_PORT_NULL;

kern_return_t IOMainPort(mach_port_t bootstrapPort, mach_port_t *mainPort)
{
    *mainPort = mach_host_self();
    return KERN_SUCCESS;
}

kern_return_t IOMasterPort(mach_port_t bootstrapPort, mach_port_t *mainPort)
{
    return IOMainPort(bootstrapPort, mainPort);
}

/* ---- Handles ---- */

kern_return_t IOObjectRelease(io_object_t object)
{
    return object ? mach_port_deallocate(mach_task_self(), object) : KERN_SUCCESS;
}

kern_return_t IOObjectRetain(io_object_t object)
{
    return mach_port_mod_refs(mach_task_self(), object, MACH_PORT_RIGHT_SEND, 1);
}

boolean_t IOObjectIsEqualTo(io_object_t object, io_object_t anObject)
{
    return object == anObject; /* the host gives one name for one object */
}

uint32_t IOObjectGetKernelRetainCount(io_object_t object)
{
    uint32_t count = 0;
    return io_object_get_retain_count(object, &count) == KERN_SUCCESS ? count : 0;
}

uint32_t IOObjectGetRetainCount(io_object_t object)
{
    return IOObjectGetKernelRetainCount(object);
}

uint32_t IOObjectGetUserRetainCount(io_object_t object)
{
    mach_port_urefs_t count  = 0;
    kern_return_t     result = mach_port_get_refs(mach_task_self(), object, MACH_PORT_RIGHT_SEND, &count);
    return result == KERN_SUCCESS ? count : 0;
}

/* ---- Classes ---- */

/* The string property IOClassNameOverride of the object, +1, or NULL. */
static CFStringRef copy_override(io_object_t object)
{
    CFTypeRef value = IORegistryEntryCreateCFProperty(object, CFSTR(kIOClassNameOverrideKey), kCFAllocatorDefault, 0);
    if (value && CFGetTypeID(value) != CFStringGetTypeID()) {
        CFRelease(value);
        value = NULL;
    }
    return value;
}

kern_return_t _IOObjectGetClass(io_object_t object, uint64_t options, io_name_t className)
{
    CFStringRef override = options & kIOClassNameOverrideNone ? NULL : copy_override(object);
    if (override) {
        bool taken = CFStringGetCString(override, className, sizeof(io_name_t), kCFStringEncodingUTF8);
        CFRelease(override);
        if (taken)
            return kIOReturnSuccess;
    }
    return io_object_get_class(object, className);
}

kern_return_t IOObjectGetClass(io_object_t object, io_name_t className)
{
    return _IOObjectGetClass(object, 0, className);
}

CFStringRef _IOObjectCopyClass(io_object_t object, uint64_t options)
{
    io_name_t name;
    if (!object || _IOObjectGetClass(object, options, name) != kIOReturnSuccess)
        return NULL;
    return iokit_create_string(name);
}

CFStringRef IOObjectCopyClass(io_object_t object)
{
    return _IOObjectCopyClass(object, 0);
}

/* The two questions about a class that the host answers with a name. */
typedef kern_return_t NameOfClass(mach_port_t mainPort, const char *className, char *ret_name);

static CFStringRef copy_name_of_class(NameOfClass *ask, CFStringRef className)
{
    io_name_t name;
    char     *text  = iokit_copy_text(className);
    bool      found = text && ask(kIOMainPortDefault, text, name) == kIOReturnSuccess;
    free(text);
    return found ? iokit_create_string(name) : NULL;
}

CFStringRef IOObjectCopySuperclassForClass(CFStringRef classname)
{
    return copy_name_of_class(io_object_get_superclass, classname);
}

CFStringRef IOObjectCopyBundleIdentifierForClass(CFStringRef classname)
{
    return copy_name_of_class(io_object_get_bundle_identifier, classname);
}

boolean_t _IOObjectConformsTo(io_object_t object, const char *className, uint64_t options)
{
    uint32_t conforms = 0;
    if (io_object_conforms_to(object, className, &conforms) != kIOReturnSuccess)
        conforms = 0;
    if (!conforms && !(options & kIOClassNameOverrideNone)) {
        CFStringRef override = copy_override(object);
        char       *name     = iokit_copy_text(override);
        conforms             = name && strcmp(name, className) == 0;
        free(name);
        if (override)
            CFRelease(override);
    }
    return conforms != 0;
}

boolean_t IOObjectConformsTo(io_object_t object, const char *className)
{
    return _IOObjectConformsTo(object, className, 0);
}

/* ---- Iterators ---- */

io_object_t IOIteratorNext(io_iterator_t iterator)
{
    mach_port_t next = 0;
    return io_iterator_next(iterator, &next) == kIOReturnSuccess ? next : 0;
}

void IOIteratorReset(io_iterator_t iterator)
{
    (void)io_iterator_reset(iterator); /* the API has no way to say that the iterator is gone */
}

boolean_t IOIteratorIsValid(io_iterator_t iterator)
{
    uint32_t valid = 0;
    return io_iterator_is_valid(iterator, &valid) == kIOReturnSuccess && valid;
}
