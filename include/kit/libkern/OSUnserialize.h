/* SPDX-License-Identifier: MIT */
/*
 * OSUnserialize: makes objects from a property list (libkern/c++/OSUnserialize.h; SEMANTICS 1.66 to 1.76, 1.84, 1.85).
 *
 * Nothing in the bytes is trusted. Nesting, objects, references and the size of what references expand to are bounded
 * (below), no reader recurses, and none reads outside its buffer. docs/plist-forms.md has the forms and who reads
 * which.
 *
 * Each function returns +1, an object the caller owns, or NULL. errorString: NULL, or a slot that is always written:
 * +1 with one line that says what is wrong and near which line, or NULL when there is no error or the form has no text
 * for it. Any thread; may block for memory.
 */
#ifndef _LIBKERN_OSUNSERIALIZE_H
#define _LIBKERN_OSUNSERIALIZE_H

#include <libkern/OSObject.h>
#include <libkern/OSString.h>

/* Limits of the readers. An input beyond one is refused. */
enum {
    kOSUnserializeTextDepthMax   = 512,       /* collections inside each other in XML and in the old form */
    kOSUnserializeBinaryDepthMax = 63,        /* the same, not counting an empty one, in the binary form */
    kOSUnserializeTextObjectsMax = 131071,    /* objects and references, keys not counted, in a text */
    kOSUnserializeReferencesMax  = 65535,     /* references to earlier objects in a text */
    kOSUnserializeRepeatsMax     = 65000,     /* references to one object, other than a symbol, in any form */
    kOSUnserializeObjectsMax     = 16777216,  /* objects in a binary list; in all forms: objects when each reference
                                               * counts as what it refers to, and that, and so on */
};

/* XML, ended by a NUL. Reading ends with the first whole object: what follows it is not looked at. */
OSObject *OSUnserializeXML(const char *buffer, OSString **errorString);

/* XML of size bytes, the last of which must be NUL; or the binary form when it begins with one of its signatures.
 * Fewer than 4 bytes, or no NUL: NULL without text. */
OSObject *OSUnserializeXMLSized(const char *buffer, size_t size, OSString **errorString);

/* The binary form, plain or indexed, in a buffer aligned to 4. Errors have no text. */
OSObject *OSUnserializeBinary(const char *buffer, size_t size, OSString **errorString);

/* The old form, { key = value; }, ended by a NUL. Empty input is NULL without an error. */
OSObject *OSUnserialize(const char *buffer, OSString **errorString);

#endif
