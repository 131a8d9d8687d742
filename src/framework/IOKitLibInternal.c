/* SPDX-License-Identifier: MIT */
/*
 * Property lists and texts on their way over the boundary. They cross in the binary form of OSSerialize; what IOKitLib
 * hands out is Core Foundation's, or whole pages where its contract says vm_deallocate. No state, no locks.
 */
#include <stdlib.h>
#include <string.h>

#include <CoreFoundation/CoreFoundation.h>
#include <IOKit/IOCFSerialize.h>
#include <IOKit/IOCFUnserialize.h>
#include <mach/mach.h>

#include "IOKitLibInternal.h"

CFDataRef iokit_serialize(CFTypeRef object)
{
    return object ? IOCFSerialize(object, kIOCFSerializeToBinary) : NULL;
}

CFTypeRef iokit_unserialize(void *bytes, uint64_t size, CFAllocatorRef allocator)
{
    CFTypeRef object = bytes ? IOCFUnserializeWithSize(bytes, size, allocator, 0, NULL) : NULL;
    free(bytes);
    return object;
}

kern_return_t iokit_move_to_pages(void *bytes, uint64_t size, void **ret_copy)
{
    vm_address_t  address = 0;
    kern_return_t result  = KERN_SUCCESS;
    if (size > 0)
        result = vm_allocate(mach_task_self(), &address, size, VM_FLAGS_ANYWHERE);
    if (result == KERN_SUCCESS) {
        if (size > 0)
            memcpy((void *)address, bytes, size);
        *ret_copy = (void *)address;
    }
    free(bytes);
    return result;
}

char *iokit_copy_text(CFStringRef string)
{
    if (!string)
        return NULL;
    CFIndex room = CFStringGetMaximumSizeForEncoding(CFStringGetLength(string), kCFStringEncodingUTF8) + 1;
    char   *text = malloc((size_t)room);
    if (text && !CFStringGetCString(string, text, room, kCFStringEncodingUTF8)) {
        free(text);
        text = NULL;
    }
    return text;
}

CFStringRef iokit_create_string(const char *text)
{
    return CFStringCreateWithCString(kCFAllocatorDefault, text, kCFStringEncodingUTF8);
}

CFDictionaryRef iokit_create_properties(CFStringRef name, CFTypeRef value)
{
    const void *key = name;
    return CFDictionaryCreate(kCFAllocatorDefault, &key, &value, 1, &kCFTypeDictionaryKeyCallBacks,
                              &kCFTypeDictionaryValueCallBacks);
}
