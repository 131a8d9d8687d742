/* SPDX-License-Identifier: MIT */
/*
 * CFArray: an OSArray when its members are objects (kCFTypeArrayCallBacks), else a CFArrayObject: pointers with the
 * client's callbacks. One thread at a time changes an array; callbacks run without any lock.
 */
#include "CFInternal.h"

#include <limits.h>
#include <string.h>

OSDeclareClass(CFArrayObject);
struct CFArrayObject {
    CFObject super;
    CFArrayCallBacks callBacks; /* constant */
    const void **values;        /* capacity of them, count in use; retained by the callback */
    CFIndex count;
    CFIndex capacity;
};

const CFArrayCallBacks kCFTypeArrayCallBacks = {
    .retain = CFTypeRetainCallBack,
    .release = CFTypeReleaseCallBack,
    .copyDescription = CFCopyDescription,
    .equal = CFEqual,
};

CFDefineTypeID(CFArrayObject, CFArray, kCFTypeIDArray);

static void CFArrayObject_free_(OSObject *object)
{
    CFArrayObject *self = (CFArrayObject *)object;
    for (CFIndex i = 0; i < self->count; i++)
        if (self->callBacks.release)
            self->callBacks.release(NULL, self->values[i]);
    IODeallocate(kIOAllocationContainer, self->values, (size_t)self->capacity * sizeof *self->values);
    OSObject_super()->free(object);
}

static bool CFArrayObject_isEqualTo_(const OSObject *self, const OSObject *other)
{
    return CFEqual(self, other);
}

OSDefineClassRecord(CFArrayObject, CFObject, CFObjectMethods, false, .free = CFArrayObject_free_,
                    .isEqualTo = CFArrayObject_isEqualTo_, .getTypeID = CFArrayObject_getTypeID_);

static CFArrayObject *ownOf(CFArrayRef array)
{
    return OSDynamicCast(CFArrayObject, CFObjectFrom(array));
}

static OSArray *objectsOf(CFArrayRef array)
{
    OSArray *objects = OSRequiredCast(OSArray, CFObjectFrom(array));
    if (!objects)
        panic("NULL where a CFArray is wanted");
    return objects;
}

static bool grow(CFArrayObject *self)
{
    if (self->count < self->capacity)
        return true;
    CFIndex capacity = self->capacity ? self->capacity * 2 : 8;
    const void **values = IOReallocate(kIOAllocationContainer, self->values, (size_t)self->capacity * sizeof *values,
                                       (size_t)capacity * sizeof *values);
    if (!values)
        return false;
    self->values = values;
    self->capacity = capacity;
    return true;
}

CFMutableArrayRef CFArrayCreateMutable(CFAllocatorRef allocator, CFIndex capacity, const CFArrayCallBacks *callBacks)
{
    CFInitialize();
    if (callBacks && callBacks->retain == CFTypeRetainCallBack && callBacks->release == CFTypeReleaseCallBack)
        return (CFMutableArrayRef)(void *)OSArray_withCapacity(capacity > 0 && capacity < 1024 ? (unsigned)capacity
                                                                                               : 0);
    CFArrayObject *self = CFAlloc(CFArrayObject);
    if (self && callBacks)
        self->callBacks = *callBacks;
    return (CFMutableArrayRef)(void *)self;
}

CFArrayRef CFArrayCreate(CFAllocatorRef allocator, const void **values, CFIndex numValues,
                         const CFArrayCallBacks *callBacks)
{
    CFMutableArrayRef array = CFArrayCreateMutable(allocator, numValues, callBacks);
    for (CFIndex i = 0; array && i < numValues; i++)
        CFArrayAppendValue(array, values[i]);
    if (array && CFArrayGetCount(array) != numValues) {
        CFRelease(array);
        return NULL;
    }
    return array;
}

CFMutableArrayRef CFArrayCreateMutableCopy(CFAllocatorRef allocator, CFIndex capacity, CFArrayRef theArray)
{
    const CFArrayObject *own = ownOf(theArray);
    CFMutableArrayRef copy =
        CFArrayCreateMutable(allocator, CFArrayGetCount(theArray), own ? &own->callBacks : &kCFTypeArrayCallBacks);
    if (copy)
        CFArrayAppendArray(copy, theArray, CFRangeMake(0, CFArrayGetCount(theArray)));
    if (copy && CFArrayGetCount(copy) != CFArrayGetCount(theArray)) {
        CFRelease(copy);
        return NULL;
    }
    return copy;
}

