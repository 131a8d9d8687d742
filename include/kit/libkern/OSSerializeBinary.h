/* SPDX-License-Identifier: MIT */
/* The binary property list's words (libkern/OSSerializeBinary.h; SEMANTICS 1.77 to 1.82); docs/plist-forms.md. */
#ifndef _LIBKERN_OSSERIALIZEBINARY_H
#define _LIBKERN_OSSERIALIZEBINARY_H

/* An object begins with a word: type, length or value, and whether it is the last member of its collection. */
enum {
    kOSSerializeDictionary   = 0x01000000U,
    kOSSerializeArray        = 0x02000000U,
    kOSSerializeSet          = 0x03000000U,
    kOSSerializeNumber       = 0x04000000U,
    kOSSerializeSymbol       = 0x08000000U,
    kOSSerializeString       = 0x09000000U,
    kOSSerializeData         = 0x0a000000U,
    kOSSerializeBoolean      = 0x0b000000U,
    kOSSerializeObject       = 0x0c000000U, /* a reference to one that appeared */
    kOSSerializeTypeMask     = 0x7F000000U,
    kOSSerializeDataMask     = 0x00FFFFFFU,
    kOSSerializeEndCollecton = 0x80000000U, /* Apple's spelling */
};

/* The first four bytes: this, and the NUL that ends it; or the indexed signature with the object count above it. */
#define kOSSerializeBinarySignature        "\323\0\0"
#define kOSSerializeIndexedBinarySignature 0x000000D4

#endif
