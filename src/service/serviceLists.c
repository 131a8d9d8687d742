/* SPDX-License-Identifier: MIT */
/*
 * ServiceList: a growable list of retained services, private to the thread that has it.
 *
 * The must forms are for termination, which has no way back once services are marked inactive: they wait, a millisecond
 * at a time, until there is memory again, and say so once.
 */
#include "service/IOServicePrivate.h"

#include <time.h>

enum { kFirstCapacity = 16 };

static bool makeRoom(ServiceList *list)
{
    if (list->count < list->capacity)
        return true;
    size_t capacity = list->capacity ? 2 * list->capacity : kFirstCapacity;
    void  *items    = IOReallocate(kIOAllocationMalloc, list->items, list->capacity * sizeof list->items[0],
                                   capacity * sizeof list->items[0]);
    if (!items)
        return false;
    list->items    = items;
    list->capacity = capacity;
    return true;
}

bool serviceList_append(ServiceList *list, IOService *service)
{
    if (!makeRoom(list))
        return false;
    list->items[list->count++] = OSRetain(service);
    return true;
}

bool serviceList_appendIfAlive(ServiceList *list, IOService *service)
{
    if (!makeRoom(list))
        return false;
    if (OSObject_tryRetain(OSObjectOf(service)))
        list->items[list->count++] = service;
    return true;
}

bool serviceList_contains(const ServiceList *list, const IOService *service)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i] == service)
            return true;
    return false;
}

void serviceList_clear(ServiceList *list)
{
    for (size_t i = 0; i < list->count; i++)
        OSRelease(list->items[i]);
    IODeallocate(kIOAllocationMalloc, list->items, list->capacity * sizeof list->items[0]);
    *list = (ServiceList){0};
}

static void waitForMemory(bool *said)
{
    if (!*said)
        IOLog("IOService: termination waits for memory");
    *said = true;
    nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
}

void serviceList_mustAppend(ServiceList *list, IOService *service)
{
    for (bool said = false; !serviceList_append(list, service);)
        waitForMemory(&said);
}

typedef struct AppendContext {
    ServiceList *list;
    bool         ok;
} AppendContext;

static void appendEntry(IORegistryEntry *entry, void *argument)
{
    AppendContext *context = argument;
    IOService     *service = OSDynamicCast(IOService, entry);
    if (service)
        context->ok = context->ok && serviceList_append(context->list, service);
}

static void dropBehind(ServiceList *list, size_t count)
{
    while (list->count > count)
        OSRelease(list->items[--list->count]);
}

bool serviceList_appendClients(ServiceList *list, const IOService *service)
{
    AppendContext context = {list, true};
    size_t        before  = list->count;
    if (IORegistryEntry_applyToChildren(entryOf(service), appendEntry, &context, gIOServicePlane) && context.ok)
        return true;
    dropBehind(list, before);
    return false;
}

void serviceList_mustAppendClients(ServiceList *list, const IOService *service)
{
    for (bool said = false; !serviceList_appendClients(list, service);)
        waitForMemory(&said);
}

static bool appendProviders(ServiceList *list, const IOService *service)
{
    AppendContext context = {list, true};
    size_t        before  = list->count;
    if (IORegistryEntry_applyToParents(entryOf(service), appendEntry, &context, gIOServicePlane) && context.ok)
        return true;
    dropBehind(list, before);
    return false;
}

void serviceList_mustAppendProviders(ServiceList *list, const IOService *service)
{
    for (bool said = false; !appendProviders(list, service);)
        waitForMemory(&said);
}
