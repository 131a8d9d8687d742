/* SPDX-License-Identifier: MIT */
/*
 * expat's surroundings. It asks for memory without saying how much it gives back, so each block has its size in front.
 * For bytes that may be in any encoding, or in none, there is an encoding that expat does not know: it asks, and each
 * byte that XML gives no meaning becomes a character of the private use area. Nobody sees those characters: the reader
 * takes text from its input.
 */
#include "plistExpat.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <IOKit/IOLib.h>

enum {
    kPrivateUseArea   = 0xe000,
    kAllocationHeader = 16, /* keeps the alignment of malloc */
};

static void *allocateForExpat(size_t size)
{
    size_t *block = size <= SIZE_MAX - kAllocationHeader ? IOMalloc(size + kAllocationHeader) : NULL;
    if (!block)
        return NULL;
    *block = size;
    return (char *)block + kAllocationHeader;
}

static void freeForExpat(void *address)
{
    if (!address)
        return;
    size_t *block = (size_t *)((char *)address - kAllocationHeader);
    IOFree(block, *block + kAllocationHeader);
}

static void *reallocateForExpat(void *address, size_t size)
{
    if (!address)
        return allocateForExpat(size);
    size_t *block = (size_t *)((char *)address - kAllocationHeader);
    size_t *moved = size <= SIZE_MAX - kAllocationHeader
                        ? IOReallocZero(block, *block + kAllocationHeader, size + kAllocationHeader)
                        : NULL;
    if (!moved)
        return NULL;
    *moved = size;
    return (char *)moved + kAllocationHeader;
}

static int mapBytes(void *data, const XML_Char *name, XML_Encoding *encoding)
{
    for (int byte = 0; byte < 256; byte++) {
        bool hasMeaning     = byte == '\t' || byte == '\n' || byte == '\r' || (byte >= ' ' && byte < 0x7f);
        encoding->map[byte] = hasMeaning ? byte : kPrivateUseArea + byte;
    }
    return XML_STATUS_OK;
}

XML_Parser plist_createParser(const char *encoding)
{
    static const XML_Memory_Handling_Suite memory = {
        .malloc_fcn = allocateForExpat, .realloc_fcn = reallocateForExpat, .free_fcn = freeForExpat};
    XML_Parser parser = XML_ParserCreate_MM(encoding, &memory, NULL);
    if (parser)
        XML_SetUnknownEncodingHandler(parser, mapBytes, NULL);
    return parser;
}
