/* SPDX-License-Identifier: MIT */
/* entry_list: a growing array of entries. No locks: a list belongs to one thread. */
#include <IOKit/IOLib.h>

#include "registryPrivate.h"

bool entry_list_append(entry_list *list, IORegistryEntry *entry)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? 2 * list->capacity : 8;
        size_t size     = sizeof(IORegistryEntry *);
        void  *entries  = IOReallocZero(list->entries, list->capacity * size, capacity * size);
        if (!entries)
            return false;
        list->entries  = entries;
        list->capacity = capacity;
    }
    list->entries[list->count++] = entry;
    return true;
}

bool entry_list_appendRetained(entry_list *list, IORegistryEntry *entry)
{
    if (!entry_list_append(list, entry))
        return false;
    OSRetain(entry);
    return true;
}

void entry_list_finish(entry_list *list)
{
    IOFree(list->entries, list->capacity * sizeof(IORegistryEntry *));
    *list = (entry_list){0};
}

void entry_list_finishRetained(entry_list *list)
{
    while (list->count > 0)
        OSRelease(list->entries[--list->count]);
    entry_list_finish(list);
}
