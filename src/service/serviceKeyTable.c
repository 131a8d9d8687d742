/* SPDX-License-Identifier: MIT */
/*
 * The table of serviceIndex.c that finds the nodes of a symbol: buckets of chains, doubled when there are more symbols
 * than buckets. All nodes of one symbol form a ring, of which one, the head, is chained in the bucket; so a million
 * services of one name do not slow down another name in the same bucket, and filing and taking out are O(1). The nodes
 * are the services' own: only growing needs memory, and the table works without.
 */
#include "service/serviceKeyTable.h"

enum { kFirstBuckets = 64 };

/* All under the index lock. */
static IndexNode **buckets;     /* owned */
static size_t      bucketCount; /* a power of 2, or 0 */
static size_t      keyCount;    /* rings in the table */

size_t keyTable_hash(const OSSymbol *key)
{
    return (size_t)((uint64_t)(uintptr_t)key * 0x9e3779b97f4a7c15u >> 32);
}

static IndexNode **bucketOf(const OSSymbol *key)
{
    return &buckets[keyTable_hash(key) & (bucketCount - 1)];
}

static void chainHead(IndexNode *node, IndexNode **bucket)
{
    node->chainNext = *bucket;
    node->chainLink = bucket;
    if (*bucket)
        (*bucket)->chainLink = &node->chainNext;
    *bucket = node;
}

static void unchainHead(IndexNode *node)
{
    *node->chainLink = node->chainNext;
    if (node->chainNext)
        node->chainNext->chainLink = node->chainLink;
    node->chainLink = NULL;
}

/* Twice the buckets; when there is no memory the chains just become longer. False only when there is no table at all.
 */
static bool grow(void)
{
    size_t      oldCount = bucketCount;
    IndexNode **old      = buckets;
    size_t      count    = oldCount ? 2 * oldCount : kFirstBuckets;
    IndexNode **fresh    = IOMallocZero(count * sizeof fresh[0]);
    if (!fresh)
        return oldCount != 0;
    buckets     = fresh;
    bucketCount = count;
    for (size_t i = 0; i < oldCount; i++)
        for (IndexNode *node = old[i], *next; node; node = next) {
            next = node->chainNext;
            chainHead(node, bucketOf(node->key));
        }
    IOFree(old, oldCount * sizeof old[0]);
    return true;
}

IndexNode *keyTable_find(const OSSymbol *key)
{
    IndexNode *node = bucketCount ? *bucketOf(key) : NULL;
    while (node && node->key != key)
        node = node->chainNext;
    return node;
}

void keyTable_file(IndexNode *node, const OSSymbol *key)
{
    IndexNode *head = keyTable_find(key);
    node->key       = key;
    if (head) {
        node->ringPrevious       = head->ringPrevious;
        node->ringNext           = head;
        head->ringPrevious->ringNext = node;
        head->ringPrevious           = node;
        return;
    }
    if (keyCount >= bucketCount)
        (void)grow(); /* there is a table already: whoever files has ensured it */
    node->ringNext = node->ringPrevious = node;
    chainHead(node, bucketOf(key));
    keyCount++;
}

const OSSymbol *keyTable_unfile(IndexNode *node)
{
    const OSSymbol *key = node->key;
    if (!key)
        return NULL;
    if (node->chainLink) {
        IndexNode **bucket = bucketOf(key);
        unchainHead(node);
        if (node->ringNext != node)
            chainHead(node->ringNext, bucket);
        else
            keyCount--;
    }
    node->ringNext->ringPrevious = node->ringPrevious;
    node->ringPrevious->ringNext = node->ringNext;
    node->key                    = NULL;
    return key;
}

bool keyTable_ensure(void)
{
    return bucketCount || grow();
}
