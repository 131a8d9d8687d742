/* SPDX-License-Identifier: MIT */
/*
 * OSSymbol: the pool of interned strings.
 *
 * The pool is kShards hash tables, each with a mutex: two threads wait for each other only when their texts fall into
 * the same one. Shard locks are leaf locks, and one is held at a time; no object is allocated, retained the ordinary
 * way or freed under one.
 *
 * The pool does not own its symbols. The last release of one marks it as being freed and runs free, which takes it out
 * of the pool: a look-up that comes before that sees it, fails to retain it (OSObject_tryRetain), and passes on. So a
 * dying symbol and its successor may stand in the pool together for a moment; the dying one goes by address.
 *
 * A table is open-addressed, a power of two in size, at most three quarters full. It grows and does not shrink.
 */
#include <libkern/OSSymbol.h>

#include <pthread.h>
#include <string.h>

#include <IOKit/IOLib.h>

#include "OSStringPrivate.h"

enum {
    kShards      = 16,
    kShardShift  = 28, /* the upper bits of a hash choose the shard */
    kSlotsAtFirst = 64,
};

typedef struct Slot {
    uint32_t  hash;
    OSSymbol *symbol; /* weak; NULL: empty */
} Slot;

typedef struct Shard {
    pthread_mutex_t lock;
    Slot           *slots; /* owned; NULL until the first symbol */
    size_t          mask;  /* slots - 1 */
    size_t          used;
} Shard;

static Shard shards[kShards] = {
#define FOUR_SHARDS {.lock = PTHREAD_MUTEX_INITIALIZER}, {.lock = PTHREAD_MUTEX_INITIALIZER}, \
                    {.lock = PTHREAD_MUTEX_INITIALIZER}, {.lock = PTHREAD_MUTEX_INITIALIZER}
    FOUR_SHARDS, FOUR_SHARDS, FOUR_SHARDS, FOUR_SHARDS
#undef FOUR_SHARDS
};

/* Mixes eight bytes at a time. The seed is an address, which differs from run to run: clients choose property keys, and
 * must not be able to choose ones that collide. */
static uint32_t hashOf(const char *text, size_t length)
{
    const uint64_t multiplier = 0x9e3779b97f4a7c15u;
    uint64_t       hash       = (uintptr_t)&shards ^ length;
    for (; length > 0;) {
        uint64_t word  = 0;
        size_t   taken = length < sizeof word ? length : sizeof word;
        memcpy(&word, text, taken);
        hash = (hash ^ word) * multiplier;
        hash ^= hash >> 29;
        text += taken;
        length -= taken;
    }
    return (uint32_t)((hash * multiplier) >> 32);
}

static Shard *shardOf(uint32_t hash)
{
    return &shards[hash >> kShardShift];
}

static bool hasText(const OSSymbol *symbol, const char *text, size_t length)
{
    return OSSymbol_getLength(symbol) == length && memcmp(OSSymbol_getCStringNoCopy(symbol), text, length) == 0;
}

/* The symbol of that text, retained; NULL when there is none, or it is being freed. */
static OSSymbol *find_locked(const Shard *shard, uint32_t hash, const char *text, size_t length)
{
    if (!shard->slots)
        return NULL;
    for (size_t i = hash & shard->mask; shard->slots[i].symbol; i = (i + 1) & shard->mask) {
        OSSymbol *symbol = shard->slots[i].symbol;
        if (shard->slots[i].hash == hash && hasText(symbol, text, length) && OSObject_tryRetain(OSObjectOf(symbol)))
            return symbol;
    }
    return NULL;
}

static void put(Slot *slots, size_t mask, Slot entry)
{
    size_t i = entry.hash & mask;
    while (slots[i].symbol)
        i = (i + 1) & mask;
    slots[i] = entry;
}

/* Makes sure that one more fits. */
static bool reserve_locked(Shard *shard)
{
    size_t old = shard->slots ? shard->mask + 1 : 0;
    if (shard->used + 1 <= old / 4 * 3)
        return true;
    size_t size  = old ? old * 2 : kSlotsAtFirst;
    Slot  *slots = IOAllocate(kIOAllocationContainer, size * sizeof *slots);
    if (!slots)
        return false;
    for (size_t i = 0; i < old; i++)
        if (shard->slots[i].symbol)
            put(slots, size - 1, shard->slots[i]);
    IODeallocate(kIOAllocationContainer, shard->slots, old * sizeof *slots);
    shard->slots = slots;
    shard->mask  = size - 1;
    return true;
}

static void remove_locked(Shard *shard, uint32_t hash, const OSSymbol *symbol)
{
    size_t mask = shard->mask;
    size_t hole = hash & mask;
    while (shard->slots[hole].symbol != symbol)
        hole = (hole + 1) & mask;
    for (size_t next = (hole + 1) & mask; shard->slots[next].symbol; next = (next + 1) & mask) {
        if (((next - shard->slots[next].hash) & mask) < ((next - hole) & mask))
            continue; /* its search begins behind the hole */
        shard->slots[hole] = shard->slots[next];
        hole               = next;
    }
    shard->slots[hole] = (Slot){0};
    shard->used--;
}

