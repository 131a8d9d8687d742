/* SPDX-License-Identifier: MIT */
/*
 * ioreg's walk over a plane: the whole tree, or with -r the subtrees whose roots are chosen by -c, -k and -n. Children
 * are taken from the iterator one ahead, because what is drawn left of an entry says whether it has siblings below.
 */
#include <string.h>

#include "ioreg.h"

static bool is_within_depth(uint32_t depth, uint32_t limit)
{
    return limit == 0 || limit > depth;
}

/* Whether a child of an entry at that depth is walked; says once when a tree is too deep. */
static bool has_room_below(uint32_t depth)
{
    static bool hasSaidSo;
    if (depth + 1 < kLevelMax)
        return true;
    if (!hasSaidSo)
        tool_warn(&theTool, "error: the tree is deeper than %d levels", kLevelMax);
    hasSaidSo = true;
    return false;
}

/* Draws the entry and what is below it. `where` is the entry's position, its hasChildren not set yet. */
static void scan(io_registry_entry_t entry, position *where, uint32_t depthLimit)
{
    io_iterator_t children = 0;
    if (IORegistryEntryGetChildIterator(entry, theOptions.plane, &children) != kIOReturnSuccess)
        return;
    bool                goesDown = is_within_depth(where->depth + 1, depthLimit);
    io_registry_entry_t next     = IOIteratorNext(children);
    where->hasChildren           = goesDown && next;
    entry_show(entry, where);

    while (next && goesDown && has_room_below(where->depth)) {
        io_registry_entry_t child = next;
        next                      = IOIteratorNext(children);
        where->depth++;
        where->more[where->depth] = next != 0;
        scan(child, where, depthLimit);
        where->depth--;
        IOObjectRelease(child);
    }
    IOObjectRelease(next);
    IOObjectRelease(children);
}

void walk_show_plane(io_registry_entry_t root)
{
    position where = {0};
    scan(root, &where, theOptions.depth);
}

/* Draws one chosen subtree, with -t below its ancestors. */
static void show_root(io_registry_entry_t entry, const io_registry_entry_t *ancestors, uint32_t depth)
{
    uint32_t limit = theOptions.depth;
    position where = {0};
    if (theOptions.tree) {
        for (uint32_t i = 0; i < depth; i++)
            entry_show(ancestors[i], &(position){.depth = i, .hasChildren = true});
        where.depth = depth;
        if (limit)
            limit += depth;
    }
    scan(entry, &where, limit);
    line_end();
}

/* Looks for chosen entries at and below an entry. What is above `drawnDepth` is part of a subtree already drawn. */
static void search(io_registry_entry_t entry, io_registry_entry_t *ancestors, uint32_t depth, uint64_t drawnDepth)
{
    if (drawnDepth <= depth && entry_is_chosen(entry)) {
        drawnDepth = theOptions.depth ? (uint64_t)depth + theOptions.depth : UINT64_MAX;
        show_root(entry, ancestors, depth);
    }
    io_iterator_t children = 0;
    if (IORegistryEntryGetChildIterator(entry, theOptions.plane, &children) != kIOReturnSuccess)
        return;
    ancestors[depth] = entry;
    io_registry_entry_t child;
    while ((child = IOIteratorNext(children)) != 0) {
        if (has_room_below(depth))
            search(child, ancestors, depth + 1, drawnDepth);
        IOObjectRelease(child);
    }
    IOObjectRelease(children);
}

void walk_show_roots(io_registry_entry_t root)
{
    io_registry_entry_t ancestors[kLevelMax];
    search(root, ancestors, 0, 0);
}
