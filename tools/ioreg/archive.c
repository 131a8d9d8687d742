/* SPDX-License-Identifier: MIT */
/*
 * ioreg -a: the registry as a property list. An entry is a dictionary of its properties (with -l or when chosen) and of
 * what ioreg's lines show, its children an array in it. Property lists have no sets: they become arrays.
 */
#include <stdlib.h>
#include <sysexits.h>

#include <IOKit/IOKitKeysPrivate.h>
#include <IOKit/IOKitLibPrivate.h>

#include "ioreg.h"

/* What was created, or the end of the program. */
static void *checked(const void *created)
{
    if (!created)
        tool_fail(&theTool, EX_OSERR, "error: out of memory");
    return (void *)created;
}

/* ---- Property lists ---- */

static CFTypeRef copy_without_sets(CFTypeRef value);

static void append_without_sets(const void *value, void *array)
{
    CFTypeRef copy = copy_without_sets(value);
    CFArrayAppendValue(array, copy);
    CFRelease(copy);
}

static void set_without_sets(const void *key, const void *value, void *dictionary)
{
    CFTypeRef copy = copy_without_sets(value);
    CFDictionarySetValue(dictionary, key, copy);
    CFRelease(copy);
}

static CFMutableArrayRef create_array(void)
{
    return checked(CFArrayCreateMutable(kCFAllocatorDefault, 0, &kCFTypeArrayCallBacks));
}

static CFMutableDictionaryRef create_dictionary(void)
{
    return checked(CFDictionaryCreateMutable(kCFAllocatorDefault, 0, &kCFTypeDictionaryKeyCallBacks,
                                             &kCFTypeDictionaryValueCallBacks));
}

/* The value with arrays in place of the sets in it. +1 */
static CFTypeRef copy_without_sets(CFTypeRef value)
{
    CFTypeID type = CFGetTypeID(value);
    if (type == CFDictionaryGetTypeID()) {
        CFMutableDictionaryRef dictionary = create_dictionary();
        CFDictionaryApplyFunction(value, set_without_sets, dictionary);
        return dictionary;
    }
    if (type != CFArrayGetTypeID() && type != CFSetGetTypeID())
        return CFRetain(value);
    CFMutableArrayRef array = create_array();
    if (type == CFSetGetTypeID())
        CFSetApplyFunction(value, append_without_sets, array);
    else
        CFArrayApplyFunction(value, CFRangeMake(0, CFArrayGetCount(value)), append_without_sets, array);
    return array;
}

/* Sets the value, whose reference is consumed. */
static void set_value(CFMutableDictionaryRef dictionary, CFStringRef key, CFTypeRef value)
{
    CFDictionarySetValue(dictionary, key, checked(value));
    CFRelease(value);
}

static void set_text(CFMutableDictionaryRef dictionary, CFStringRef key, const char *text)
{
    set_value(dictionary, key, CFStringCreateWithCString(kCFAllocatorDefault, text, kCFStringEncodingUTF8));
}

static void set_number64(CFMutableDictionaryRef dictionary, CFStringRef key, uint64_t number)
{
    set_value(dictionary, key, CFNumberCreate(kCFAllocatorDefault, kCFNumberSInt64Type, &number));
}

static void set_number32(CFMutableDictionaryRef dictionary, CFStringRef key, uint32_t number)
{
    set_value(dictionary, key, CFNumberCreate(kCFAllocatorDefault, kCFNumberSInt32Type, &number));
}

/* ---- One entry ---- */

static CFMutableDictionaryRef copy_properties(io_registry_entry_t entry)
{
    CFMutableDictionaryRef properties = NULL;
    if (!theOptions.list && !entry_is_chosen(entry))
        return create_dictionary();
    if (IORegistryEntryCreateCFProperties(entry, &properties, kCFAllocatorDefault, kNilOptions) != kIOReturnSuccess) {
        tool_warn(&theTool, "error: can't obtain properties");
        return create_dictionary();
    }
    CFTypeRef copy = copy_without_sets(properties);
    CFRelease(properties);
    return (CFMutableDictionaryRef)copy;
}

/* The class and, with -i, an array of its ancestors, but for OSObject, down to it. */
static void set_class(CFMutableDictionaryRef dictionary, io_registry_entry_t entry)
{
    CFStringRef className = _IOObjectCopyClass(entry, kIOClassNameOverrideNone);
    if (!className) {
        tool_warn(&theTool, "error: can't obtain class");
        return;
    }
    CFDictionarySetValue(dictionary, CFSTR("IOObjectClass"), className);
    if (!theOptions.inheritance) {
        CFRelease(className);
        return;
    }
    CFMutableArrayRef ancestors = create_array();
    while (className && !CFEqual(className, CFSTR("OSObject"))) {
        CFArrayInsertValueAtIndex(ancestors, 0, className);
        CFStringRef super = IOObjectCopySuperclassForClass(className);
        CFRelease(className);
        className = super;
    }
    if (className)
        CFRelease(className);
    set_value(dictionary, CFSTR("IOObjectInheritance"), ancestors);
}

