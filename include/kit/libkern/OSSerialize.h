/* SPDX-License-Identifier: MIT */
/*
 * OSSerialize: writes objects as a property list (libkern/c++/OSSerialize.h; SEMANTICS 1.52 to 1.57, 1.77 to 1.83).
 *
 * A serializer is given to OSObject_serialize, which appends the object, and all it holds, in one of two forms: XML
 * (withCapacity) or binary (binaryWithCapacity). A class's `serialize` slot is written once, for XML:
 *
 *     if (OSSerialize_previouslySerialized(s, self))
 *         return true;
 *     return OSSerialize_addXMLStartTag(s, self, "thing") && ... && OSSerialize_addXMLEndTag(s, "thing");
 *
 * The binary form knows the property-list classes and is written by previouslySerialized, which then returns true; an
 * object of another class makes it return false, and its `serialize` must hand objects of those classes to the
 * serializer, as OSObject's does.
 *
 * Objects that were written stay retained until clearText or free: the identity of their address is what makes a
 * second appearance a reference. One thread uses a serializer at a time. All functions below that return bool return
 * false without memory, or when the text would pass kOSSerializeLengthMax.
 */
#ifndef _LIBKERN_OSSERIALIZE_H
#define _LIBKERN_OSSERIALIZE_H

#include <libkern/OSObject.h>
#include <libkern/OSSerializeBinary.h>

enum { kOSSerializeLengthMax = 0x3fffffff }; /* bytes of output */

OSDeclareClass(OSSerialize);

/*
 * Asked for each value of each dictionary that a binary serializer writes.
 *   value        borrowed, what the dictionary holds under name
 * Returns        +1 the object to write in its place, or value itself, retained; NULL leaves the value out: a reader
 *                of either side skips what is written then
 */
typedef const OSObject *(*OSSerializeEditor)(void *reference, OSSerialize *serializer, const OSDictionary *container,
                                             const OSSymbol *name, const OSObject *value);

/* An object that appeared. */
typedef struct OSSerializeTag {
    const OSObject *object; /* owned */
    uint32_t        offset; /* of its key in the binary form, in words */
} OSSerializeTag;

/* Its fields are its own; nothing has a lock. */
struct OSSerialize {
    OSObject super;
    char    *data;      /* owned; capacity bytes, zero behind length */
    unsigned length;    /* of the output; in XML the NUL counts */
    unsigned capacity;
    unsigned increment;

    /* The objects that appeared, in order, and an open-addressing table of their numbers plus 1, 0 where it is free. */
    OSSerializeTag *tags; /* owned */
    uint32_t        tagCount;
    uint32_t        tagCapacity;
    uint32_t       *tagSlots;     /* owned */
    uint32_t        tagSlotCount; /* a power of 2, or 0 */

    bool              failed; /* memory or length ran out: the output has a hole, nothing is appended any more */
    bool              binary;
    bool              indexed;
    bool              endCollection; /* the next object is the last member of its collection */
    unsigned          depth;         /* collections being written in the binary form */
    OSSerializeEditor editor;
    void             *editorReference;
};

/* +1; an XML serializer. capacity: bytes to begin with, rounded up to whole pages. NULL without memory. */
OSSerialize *OSSerialize_withCapacity(unsigned capacity);
/* +1; a binary one. capacity: at least 4, else NULL. editor: NULL, or as above, called with reference. */
OSSerialize *OSSerialize_binaryWithCapacity(unsigned capacity, OSSerializeEditor editor, void *reference);
/* Makes a binary serializer, before its first object, write the indexed form: offsets in place of object numbers, and
 * the length of each collection. */
void OSSerialize_setIndexed(OSSerialize *self, bool index);

/* The output; borrowed until the next append. XML ends with a NUL. */
char *OSSerialize_text(const OSSerialize *self);
/* Its length in bytes; in XML the NUL counts: 1 when nothing was written. */
unsigned OSSerialize_getLength(const OSSerialize *self);
/* Forgets output and objects; the buffer stays. */
void OSSerialize_clearText(OSSerialize *self);

/*
 * What a `serialize` slot begins with. True: the object is done (it appeared before, so a reference was written; or the
 * serializer is binary and has written it). False: write its tags now.
 */
bool OSSerialize_previouslySerialized(OSSerialize *self, const OSObject *object);
/* <tag ID="n">; previouslySerialized returned false for the object before. The tag may carry attributes of its own:
 * "integer size=\"32\"". Binary: logs the class and returns false. */
bool OSSerialize_addXMLStartTag(OSSerialize *self, const OSObject *object, const char *tag);
/* </tag> */
bool OSSerialize_addXMLEndTag(OSSerialize *self, const char *tag);
/* Appends to XML output as it stands, unescaped. Binary: false. */
bool OSSerialize_addChar(OSSerialize *self, char c);
bool OSSerialize_addString(OSSerialize *self, const char *string);
bool OSSerialize_addBytes(OSSerialize *self, const void *bytes, size_t length);
/* Appends text with &, < and > escaped. The text ends at a NUL or after length bytes. */
bool OSSerialize_addText(OSSerialize *self, const char *text, size_t length);
/* Appends bytes in base64 with padding. */
bool OSSerialize_addBase64(OSSerialize *self, const void *bytes, size_t length);

/* Whether it writes the binary form. */
bool OSSerialize_isBinary(const OSSerialize *self);
/* Writes an object in the binary form, or a reference to it. False too for an object of a class that form has not, and
 * for collections nested deeper than a reader takes (kOSUnserializeBinaryDepthMax). */
bool OSSerialize_binarySerialize(OSSerialize *self, const OSObject *object);
/* Appends bytes, zero-padded to 4. */
bool OSSerialize_addBinary(OSSerialize *self, const void *bytes, size_t length);
/* Numbers the object and appends key (with the end mark when it is due) and bytes. ret_start: NULL, or receives the
 * place of the key, for a collection. */
bool OSSerialize_addBinaryObject(OSSerialize *self, const OSObject *object, uint32_t key, const void *bytes,
                                 uint32_t length, uint32_t *ret_start);

unsigned OSSerialize_getCapacity(const OSSerialize *self);
unsigned OSSerialize_getCapacityIncrement(const OSSerialize *self);
/* 0 means 256. Returns the increment. */
unsigned OSSerialize_setCapacityIncrement(OSSerialize *self, unsigned increment);
/* Grows the buffer to at least capacity when memory allows; returns what it is. */
unsigned OSSerialize_ensureCapacity(OSSerialize *self, unsigned capacity);

/*
 * OSSerializer: an object whose serialisation is made by a function when it is asked for: a property with a value that
 * is computed.
 */
OSDeclareClass(OSSerializer);

/* Writes target's value into the serializer, as a `serialize` slot does. target and reference as given to forTarget. */
typedef bool (*OSSerializerCallback)(void *target, void *reference, OSSerialize *serializer);

struct OSSerializer {
    OSObject             super;
    void                *target;    /* borrowed from the maker */
    void                *reference; /* borrowed from the maker */
    OSSerializerCallback callback;
};

/* +1; NULL without memory. target and reference are the caller's to keep alive as long as the object. */
OSSerializer *OSSerializer_forTarget(void *target, OSSerializerCallback callback, void *reference);

#endif