static OSSymbol *lookUp(uint32_t hash, const char *text, size_t length)
{
    Shard *shard = shardOf(hash);
    pthread_mutex_lock(&shard->lock);
    OSSymbol *symbol = find_locked(shard, hash, text, length);
    pthread_mutex_unlock(&shard->lock);
    return symbol;
}

/* Enters a symbol that nobody else knows yet, unless somebody was quicker. Returns the one in the pool, retained; NULL
 * without memory. */
static OSSymbol *enter(OSSymbol *made, uint32_t hash, const char *text, size_t length)
{
    Shard *shard = shardOf(hash);
    pthread_mutex_lock(&shard->lock);
    OSSymbol *symbol = find_locked(shard, hash, text, length);
    if (!symbol && reserve_locked(shard)) {
        made->super.super.detail |= kOSStringPooled;
        put(shard->slots, shard->mask, (Slot){hash, made});
        shard->used++;
        symbol = OSRetain(made);
    }
    pthread_mutex_unlock(&shard->lock);
    return symbol;
}

static const OSSymbol *intern(const char *text, size_t length)
{
    uint32_t  hash   = hashOf(text, length);
    OSSymbol *symbol = lookUp(hash, text, length);
    if (symbol)
        return symbol;
    OSString *string = OSString_createWithin(&OSSymbol_class, text, length);
    OSSymbol *made   = OSRequiredCast(OSSymbol, string);
    if (!made)
        return NULL;
    made->super.super.detail |= kOSStringInterned;
    symbol = enter(made, hash, text, length);
    OSRelease(made);
    return symbol;
}

const OSSymbol *OSSymbol_withCString(const char *text)
{
    return text ? intern(text, OSString_measure(text, SIZE_MAX)) : NULL;
}

const OSSymbol *OSSymbol_withStringOfLength(const char *text, size_t length)
{
    if (!text || length >= kOSStringMaxLength)
        return NULL;
    return intern(text, OSString_measure(text, length));
}

const OSSymbol *OSSymbol_withCStringNoCopy(const char *text)
{
    return OSSymbol_withCString(text);
}

const OSSymbol *OSSymbol_withString(const OSString *string)
{
    const OSSymbol *symbol = OSDynamicCast(OSSymbol, string);
    if (symbol || !string)
        return OSRetain(symbol);
    return OSSymbol_withCString(OSString_getCStringNoCopy(string));
}

const OSSymbol *OSSymbol_existingSymbolForCString(const char *text)
{
    if (!text)
        return NULL;
    size_t length = OSString_measure(text, SIZE_MAX);
    return lookUp(hashOf(text, length), text, length);
}

const OSSymbol *OSSymbol_existingSymbolForString(const OSString *string)
{
    const OSSymbol *symbol = OSDynamicCast(OSSymbol, string);
    if (symbol || !string)
        return OSRetain(symbol);
    return OSSymbol_existingSymbolForCString(OSString_getCStringNoCopy(string));
}

unsigned OSSymbol_getLength(const OSSymbol *self)
{
    return OSString_getLength(&self->super);
}

const char *OSSymbol_getCStringNoCopy(const OSSymbol *self)
{
    return OSString_getCStringNoCopy(&self->super);
}

bool OSSymbol_isEqualTo(const OSSymbol *self, const OSObject *other)
{
    return OSObject_isEqualTo(OSObjectOf(self), other);
}

bool OSSymbol_isEqualToCString(const OSSymbol *self, const char *text)
{
    return OSString_isEqualToCString(&self->super, text);
}

/* Data never equals a symbol, although it may equal the string of the same text. */
static bool OSSymbol_isEqualTo_(const OSObject *object, const OSObject *other)
{
    if (OSDynamicCast(OSSymbol, other))
        return object == other;
    return OSDynamicCast(OSString, other) && OSString_super()->isEqualTo(object, other);
}

static void OSSymbol_free_(OSObject *object)
{
    const OSSymbol *self = OSRequiredCast(OSSymbol, object);
    if (self->super.super.detail & kOSStringPooled) {
        uint32_t hash  = hashOf(OSSymbol_getCStringNoCopy(self), OSSymbol_getLength(self));
        Shard   *shard = shardOf(hash);
        pthread_mutex_lock(&shard->lock);
        remove_locked(shard, hash, self);
        pthread_mutex_unlock(&shard->lock);
    }
    OSString_super()->free(object);
}

OSDefineClass(OSSymbol, OSString,
    .free      = OSSymbol_free_,
    .isEqualTo = OSSymbol_isEqualTo_);
