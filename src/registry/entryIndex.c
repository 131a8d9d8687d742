/* SPDX-License-Identifier: MIT */
/*
 * Entries by ID. IDs are given out in order, so the index is a directory of pages of entries: constant time, and eight
 * bytes an entry. A page whose entries are all gone is freed, but for the one that the next IDs come from.
 *
 * The registry lock protects it. It holds no references: an entry leaves it in its free, under the lock. A look-up that
 * comes before that finds an entry whose free has begun, which OSObject_tryRetain tells.
 */
#include <IOKit/IOLib.h>

#include "registryPrivate.h"

enum { kPageEntries = 256 };

#define kFirstID 0x100000100u

typedef struct Page {
    uint32_t         count; /* entries in it */
    IORegistryEntry *entries[kPageEntries];
} Page;

static struct {
    Page   **pages;    /* owned, capacity of them; NULL: none of these IDs is in use */
    size_t   capacity;
    uint64_t next;     /* the next ID, less kFirstID */
} directory;

/* The place of an ID, or NULL when no page has it. */
static IORegistryEntry **placeOf(uint64_t entryID)
{
    uint64_t index = entryID - kFirstID; /* of an ID that is too small: huge */
    if (index >= directory.next)
        return NULL;
    Page *page = directory.pages[index / kPageEntries];
    return page ? &page->entries[index % kPageEntries] : NULL;
}

static void freePageIfEmpty(size_t which)
{
    Page *page = directory.pages[which];
    if (!page || page->count > 0)
        return;
    IOFree(page, sizeof *page);
    directory.pages[which] = NULL;
}

/* Makes sure that there is a page for the next ID. False without memory. */
static bool reserveID(void)
{
    size_t page = directory.next / kPageEntries;
    if (page >= directory.capacity) {
        size_t capacity = directory.capacity ? 2 * directory.capacity : 16;
        Page **pages    = IOReallocZero(directory.pages, directory.capacity * sizeof *pages, capacity * sizeof *pages);
        if (!pages)
            return false;
        directory.pages    = pages;
        directory.capacity = capacity;
    }
    if (!directory.pages[page])
        directory.pages[page] = IOMallocZero(sizeof(Page));
    return directory.pages[page];
}

bool registry_assignID_locked(IORegistryEntry *entry)
{
    registry_assertLockedForWriting();
    if (entry->registryEntryID)
        return true;
    if (!reserveID())
        return false;
    size_t which = directory.next / kPageEntries;
    Page  *page  = directory.pages[which];

    page->entries[directory.next % kPageEntries] = entry;
    page->count++;
    __atomic_store_n(&entry->registryEntryID, kFirstID + directory.next++, __ATOMIC_RELEASE);
    if (which > 0 && page->count == 1)
        freePageIfEmpty(which - 1); /* it may have been kept for the next IDs until now */
    return true;
}

void registry_forgetID_locked(IORegistryEntry *entry)
{
    registry_assertLockedForWriting();
    if (!entry->registryEntryID)
        return;
    size_t which = (entry->registryEntryID - kFirstID) / kPageEntries;

    *placeOf(entry->registryEntryID) = NULL;
    directory.pages[which]->count--;
    if (which != directory.next / kPageEntries)
        freePageIfEmpty(which);
}

void registry_applyToIDs_locked(void (*check)(const IORegistryEntry *entry))
{
    registry_assertLocked();
    for (uint64_t index = 0; index < directory.next; index++) {
        IORegistryEntry **place = placeOf(kFirstID + index);
        if (!place || !*place)
            continue;
        if ((*place)->registryEntryID != kFirstID + index)
            panic("registry: ID 0x%jx leads to the entry with ID 0x%jx", (uintmax_t)(kFirstID + index),
                  (uintmax_t)(*place)->registryEntryID);
        check(*place);
    }
}

uint64_t IORegistryEntry_getRegistryEntryID(const IORegistryEntry *self)
{
    return __atomic_load_n(&self->registryEntryID, __ATOMIC_ACQUIRE);
}

IORegistryEntry *IORegistryEntry_copyByID(uint64_t entryID)
{
    registry_lockForReading();
    IORegistryEntry **place = placeOf(entryID);
    IORegistryEntry  *entry = place ? *place : NULL;
    if (entry && !OSObject_tryRetain(OSObjectOf(entry)))
        entry = NULL;
    registry_unlock();
    return entry;
}
