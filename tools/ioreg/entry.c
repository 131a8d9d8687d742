/* SPDX-License-Identifier: MIT */
/* One entry of the registry: whether it is chosen, its line, its properties. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <IOKit/IOKitKeysPrivate.h>
#include <IOKit/IOKitLibPrivate.h>

#include "ioreg.h"

enum { kNanosecondsPerMillisecond = 1000000 };

/* ---- Choosing ---- */

/* The entry's property of that name, +1, or NULL. */
static CFTypeRef copy_property(io_registry_entry_t entry, const char *name)
{
    CFStringRef key = CFStringCreateWithCString(kCFAllocatorDefault, name, kCFStringEncodingUTF8);
    if (!key)
        return NULL;
    CFTypeRef value = IORegistryEntryCreateCFProperty(entry, key, kCFAllocatorDefault, kNilOptions);
    CFRelease(key);
    return value;
}

/* Whether the array has a string with that text. */
static bool names_class(CFArrayRef classes, const char *className)
{
    CFStringRef name = CFStringCreateWithCString(kCFAllocatorDefault, className, kCFStringEncodingUTF8);
    if (!name)
        return false;
    bool found = CFArrayContainsValue(classes, CFRangeMake(0, CFArrayGetCount(classes)), name);
    CFRelease(name);
    return found;
}

/* -c: a driver in a process of its own names its classes itself; for all others the class in the host counts. */
static bool has_class(io_registry_entry_t entry, const char *className)
{
    CFTypeRef classes = theOptions.noUserClasses ? NULL : copy_property(entry, kIOUserClassesKey);
    bool      result  = classes && CFGetTypeID(classes) == CFArrayGetTypeID()
                            ? names_class(classes, className)
                            : _IOObjectConformsTo(entry, className, kIOClassNameOverrideNone);
    if (classes)
        CFRelease(classes);
    return result;
}

static bool has_key(io_registry_entry_t entry, const char *key)
{
    CFTypeRef value = copy_property(entry, key);
    if (value)
        CFRelease(value);
    return value != NULL;
}

/* -n: the name, or name@location when the argument has an '@'. */
static bool has_name(io_registry_entry_t entry, const char *wanted)
{
    io_name_t name;
    io_name_t location = "";
    entry_get_name(entry, name);
    if (!strchr(wanted, '@'))
        return strcmp(name, wanted) == 0;
    (void)IORegistryEntryGetLocationInPlane(entry, theOptions.plane, location); /* none is "" */
    size_t length = strlen(name);
    return strncmp(wanted, name, length) == 0 && wanted[length] == '@' && strcmp(wanted + length + 1, location) == 0;
}

bool entry_is_chosen(io_registry_entry_t entry)
{
    if (!theOptions.className && !theOptions.key && !theOptions.name)
        return false;
    return (!theOptions.className || has_class(entry, theOptions.className)) &&
           (!theOptions.key || has_key(entry, theOptions.key)) &&
           (!theOptions.name || has_name(entry, theOptions.name));
}

/* ---- Its line ---- */

void entry_get_name(io_registry_entry_t entry, io_name_t name)
{
    if (IORegistryEntryGetNameInPlane(entry, theOptions.plane, name) == kIOReturnSuccess)
        return;
    tool_warn(&theTool, "error: can't obtain name");
    strcpy(name, "<name error>");
}

/* The class with its ancestors in front, but for OSObject. */
static void show_inheritance(CFStringRef className)
{
    CFStringRef super = IOObjectCopySuperclassForClass(className);
    if (super && !CFEqual(super, CFSTR("OSObject"))) {
        show_inheritance(super);
        line_print(":");
    }
    if (super)
        CFRelease(super);
    io_name_t text;
    if (CFStringGetCString(className, text, sizeof text, kCFStringEncodingUTF8))
        line_print("%s", text);
}

static void show_class(io_registry_entry_t entry)
{
    CFStringRef className = _IOObjectCopyClass(entry, kIOClassNameOverrideNone);
    if (!className) {
        tool_warn(&theTool, "error: can't obtain class");
        line_print("<class error>");
        return;
    }
    io_name_t text;
    if (theOptions.inheritance)
        show_inheritance(className);
    else if (CFStringGetCString(className, text, sizeof text, kCFStringEncodingUTF8))
        line_print("%s", text);
    CFRelease(className);
}

/* For services: how far registration got, and how busy they are and were. */
static void show_state(io_service_t service)
{
    uint64_t state;
    uint32_t busy;
    uint64_t time;
    if (IOServiceGetBusyStateAndTime(service, &state, &busy, &time) != kIOReturnSuccess)
        tool_warn(&theTool, "error: can't obtain state"); /* and it is shown as zeros */
    line_print(", %sregistered, %smatched, %sactive, busy %" PRIu32, state & kIOServiceRegisteredState ? "" : "!",
               state & kIOServiceMatchedState ? "" : "!", state & kIOServiceInactiveState ? "in" : "", busy);
    if (time)
        line_print(" (%" PRIu64 " ms)", time / kNanosecondsPerMillisecond);
}

static void show_line(io_registry_entry_t entry, const position *where)
{
    io_name_t name;
    io_name_t location;
    uint64_t  entryID;
    entry_get_name(entry, name);
    line_indent_entry(where);
    if (theOptions.bold)
        line_set_bold(true);
    line_print("%s", name);
    if (theOptions.bold)
        line_set_bold(false);
    if (IORegistryEntryGetLocationInPlane(entry, theOptions.plane, location) == kIOReturnSuccess)
        line_print("@%s", location);
    line_print("  <class ");
    show_class(entry);
    if (IORegistryEntryGetRegistryEntryID(entry, &entryID) == kIOReturnSuccess)
        line_print(", id 0x%" PRIx64, entryID);
    if (_IOObjectConformsTo(entry, kIOServiceClass, kIOClassNameOverrideNone))
        show_state(entry);
    line_print(", retain %" PRIu32 ">", IOObjectGetKernelRetainCount(entry));
    line_end();
}

/* ---- Its properties ---- */

struct property_context {
    io_registry_entry_t entry;
    const position     *where;
};

static void show_property(const void *key, const void *value, void *opaque)
{
    const struct property_context *context = opaque;
    line_indent_properties(context->where);
    line_print("  ");
    value_show(key);
    line_print(" = ");
    if (theOptions.format) {
        format_show(context->entry, key, value, context->where);
    } else {
        value_show(value);
        line_end();
    }
}

static void show_properties(io_registry_entry_t entry, const position *where)
{
    struct property_context context    = {entry, where};
    CFMutableDictionaryRef  properties = NULL;
    if (IORegistryEntryCreateCFProperties(entry, &properties, kCFAllocatorDefault, kNilOptions) != kIOReturnSuccess)
        tool_warn(&theTool, "error: can't obtain properties");
    line_indent_properties(where);
    line_print("{");
    line_end();
    if (properties) {
        CFDictionaryApplyFunction(properties, show_property, &context);
        CFRelease(properties);
    }
    line_indent_properties(where);
    line_print("}");
    line_end();
    line_indent_properties(where);
    line_end();
}

void entry_show(io_registry_entry_t entry, const position *where)
{
    show_line(entry, where);
    if (theOptions.list || entry_is_chosen(entry))
        show_properties(entry, where);
}
