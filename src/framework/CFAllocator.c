/* SPDX-License-Identifier: MIT */
/*
 * CFAllocator. The constant allocators are static objects with a method table that is complete from the start, so that
 * their addresses are constants. An allocator that a client makes is counted. Constant after its creation.
 */
#include "CFInternal.h"

#include <stdlib.h>

OSDeclareClass(CFAllocator);
struct CFAllocator {
    CFObject super;
    CFAllocatorContext context; /* constant; info retained by its own callback */
};

CFDefineTypeID(CFAllocator, CFAllocator, kCFTypeIDAllocator);

static void CFAllocator_free_(OSObject *object)
{
    CFAllocator *self = (CFAllocator *)object;
    if (self->context.release)
        self->context.release(self->context.info);
    OSObject_super()->free(object);
}

static CFHashCode CFAllocator_hash_(const CFObject *self)
{
    return (CFHashCode)((uintptr_t)self >> 4);
}

static CFStringRef CFAllocator_copyDescription_(const CFObject *object)
{
    const CFAllocator *self = (const CFAllocator *)object;
    if (self->context.copyDescription)
        return self->context.copyDescription(self->context.info);
    return CFStringFromFormat("<CFAllocator %p>", (const void *)self);
}

static bool CFAllocator_isEqualTo_(const OSObject *self, const OSObject *other)
{
    return self == other;
}

static bool CFAllocator_serialize_(const OSObject *self, OSSerialize *serializer)
{
    return OSObject_super()->serialize(self, serializer);
}

OSDefineClassRecord(CFAllocator, CFObject, CFObjectMethods, false, .free = CFAllocator_free_,
                    .isEqualTo = CFAllocator_isEqualTo_, .serialize = CFAllocator_serialize_,
                    .getTypeID = CFAllocator_getTypeID_, .hash = CFAllocator_hash_,
                    .copyDescription = CFAllocator_copyDescription_);

static void *systemAllocate(CFIndex size, CFOptionFlags hint, void *info)
{
    return malloc((size_t)size);
}

static void *systemReallocate(void *address, CFIndex size, CFOptionFlags hint, void *info)
{
    return realloc(address, (size_t)size);
}

static void systemDeallocate(void *address, void *info)
{
    free(address);
}

/* The overrides are every slot there is: they serve as the table of the static instances. */
#define STATIC_ALLOCATOR(...)                                                                                          \
    {                                                                                                                  \
        .super.super = {.super.methods = (const OSObjectMethods *)(const void *)&CFAllocator_overrides,                \
                        .retainCount = 0xfffe},                                                                        \
        .context = {__VA_ARGS__},                                                                                      \
    }
static CFAllocator systemAllocator =
    STATIC_ALLOCATOR(.allocate = systemAllocate, .reallocate = systemReallocate, .deallocate = systemDeallocate);
static CFAllocator mallocAllocator =
    STATIC_ALLOCATOR(.allocate = systemAllocate, .reallocate = systemReallocate, .deallocate = systemDeallocate);
static CFAllocator nullAllocator = STATIC_ALLOCATOR(.info = NULL);

const CFAllocatorRef kCFAllocatorDefault = NULL;
const CFAllocatorRef kCFAllocatorSystemDefault = (CFAllocatorRef)&systemAllocator;
const CFAllocatorRef kCFAllocatorMalloc = (CFAllocatorRef)&mallocAllocator;
const CFAllocatorRef kCFAllocatorMallocZone = (CFAllocatorRef)&mallocAllocator;
const CFAllocatorRef kCFAllocatorNull = (CFAllocatorRef)&nullAllocator;
const CFAllocatorRef kCFAllocatorUseContext = (CFAllocatorRef)0x03ab;

static const CFAllocator *allocatorOf(CFAllocatorRef allocator)
{
    return allocator ? (const CFAllocator *)allocator : &systemAllocator;
}

CFAllocatorRef CFAllocatorGetDefault(void)
{
    return kCFAllocatorSystemDefault;
}

CFAllocatorRef CFAllocatorCreate(CFAllocatorRef allocator, CFAllocatorContext *context)
{
    CFAllocator *self = CFAlloc(CFAllocator);
    if (!self)
        return NULL;
    self->context = *context;
    if (context->retain)
        self->context.info = (void *)context->retain(context->info);
    return (CFAllocatorRef)self;
}

void CFAllocatorGetContext(CFAllocatorRef allocator, CFAllocatorContext *context)
{
    *context = allocatorOf(allocator)->context;
}

void *CFAllocatorAllocate(CFAllocatorRef allocator, CFIndex size, CFOptionFlags hint)
{
    const CFAllocatorContext *context = &allocatorOf(allocator)->context;
    return size > 0 && context->allocate ? context->allocate(size, hint, context->info) : NULL;
}

void *CFAllocatorReallocate(CFAllocatorRef allocator, void *ptr, CFIndex newsize, CFOptionFlags hint)
{
    const CFAllocatorContext *context = &allocatorOf(allocator)->context;
    if (!ptr)
        return CFAllocatorAllocate(allocator, newsize, hint);
    if (newsize <= 0) {
        CFAllocatorDeallocate(allocator, ptr);
        return NULL;
    }
    return context->reallocate ? context->reallocate(ptr, newsize, hint, context->info) : NULL;
}

void CFAllocatorDeallocate(CFAllocatorRef allocator, void *ptr)
{
    const CFAllocatorContext *context = &allocatorOf(allocator)->context;
    if (ptr && context->deallocate)
        context->deallocate(ptr, context->info);
}

CFIndex CFAllocatorGetPreferredSizeForSize(CFAllocatorRef allocator, CFIndex size, CFOptionFlags hint)
{
    const CFAllocatorContext *context = &allocatorOf(allocator)->context;
    return context->preferredSize ? context->preferredSize(size, hint, context->info) : size;
}

void CFBytesDeallocate(CFAllocatorRef deallocator, const void *bytes)
{
    CFAllocatorDeallocate(deallocator, (void *)bytes);
}
