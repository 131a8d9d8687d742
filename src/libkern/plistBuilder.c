/* SPDX-License-Identifier: MIT */
/*
 * The stack machine behind the readers. A reader owns its builder, on its own stack, in one thread: there are no locks.
 *
 * Ownership: a value on the stack is owned by it until its collection ends, then by the collection alone. Tags and
 * object numbers are borrowed pointers, so nothing that was read may die before the end: what a dictionary drops for a
 * repeated key moves to the kept objects, and a set drops only what it holds already.
 */
#include "plistBuilder.h"

#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include <IOKit/IOLib.h>
#include <libkern/OSUnserialize.h>
#include <libkern/libkern.h>

enum {
    kFirstCapacity   = 64,
    kFirstTagSlots   = 256,
    kLinearMembers   = 32,  /* a set up to here looks for repeated members one by one */
    kErrorTextMax    = 128,
    kProbesMax       = 128, /* steps of a search for an ID */
    kSpreadsMax      = 8,
};

static const char outOfMemory[] = "out of memory";

bool plist_fail(plist_builder *self, const char *error)
{
    if (!self->error)
        self->error = error;
    return false;
}

/* Doubles an array of elements of that size; the new capacity, or 0 without memory. */
static uint32_t grow(void *slot, uint32_t capacity, size_t size)
{
    void   **array = slot;
    uint32_t more  = capacity ? capacity * 2 : kFirstCapacity;
    void    *moved = more > capacity ? IOReallocZero(*array, capacity * size, more * size) : NULL;
    if (!moved)
        return 0;
    *array = moved;
    return more;
}

static bool reserveValue(plist_builder *self)
{
    if (self->count < self->capacity)
        return true;
    uint32_t more = grow(&self->values, self->capacity, sizeof *self->values);
    if (!more)
        return plist_fail(self, outOfMemory);
    self->capacity = more;
    return true;
}

plist_frame *plist_top(plist_builder *self)
{
    return self->depth ? &self->frames[self->depth - 1] : NULL;
}

bool plist_open(plist_builder *self, plist_kind kind, int64_t tag, bool isLast)
{
    if (self->depth == self->depthMax)
        return plist_fail(self, "maximum nesting depth");
    if (self->depth == self->frameCapacity) {
        uint32_t more = grow(&self->frames, self->frameCapacity, sizeof *self->frames);
        if (!more)
            return plist_fail(self, outOfMemory);
        self->frameCapacity = more;
    }
    self->frames[self->depth++] =
        (plist_frame){.first = self->count, .tag = tag, .kind = kind, .isLast = isLast};
    return true;
}

static bool isKeyPlace(const plist_frame *frame, uint32_t index)
{
    return frame->kind == PLIST_DICTIONARY && ((index - frame->first) & 1) == 0;
}

bool plist_wantsKey(plist_builder *self)
{
    const plist_frame *frame = plist_top(self);
    return frame && isKeyPlace(frame, self->count);
}

bool plist_addKey(plist_builder *self, const OSSymbol *key)
{
    if (!plist_wantsKey(self))
        return plist_fail(self, "syntax error");
    if (!reserveValue(self))
        return false;
    self->values[self->count++] = OSObjectOf(key);
    return true;
}

void plist_dropKey(plist_builder *self)
{
    self->count--;
}

static bool addWeight(plist_builder *self, plist_frame *frame, uint32_t weight)
{
    if (weight > kOSUnserializeObjectsMax - frame->weight)
        return plist_fail(self, "maximum object count");
    frame->weight += weight;
    return true;
}

bool plist_add(plist_builder *self, OSObject *object, uint32_t weight)
{
    plist_frame *frame = plist_top(self);
    if (!object)
        return plist_fail(self, outOfMemory);
    if (!frame) {
        self->result = object;
        return true;
    }
    if (isKeyPlace(frame, self->count))
        (void)plist_fail(self, "syntax error");
    if (self->error || !addWeight(self, frame, weight) || !reserveValue(self)) {
        OSRelease(object);
        return false;
    }
    self->values[self->count++] = object;
    return true;
}

static bool reserveKept(plist_builder *self)
{
    if (self->keptCount < self->keptCapacity)
        return true;
    uint32_t more = grow(&self->kept, self->keptCapacity, sizeof *self->kept);
    if (!more)
        return plist_fail(self, outOfMemory);
    self->keptCapacity = more;
    return true;
}

OSObject *plist_repeat(plist_builder *self, OSObject *object, uint32_t *uses)
{
    bool isSymbol = OSMetaClass_checkMetaCast(&OSSymbol_class, object) != NULL;
    if (*uses == kOSUnserializeRepeatsMax && !isSymbol) {
        (void)plist_fail(self, "maximum object reference count");
        return NULL;
    }
    *uses += !isSymbol;
    return OSRetain(object);
}