CFArrayRef CFArrayCreateCopy(CFAllocatorRef allocator, CFArrayRef theArray)
{
    return CFArrayCreateMutableCopy(allocator, 0, theArray);
}

CFIndex CFArrayGetCount(CFArrayRef theArray)
{
    const CFArrayObject *own = ownOf(theArray);
    return own ? own->count : (CFIndex)OSArray_getCount(objectsOf(theArray));
}

const void *CFArrayGetValueAtIndex(CFArrayRef theArray, CFIndex idx)
{
    const CFArrayObject *own = ownOf(theArray);
    if (idx < 0 || idx >= CFArrayGetCount(theArray))
        return NULL;
    return own ? own->values[idx] : OSArray_getObject(objectsOf(theArray), (unsigned)idx);
}

void CFArrayGetValues(CFArrayRef theArray, CFRange range, const void **values)
{
    for (CFIndex i = 0; i < range.length; i++)
        values[i] = CFArrayGetValueAtIndex(theArray, range.location + i);
}

void CFArrayApplyFunction(CFArrayRef theArray, CFRange range, CFArrayApplierFunction applier, void *context)
{
    for (CFIndex i = 0; i < range.length; i++)
        applier(CFArrayGetValueAtIndex(theArray, range.location + i), context);
}

static bool equalAt(CFArrayRef array, CFIndex idx, const void *value)
{
    const CFArrayObject *own = ownOf(array);
    const void *member = CFArrayGetValueAtIndex(array, idx);
    if (member == value)
        return true;
    if (!own)
        return value && CFEqual(member, value);
    return own->callBacks.equal && own->callBacks.equal(member, value);
}

CFIndex CFArrayGetFirstIndexOfValue(CFArrayRef theArray, CFRange range, const void *value)
{
    for (CFIndex i = range.location; i < range.location + range.length; i++)
        if (equalAt(theArray, i, value))
            return i;
    return kCFNotFound;
}

CFIndex CFArrayGetLastIndexOfValue(CFArrayRef theArray, CFRange range, const void *value)
{
    for (CFIndex i = range.location + range.length - 1; i >= range.location; i--)
        if (equalAt(theArray, i, value))
            return i;
    return kCFNotFound;
}

CFIndex CFArrayGetCountOfValue(CFArrayRef theArray, CFRange range, const void *value)
{
    CFIndex count = 0;
    for (CFIndex i = range.location; i < range.location + range.length; i++)
        count += equalAt(theArray, i, value);
    return count;
}

Boolean CFArrayContainsValue(CFArrayRef theArray, CFRange range, const void *value)
{
    return CFArrayGetFirstIndexOfValue(theArray, range, value) != kCFNotFound;
}

