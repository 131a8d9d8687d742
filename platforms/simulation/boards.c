/* SPDX-License-Identifier: MIT */
/* The list of boards: adding one adds a row, and a model when it has registers. */
#include "boards.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include <IOKit/IODeviceTreeSupport.h>

const Board boards[] = {
    {.name = "simple-device", .isThereFromTheStart = true}, /* examples/SimpleUserClient: no registers at all */
    {.name = NULL},
};

const Board *board_find(const char *name)
{
    for (const Board *board = boards; board->name; board++)
        if (strcmp(board->name, name) == 0)
            return board;
    return NULL;
}

IOPlatformDevice *board_create(const Board *board)
{
    static atomic_uint created;
    char               location[16];
    snprintf(location, sizeof location, "%x", atomic_fetch_add(&created, 1));
    IOPlatformDevice *nub = IOPlatformDevice_withName(board->name, location);
    if (!nub)
        return NULL;
    IORegistryEntry *entry = &nub->super.super;
    if ((board->compatible && !IORegistryEntry_setPropertyData(entry, "compatible", board->compatible,
                                                               (unsigned)strlen(board->compatible) + 1)) ||
        !IODeviceTree_setMatchNames(&nub->super)) {
        OSRelease(nub);
        return NULL;
    }
    return nub;
}