bool plist_keep(plist_builder *self, OSObject *object)
{
    if (!object)
        return plist_fail(self, outOfMemory);
    if (!reserveKept(self)) {
        OSRelease(object);
        return false;
    }
    self->kept[self->keptCount++] = object;
    return true;
}

/* ---- collections ---- */

/* The stack's reference to a value goes when its collection has its own: one object may stand there 65,000 times. */
static void releaseValue(plist_builder *self, uint32_t index)
{
    OSRelease(self->values[index]);
    self->values[index] = NULL;
}

/* A repeated key replaces a value that a number or a tag may still name. */
static bool addRepeated(plist_builder *self, OSDictionary *dict, const OSSymbol *key, OSObject *value)
{
    OSObject *former = OSDictionary_getObjectForSymbol(dict, key);
    if (!former)
        return plist_fail(self, outOfMemory);
    if (self->uniqueKeys)
        return plist_fail(self, "duplicate dictionary key");
    return plist_keep(self, OSRetain(former)) && OSDictionary_setObjectForSymbol(dict, key, value);
}

static OSObject *buildDictionary(plist_builder *self, const plist_frame *frame)
{
    if ((self->count - frame->first) & 1) {
        (void)plist_fail(self, "syntax error"); /* a key without its value */
        return NULL;
    }
    OSDictionary *dict = OSDictionary_withCapacity((self->count - frame->first) / 2);
    bool          done = dict != NULL;
    for (uint32_t i = frame->first; done && i < self->count; i += 2) {
        const OSSymbol *key   = (const OSSymbol *)self->values[i]; /* plist_addKey put it there */
        OSObject       *value = self->values[i + 1];
        done = OSDictionary_addObjectForSymbol(dict, key, value) || addRepeated(self, dict, key, value);
        releaseValue(self, i + 1);
    }
    if (!done)
        OSSafeReleaseNULL(dict);
    return dict ? OSObjectOf(dict) : NULL;
}

static OSObject *buildArray(plist_builder *self, const plist_frame *frame)
{
    OSArray *array = OSArray_withCapacity(self->count - frame->first);
    bool     done  = array != NULL;
    for (uint32_t i = frame->first; done && i < self->count; i++) {
        done = OSArray_setObject(array, self->values[i]);
        releaseValue(self, i);
    }
    if (!done)
        OSSafeReleaseNULL(array);
    return array ? OSObjectOf(array) : NULL;
}

static bool fillSmallSet(plist_builder *self, const plist_frame *frame, OSSet *set)
{
    for (uint32_t i = frame->first; i < self->count; i++)
        if (!OSSet_setObject(set, self->values[i]) && !OSSet_containsObject(set, self->values[i]))
            return false;
    return true;
}

