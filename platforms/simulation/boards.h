/* SPDX-License-Identifier: MIT */
/* The boards that can be plugged into the simulation. */
#ifndef PLATFORMS_SIMULATION_BOARDS_H
#define PLATFORMS_SIMULATION_BOARDS_H

#include <IOKit/IOPlatformDevice.h>

typedef struct Board {
    const char *name;       /* of the nub; drivers match it by IONameMatch */
    const char *compatible; /* another name it answers to, or NULL */
    bool        isThereFromTheStart;
} Board;

/* All boards; the last has no name. */
extern const Board boards[];

/* NULL for a name no board has. */
const Board *board_find(const char *name);
/* A nub with the board's names, not attached; its location counts up. +1; NULL without memory. */
IOPlatformDevice *board_create(const Board *board);

#endif