static CFMutableDictionaryRef copy_entry(io_registry_entry_t entry)
{
    CFMutableDictionaryRef dictionary = copy_properties(entry);
    io_name_t              text;
    uint64_t               number;
    entry_get_name(entry, text);
    set_text(dictionary, CFSTR("IORegistryEntryName"), text);
    if (IORegistryEntryGetLocationInPlane(entry, theOptions.plane, text) == kIOReturnSuccess)
        set_text(dictionary, CFSTR("IORegistryEntryLocation"), text);
    if (IORegistryEntryGetRegistryEntryID(entry, &number) != kIOReturnSuccess)
        number = UINT64_MAX;
    set_number64(dictionary, CFSTR("IORegistryEntryID"), number);
    set_class(dictionary, entry);
    set_number32(dictionary, CFSTR("IOObjectRetainCount"), IOObjectGetKernelRetainCount(entry));
    if (_IOObjectConformsTo(entry, kIOServiceClass, kIOClassNameOverrideNone)) {
        uint64_t state;
        uint32_t busy;
        uint64_t time;
        if (IOServiceGetBusyStateAndTime(entry, &state, &busy, &time) != kIOReturnSuccess)
            tool_warn(&theTool, "error: can't obtain state");
        set_number64(dictionary, CFSTR("IOServiceState"), state);
        set_number32(dictionary, CFSTR("IOServiceBusyState"), busy);
        set_number64(dictionary, CFSTR("IOServiceBusyTime"), time);
    }
    return dictionary;
}

/* ---- Trees ---- */

/* The entry and what is below it, `levels` of them (0: all). */
static CFMutableDictionaryRef copy_tree(io_registry_entry_t entry, uint32_t depth, uint32_t levels)
{
    CFMutableDictionaryRef dictionary = copy_entry(entry);
    io_iterator_t          children   = 0;
    if (levels == 1 || depth + 1 >= kLevelMax ||
        IORegistryEntryGetChildIterator(entry, theOptions.plane, &children) != kIOReturnSuccess)
        return dictionary;
    CFMutableArrayRef   array = create_array();
    io_registry_entry_t child;
    while ((child = IOIteratorNext(children)) != 0) {
        CFMutableDictionaryRef tree = copy_tree(child, depth + 1, levels ? levels - 1 : 0);
        CFArrayAppendValue(array, tree);
        CFRelease(tree);
        IOObjectRelease(child);
    }
    IOObjectRelease(children);
    if (CFArrayGetCount(array) > 0)
        CFDictionarySetValue(dictionary, CFSTR("IORegistryEntryChildren"), array);
    CFRelease(array);
    return dictionary;
}

CFTypeRef archive_copy_plane(io_registry_entry_t root)
{
    return copy_tree(root, 0, theOptions.depth);
}

/* A chosen subtree, with -t inside its ancestors. */
static CFMutableDictionaryRef copy_root(io_registry_entry_t entry, const io_registry_entry_t *ancestors, uint32_t depth)
{
    CFMutableDictionaryRef tree = copy_tree(entry, depth, theOptions.depth);
    for (uint32_t i = theOptions.tree ? depth : 0; i > 0; i--) {
        CFMutableDictionaryRef parent = copy_entry(ancestors[i - 1]);
        set_value(parent, CFSTR("IORegistryEntryChildren"), tree);
        tree = parent;
    }
    return tree;
}

static void search(io_registry_entry_t entry, io_registry_entry_t *ancestors, uint32_t depth, uint64_t drawnDepth,
                   CFMutableArrayRef found)
{
    if (drawnDepth <= depth && entry_is_chosen(entry)) {
        drawnDepth                  = theOptions.depth ? (uint64_t)depth + theOptions.depth : UINT64_MAX;
        CFMutableDictionaryRef tree = copy_root(entry, ancestors, depth);
        CFArrayAppendValue(found, tree);
        CFRelease(tree);
    }
    io_iterator_t children = 0;
    if (depth + 1 >= kLevelMax ||
        IORegistryEntryGetChildIterator(entry, theOptions.plane, &children) != kIOReturnSuccess)
        return;
    ancestors[depth] = entry;
    io_registry_entry_t child;
    while ((child = IOIteratorNext(children)) != 0) {
        search(child, ancestors, depth + 1, drawnDepth, found);
        IOObjectRelease(child);
    }
    IOObjectRelease(children);
}

CFTypeRef archive_copy_roots(io_registry_entry_t root)
{
    io_registry_entry_t ancestors[kLevelMax];
    CFMutableArrayRef   found = create_array();
    search(root, ancestors, 0, 0, found);
    if (CFArrayGetCount(found) > 0)
        return found;
    CFRelease(found);
    return NULL;
}