CFIndex CFArrayBSearchValues(CFArrayRef theArray, CFRange range, const void *value, CFComparatorFunction comparator,
                             void *context)
{
    CFIndex low = range.location, high = range.location + range.length;
    while (low < high) {
        CFIndex middle = low + (high - low) / 2;
        if (comparator(CFArrayGetValueAtIndex(theArray, middle), value, context) == kCFCompareLessThan)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void CFArrayInsertValueAtIndex(CFMutableArrayRef theArray, CFIndex idx, const void *value)
{
    CFArrayObject *own = ownOf(theArray);
    if (idx < 0 || idx > CFArrayGetCount(theArray))
        return;
    if (!own) {
        OSArray_setObjectAtIndex(objectsOf(theArray), (unsigned)idx, value ? CFObjectFrom(value) : NULL);
        return;
    }
    if (!grow(own))
        return;
    if (own->callBacks.retain)
        value = own->callBacks.retain(NULL, value);
    memmove(own->values + idx + 1, own->values + idx, (size_t)(own->count - idx) * sizeof *own->values);
    own->values[idx] = value;
    own->count++;
}

void CFArrayAppendValue(CFMutableArrayRef theArray, const void *value)
{
    CFArrayInsertValueAtIndex(theArray, CFArrayGetCount(theArray), value);
}

void CFArrayAppendArray(CFMutableArrayRef theArray, CFArrayRef otherArray, CFRange otherRange)
{
    for (CFIndex i = 0; i < otherRange.length; i++)
        CFArrayAppendValue(theArray, CFArrayGetValueAtIndex(otherArray, otherRange.location + i));
}

void CFArrayRemoveValueAtIndex(CFMutableArrayRef theArray, CFIndex idx)
{
    CFArrayObject *own = ownOf(theArray);
    if (idx < 0 || idx >= CFArrayGetCount(theArray))
        return;
    if (!own) {
        OSArray_removeObject(objectsOf(theArray), (unsigned)idx);
        return;
    }
    const void *value = own->values[idx];
    own->count--;
    memmove(own->values + idx, own->values + idx + 1, (size_t)(own->count - idx) * sizeof *own->values);
    if (own->callBacks.release)
        own->callBacks.release(NULL, value);
}

void CFArraySetValueAtIndex(CFMutableArrayRef theArray, CFIndex idx, const void *value)
{
    CFArrayObject *own = ownOf(theArray);
    if (idx < 0 || idx >= CFArrayGetCount(theArray)) {
        CFArrayInsertValueAtIndex(theArray, idx, value);
    } else if (!own) {
        OSArray_replaceObject(objectsOf(theArray), (unsigned)idx, value ? CFObjectFrom(value) : NULL);
    } else {
        const void *old = own->values[idx];
        own->values[idx] = own->callBacks.retain ? own->callBacks.retain(NULL, value) : value;
        if (own->callBacks.release)
            own->callBacks.release(NULL, old);
    }
}

void CFArrayRemoveAllValues(CFMutableArrayRef theArray)
{
    for (CFIndex count = CFArrayGetCount(theArray); count > 0; count--)
        CFArrayRemoveValueAtIndex(theArray, count - 1);
}

void CFArrayReplaceValues(CFMutableArrayRef theArray, CFRange range, const void **newValues, CFIndex newCount)
{
    for (CFIndex i = 0; i < newCount; i++)
        CFArrayInsertValueAtIndex(theArray, range.location + range.length + i, newValues[i]);
    for (CFIndex i = 0; i < range.length; i++)
        CFArrayRemoveValueAtIndex(theArray, range.location);
}

/* Exchanges the pointers: nobody's references change. */
static const void **valuesOf(CFArrayRef array)
{
    CFArrayObject *own = ownOf(array);
    return own ? own->values : (const void **)(void *)objectsOf(array)->objects;
}

void CFArrayExchangeValuesAtIndices(CFMutableArrayRef theArray, CFIndex idx1, CFIndex idx2)
{
    const void **values = valuesOf(theArray);
    const void *first = values[idx1];
    values[idx1] = values[idx2];
    values[idx2] = first;
}

/* Merges two sorted neighbours, through scratch, which has room for both. */
static void merge(const void **values, CFIndex middle, CFIndex count, const void **scratch,
                  CFComparatorFunction comparator, void *context)
{
    CFIndex left = 0, right = middle, out = 0;
    while (left < middle && right < count)
        scratch[out++] =
            comparator(values[right], values[left], context) == kCFCompareLessThan ? values[right++] : values[left++];
    while (left < middle)
        scratch[out++] = values[left++];
    memcpy(values, scratch, (size_t)out * sizeof *values);
}

static void sortValues(const void **values, CFIndex count, const void **scratch, CFComparatorFunction comparator,
                       void *context)
{
    if (count < 2)
        return;
    sortValues(values, count / 2, scratch, comparator, context);
    sortValues(values + count / 2, count - count / 2, scratch, comparator, context);
    merge(values, count / 2, count, scratch, comparator, context);
}

void CFArraySortValues(CFMutableArrayRef theArray, CFRange range, CFComparatorFunction comparator, void *context)
{
    if (range.location < 0 || range.length < 2 || range.location + range.length > CFArrayGetCount(theArray))
        return;
    size_t size = (size_t)range.length * sizeof(void *);
    const void **scratch = IOMallocZero(size);
    if (!scratch)
        return;
    sortValues(valuesOf(theArray) + range.location, range.length, scratch, comparator, context);
    IOFree(scratch, size);
}

bool CFArrayHoldsObjects(CFArrayRef array)
{
    const CFArrayObject *own = ownOf(array);
    return !own || own->callBacks.copyDescription == CFCopyDescription;
}