static uint32_t addressSlot(const OSObject *object, uint32_t slotCount)
{
    return (uint32_t)(((uintptr_t)object >> 4) * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (slotCount - 1);
}

/* OSSet looks through all members for each one that is added; here a hash table finds the repeated ones. */
static bool fillLargeSet(plist_builder *self, const plist_frame *frame, OSSet *set)
{
    uint32_t slotCount = kFirstCapacity;
    while (slotCount / 2 < self->count - frame->first)
        slotCount *= 2;
    OSObject **slots = IOMallocZero(slotCount * sizeof *slots);
    if (!slots)
        return false;
    for (uint32_t i = frame->first; i < self->count; i++) {
        OSObject *member = self->values[i];
        uint32_t  slot   = addressSlot(member, slotCount);
        while (slots[slot] && slots[slot] != member)
            slot = (slot + 1) & (slotCount - 1);
        if (slots[slot])
            continue;
        slots[slot] = member;
        OSObject_retainForCollection(member);
        set->objects[set->super.count++] = member; /* within its capacity */
    }
    IOFree(slots, slotCount * sizeof *slots);
    return true;
}

static OSObject *buildSet(plist_builder *self, const plist_frame *frame)
{
    uint32_t count = self->count - frame->first;
    OSSet   *set   = OSSet_withCapacity(count);
    bool     done  = set && (count <= kLinearMembers ? fillSmallSet : fillLargeSet)(self, frame, set);
    if (!done)
        OSSafeReleaseNULL(set);
    return set ? OSObjectOf(set) : NULL;
}

OSObject *plist_makeEmpty(plist_kind kind)
{
    OSDictionary *dict  = kind == PLIST_DICTIONARY ? OSDictionary_withCapacity(0) : NULL;
    OSArray      *array = kind == PLIST_ARRAY ? OSArray_withCapacity(0) : NULL;
    OSSet        *set   = kind == PLIST_SET ? OSSet_withCapacity(0) : NULL;
    return dict ? OSObjectOf(dict) : array ? OSObjectOf(array) : set ? OSObjectOf(set) : NULL;
}

/* Takes the values of the innermost collection off the stack, and the collection. */
static void popFrame(plist_builder *self)
{
    const plist_frame *frame = plist_top(self);
    while (self->count > frame->first)
        if (!isKeyPlace(frame, --self->count))
            OSRelease(self->values[self->count]);
    self->depth--;
}

OSObject *plist_close(plist_builder *self, uint32_t *ret_weight)
{
    static OSObject *(*const builders[])(plist_builder *, const plist_frame *) = {
        [PLIST_DICTIONARY] = buildDictionary, [PLIST_ARRAY] = buildArray, [PLIST_SET] = buildSet};
    const plist_frame *frame  = plist_top(self);
    OSObject          *object = builders[frame->kind](self, frame);
    if (!object) {
        (void)plist_fail(self, outOfMemory);
        return NULL;
    }
    *ret_weight = frame->weight + 1;
    popFrame(self);
    return object;
}

OSObject *plist_end(plist_builder *self)
{
    while (self->depth > 0)
        popFrame(self);
    for (uint32_t i = 0; i < self->keptCount; i++)
        OSRelease(self->kept[i]);
    IOFree(self->kept, self->keptCapacity * sizeof *self->kept);
    IOFree(self->values, self->capacity * sizeof *self->values);
    IOFree(self->frames, self->frameCapacity * sizeof *self->frames);
    if (self->error)
        OSSafeReleaseNULL(self->result);
    return self->result;
}

/* ---- IDs ---- */

/* The slot of that ID or the free one for it; NULL when that takes more than kProbesMax steps. */
static plist_tag *tagSlot(const plist_tags *self, uint32_t id)
{
    uint32_t slot = (uint32_t)(id * self->multiplier >> 32) & (self->slotCount - 1);
    for (unsigned probes = 0; probes < kProbesMax; probes++) {
        if (!self->slots[slot].object || self->slots[slot].id == id)
            return &self->slots[slot];
        slot = (slot + 1) & (self->slotCount - 1);
    }
    return NULL;
}

static bool copyTags(const plist_tags *from, plist_tags *to)
{
    for (uint32_t i = 0; i < from->slotCount; i++) {
        plist_tag *slot = from->slots[i].object ? tagSlot(to, from->slots[i].id) : NULL;
        if (slot)
            *slot = from->slots[i];
        else if (from->slots[i].object)
            return false;
    }
    return true;
}

/*
 * A larger table. IDs as OSSerialize numbers them are their own slots, one beside the other. IDs that were chosen to
 * collide make a search long; then a random multiplier spreads them.
 */
static bool growTags(plist_tags *self, bool spread)
{
    plist_tags larger = *self;
    bool       done   = false;
    larger.slotCount  = self->slotCount ? self->slotCount * 2 : kFirstTagSlots;
    larger.slots      = IOMallocZero(larger.slotCount * sizeof *larger.slots);
    if (!larger.slots)
        return false;
    if (!self->slots)
        larger.multiplier = UINT64_C(1) << 32;
    for (unsigned tries = 0; !done && tries < kSpreadsMax; tries++) {
        if (spread && getrandom(&larger.multiplier, sizeof larger.multiplier, 0) < 0)
            larger.multiplier = ((uintptr_t)larger.slots ^ IOUptimeNanoseconds()) * UINT64_C(0x9e3779b97f4a7c15);
        larger.multiplier |= spread;
        memset(larger.slots, 0, larger.slotCount * sizeof *larger.slots);
        done   = copyTags(self, &larger);
        spread = true;
    }
    IOFree(done ? self->slots : larger.slots, (done ? self : &larger)->slotCount * sizeof *self->slots);
    if (done)
        *self = larger;
    return done;
}

bool plist_tags_set(plist_tags *self, uint32_t id, OSObject *object, uint32_t weight)
{
    if (self->count >= self->slotCount / 2 && !growTags(self, false))
        return false;
    plist_tag *slot = tagSlot(self, id);
    if (!slot && growTags(self, true))
        slot = tagSlot(self, id);
    if (!slot)
        return false;
    self->count += slot->object == NULL;
    *slot = (plist_tag){.object = object, .id = id, .weight = weight};
    return true;
}

plist_tag *plist_tags_find(const plist_tags *self, uint32_t id)
{
    plist_tag *slot = self->count ? tagSlot(self, id) : NULL;
    return slot && slot->object ? slot : NULL;
}

void plist_tags_end(plist_tags *self)
{
    IOFree(self->slots, self->slotCount * sizeof *self->slots);
}

void plist_describeError(OSString **slot, const char *function, const char *error, const char *text, size_t offset)
{
    char     line[kErrorTextMax];
    unsigned number = 1;
    if (!slot || !error)
        return;
    for (const char *at = text; (at = memchr(at, '\n', offset - (size_t)(at - text))) != NULL; at++)
        number++;
    snprintf(line, sizeof line, "%s: %s near line %u\n", function, error, number);
    *slot = OSString_withCString(line);
}
