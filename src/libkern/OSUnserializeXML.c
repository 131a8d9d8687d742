/* SPDX-License-Identifier: MIT */
/*
 * OSUnserializeXML: property lists in XML (SEMANTICS 1.66 to 1.74), on expat.
 *
 * expat finds the tags and checks that the text is well formed; what stands between them is taken from the caller's
 * buffer, by the byte offsets that expat reports. So text is copied once, into its object, and bytes are kept as they
 * are: Apple's reader knows no encodings, and property lists written by OSSerialize hold whatever bytes a device
 * reported (plistExpat.c). There is no character data handler, therefore: text where only tags may stand is found by
 * looking at the few bytes between two tags (isBlank).
 *
 * expat is stricter than Apple's lexer about the tags themselves (well-formedness, "]]>", an attribute twice), and
 * laxer in some forms that XML allows: spaces before > and />, single quotes, CR as white space. Those are read. What
 * an element may contain follows Apple: no comments, character references or CDATA inside a string, no document type
 * with an internal subset, hence no entities but the three.
 *
 *     outside --- <dict>, <array>, <set> ---> a frame of the builder, until its end tag
 *             --- <string>, <key>, <integer>, <data> ---> leaf, until its end tag: the object is made there
 *             --- the first object is whole ---> stopped: what follows is not looked at
 */
#include <libkern/OSUnserialize.h>

#include <limits.h>
#include <string.h>

#include <expat.h>

#include <IOKit/IOLib.h>
#include <libkern/OSSerializeBinary.h>
#include <libkern/libkern.h>

#include "plistBuilder.h"
#include "plistElement.h"
#include "plistExpat.h"
#include "plistText.h"

enum { kCachedKeys = 128 };

/* A key that was read, to be found again by its raw text. */
typedef struct cached_key {
    const char     *text; /* borrowed from the input */
    size_t          length;
    const OSSymbol *symbol; /* borrowed from the builder's kept objects; NULL: empty */
} cached_key;

typedef struct xml_reader {
    plist_builder builder;
    plist_tags    tags;
    plist_scratch scratch;
    XML_Parser    parser;
    const char   *text;       /* what expat was given */
    size_t        position;   /* behind the last tag, comment or instruction that was handled */
    size_t        errorPosition;
    bool          isInside;   /* the first tag was seen */
    bool          isStopped;
    bool          isFailed;
    plist_element leaf;
    unsigned      objects;
    unsigned      references;
    cached_key    keys[kCachedKeys];
} xml_reader;

static const char syntaxError[] = "syntax error";

static void stop(xml_reader *reader)
{
    reader->isStopped = true;
    (void)XML_StopParser(reader->parser, XML_FALSE); /* fails when it is stopped */
}

static void fail(xml_reader *reader, const char *error)
{
    if (reader->isFailed)
        return;
    (void)plist_fail(&reader->builder, error);
    reader->isFailed      = true;
    reader->errorPosition = (size_t)XML_GetCurrentByteIndex(reader->parser);
    stop(reader);
}

/* Whether nothing but white space stands between the last tag and the one at end. */
static bool isBlank(const xml_reader *reader, size_t end)
{
    const char *last = reader->text + end;
    for (const char *at = reader->text + reader->position; at < last; at++)
        if (*at != '\t' && *at != '\n' && *at != ' ' && *at != '\r')
            return false;
    return true;
}

/* ---- objects ---- */

static bool countObject(xml_reader *reader)
{
    return ++reader->objects <= kOSUnserializeTextObjectsMax || plist_fail(&reader->builder, "maximum object count");
}

static bool remember(xml_reader *reader, long id, OSObject *object, uint32_t weight)
{
    return id < 0 || !object || plist_tags_set(&reader->tags, (uint32_t)id, object, weight) ||
           plist_fail(&reader->builder, "out of memory");
}

/* Takes a whole object into its collection, or as the result, which ends the reading. */
static bool addObject(xml_reader *reader, OSObject *object, uint32_t weight)
{
    if (!plist_add(&reader->builder, object, weight) || !countObject(reader))
        return false;
    if (reader->builder.depth == 0)
        stop(reader);
    return true;
}

static bool addReference(xml_reader *reader, long id)
{
    plist_tag *tag = id >= 0 ? plist_tags_find(&reader->tags, (uint32_t)id) : NULL;
    if (!tag)
        return plist_fail(&reader->builder, "forward reference detected");
    if (++reader->references > kOSUnserializeReferencesMax)
        return plist_fail(&reader->builder, "maximum object reference count");
    OSObject *object = plist_repeat(&reader->builder, tag->object, &tag->uses);
    return object && addObject(reader, object, tag->weight);
}

static bool closeCollection(xml_reader *reader)
{
    uint32_t  weight;
    long      id     = plist_top(&reader->builder)->tag;
    OSObject *object = plist_close(&reader->builder, &weight);
    return object && addObject(reader, object, weight) && remember(reader, id, object, weight);
}

static bool openCollection(xml_reader *reader, plist_kind kind, long id, bool isEmpty)
{
    if (plist_wantsKey(&reader->builder))
        return plist_fail(&reader->builder, syntaxError);
    return plist_open(&reader->builder, kind, id, false) && (!isEmpty || closeCollection(reader));
}

/* ---- what stands between a start and an end tag ---- */

static bool addLeafObject(xml_reader *reader, OSObject *object, const char *error)
{
    if (!object)
        return plist_fail(&reader->builder, error);
    return addObject(reader, object, 1) && remember(reader, reader->leaf.id, object, 1);
}

/* The text with &lt; &gt; &amp; replaced; NULL for any other entity. */
static const char *decodeText(xml_reader *reader, const char *text, size_t *length)
{
    if (!memchr(text, '&', *length))
        return text;
    char *decoded = plist_scratch_reserve(&reader->scratch, *length);
    if (!decoded)
        (void)plist_fail(&reader->builder, "out of memory");
    else if (!plist_decodeEntities(text, *length, decoded, length))
        (void)plist_fail(&reader->builder, syntaxError);
    return reader->builder.error ? NULL : decoded;
}

static cached_key *cacheSlot(xml_reader *reader, const char *text, size_t length)
{
    uint64_t first = 0, last = 0;
    size_t   bytes = length < sizeof first ? length : sizeof first;
    memcpy(&first, text, bytes);
    memcpy(&last, text + length - bytes, bytes);
    uint64_t hash = (first ^ (last << 7 | last >> 57) ^ length) * UINT64_C(0x9e3779b97f4a7c15);
    return &reader->keys[(hash >> 32) % kCachedKeys];
}

static bool addKey(xml_reader *reader, const char *text, size_t length)
{
    cached_key *slot = cacheSlot(reader, text, length);
    if (!slot->symbol || slot->length != length || memcmp(slot->text, text, length) != 0) {
        size_t      plainLength = length;
        const char *plain       = decodeText(reader, text, &plainLength);
        if (!plain)
            return false;
        const OSSymbol *symbol = OSSymbol_withStringOfLength(plain, plainLength);
        if (!symbol)
            return plist_fail(&reader->builder, "buildSymbol");
        if (!plist_keep(&reader->builder, OSObjectOf(symbol)))
            return false;
        *slot = (cached_key){.text = text, .length = length, .symbol = symbol};
    }
    return plist_addKey(&reader->builder, slot->symbol) &&
           remember(reader, reader->leaf.id, OSObjectOf(slot->symbol), 1);
}

static bool addString(xml_reader *reader, const char *text, size_t length)
{
    const char *plain = decodeText(reader, text, &length);
    if (!plain)
        return false;
    OSString *string = OSString_withStringOfLength(plain, length);
    return addLeafObject(reader, string ? OSObjectOf(string) : NULL, "buildString");
}

static bool addInteger(xml_reader *reader, const char *text, size_t length)
{
    uint64_t value;
    if (!plist_readInteger(text, length, &value))
        return plist_fail(&reader->builder, syntaxError);
    OSNumber *number = OSNumber_withNumber(value, reader->leaf.bits);
    return addLeafObject(reader, number ? OSObjectOf(number) : NULL, "buildNumber");
}

static bool addData(xml_reader *reader, const char *text, size_t length)
{
    uint8_t *bytes = plist_scratch_reserve(&reader->scratch, length + 1);
    if (!bytes)
        return plist_fail(&reader->builder, "out of memory");
    if (reader->leaf.isHex && !plist_decodeHex(text, length, bytes, &length))
        return plist_fail(&reader->builder, syntaxError);
    if (!reader->leaf.isHex)
        length = plist_decodeBase64(text, length, bytes);
    OSData *data = OSData_withBytes(bytes, (unsigned)length);
    return addLeafObject(reader, data ? OSObjectOf(data) : NULL, "buildData");
}

static bool endLeaf(xml_reader *reader, const char *text, size_t length)
{
    switch (reader->leaf.kind) {
    case ELEMENT_STRING:
        return addString(reader, text, length);
    case ELEMENT_KEY:
        return addKey(reader, text, length);
    case ELEMENT_INTEGER:
        return addInteger(reader, text, length);
    default:
        return addData(reader, text, length);
    }
}

static bool startOrWholeLeaf(xml_reader *reader, const plist_element *element, bool isEmpty)
{
    reader->leaf = *element;
    if (!isEmpty)
        return true;
    bool done         = element->kind != ELEMENT_KEY ? endLeaf(reader, "", 0)
                                                     : plist_fail(&reader->builder, syntaxError);
    reader->leaf.kind = ELEMENT_NONE;
    return done;
}

/* ---- handlers ---- */

static bool handleStart(xml_reader *reader, const plist_element *element, bool isEmpty)
{
    if (element->isReference && isEmpty)
        return addReference(reader, element->id);
    if (element->isReference)
        return plist_fail(&reader->builder, syntaxError);
    switch (element->kind) {
    case ELEMENT_DICTIONARY:
        return openCollection(reader, PLIST_DICTIONARY, element->id, isEmpty);
    case ELEMENT_ARRAY:
        return openCollection(reader, PLIST_ARRAY, element->id, isEmpty);
    case ELEMENT_SET:
        return openCollection(reader, PLIST_SET, element->id, isEmpty);
    case ELEMENT_STRING:
    case ELEMENT_KEY:
    case ELEMENT_INTEGER:
    case ELEMENT_DATA:
        return startOrWholeLeaf(reader, element, isEmpty);
    case ELEMENT_TRUE:
    case ELEMENT_FALSE: /* not remembered under an ID: Apple's reader does not */
        if (!isEmpty)
            return plist_fail(&reader->builder, syntaxError);
        return addObject(reader, OSObjectOf(element->kind == ELEMENT_TRUE ? kOSBooleanTrue : kOSBooleanFalse), 1);
    case ELEMENT_PLIST:
        return true;
    default:
        return plist_fail(&reader->builder, syntaxError);
    }
}

static void startElement(void *data, const XML_Char *name, const XML_Char **attributes)
{
    xml_reader *reader = data;
    if (reader->isStopped)
        return;
    size_t        start = (size_t)XML_GetCurrentByteIndex(reader->parser);
    size_t        end   = start + (size_t)XML_GetCurrentByteCount(reader->parser);
    plist_element tag   = {.kind = plist_elementKind(name), .id = -1, .bits = 64};
    if (reader->leaf.kind != ELEMENT_NONE || (reader->isInside && !isBlank(reader, start)) ||
        !plist_readAttributes(&tag, attributes)) {
        fail(reader, syntaxError);
        return;
    }
    reader->isInside = true;
    reader->position = end;
    if (!handleStart(reader, &tag, reader->text[end - 2] == '/'))
        fail(reader, syntaxError);
}

static void endElement(void *data, const XML_Char *name)
{
    xml_reader *reader = data;
    size_t      length = (size_t)XML_GetCurrentByteCount(reader->parser);
    if (reader->isStopped || length == 0) /* an empty element is one tag, and was handled */
        return;
    size_t start = (size_t)XML_GetCurrentByteIndex(reader->parser);
    bool   done  = true;
    if (reader->leaf.kind != ELEMENT_NONE) {
        done              = endLeaf(reader, reader->text + reader->position, start - reader->position);
        reader->leaf.kind = ELEMENT_NONE;
    } else if (!isBlank(reader, start)) {
        done = false;
    } else if (plist_elementKind(name) != ELEMENT_PLIST) {
        done = closeCollection(reader);
    }
    reader->position = start + length;
    if (!done)
        fail(reader, syntaxError);
}

/* Comments and processing instructions may stand between elements, not in text. */
static void skip(xml_reader *reader)
{
    size_t start = (size_t)XML_GetCurrentByteIndex(reader->parser);
    if (reader->isStopped)
        return;
    if (reader->leaf.kind != ELEMENT_NONE || (reader->isInside && !isBlank(reader, start)))
        fail(reader, syntaxError);
    reader->position = start + (size_t)XML_GetCurrentByteCount(reader->parser);
}

static void handleComment(void *data, const XML_Char *text)
{
    skip(data);
}

static void handleInstruction(void *data, const XML_Char *target, const XML_Char *text)
{
    skip(data);
}

static void handleCdata(void *data)
{
    fail(data, syntaxError);
}

static void handleDoctype(void *data, const XML_Char *name, const XML_Char *systemId, const XML_Char *publicId,
                          int hasInternalSubset)
{
    if (hasInternalSubset)
        fail(data, syntaxError);
}

/* ---- the functions ---- */

static bool createParser(xml_reader *reader, const char *encoding)
{
    reader->parser = plist_createParser(encoding);
    if (!reader->parser)
        return plist_fail(&reader->builder, "out of memory");
    XML_SetUserData(reader->parser, reader);
    XML_SetElementHandler(reader->parser, startElement, endElement);
    XML_SetCommentHandler(reader->parser, handleComment);
    XML_SetProcessingInstructionHandler(reader->parser, handleInstruction);
    XML_SetStartCdataSectionHandler(reader->parser, handleCdata);
    XML_SetStartDoctypeDeclHandler(reader->parser, handleDoctype);
    return true;
}

/* What expat found wrong, in the words of Apple's reader. */
static void noteExpatError(xml_reader *reader)
{
    XML_Index      position = XML_GetCurrentByteIndex(reader->parser);
    enum XML_Error error    = XML_GetErrorCode(reader->parser);
    bool           isOpen   = reader->builder.depth > 0 || reader->leaf.kind != ELEMENT_NONE;
    if (error == XML_ERROR_NO_MEMORY)
        (void)plist_fail(&reader->builder, "out of memory");
    else if (error == XML_ERROR_NO_ELEMENTS && !isOpen)
        (void)plist_fail(&reader->builder, "unexpected end of buffer");
    else
        (void)plist_fail(&reader->builder, syntaxError);
    reader->errorPosition = position > 0 ? (size_t)position : 0;
}

static void parse(xml_reader *reader, size_t length, const char *encoding)
{
    if (!createParser(reader, encoding))
        return;
    enum XML_Status status = XML_Parse(reader->parser, reader->text, (int)length, XML_TRUE);
    if (!reader->isStopped && status == XML_STATUS_OK) { /* <plist> without an object */
        (void)plist_fail(&reader->builder, "unexpected end of buffer");
        reader->errorPosition = length;
    } else if (!reader->isStopped) {
        noteExpatError(reader);
    }
    XML_ParserFree(reader->parser);
}

/* A byte order mark, which XML allows, or white space, which Apple's reader allows before <?xml; expat does not. */
static size_t blankPrefix(const char *text)
{
    static const char mark[] = "\xef\xbb\xbf";
    size_t            length = strncmp(text, mark, sizeof mark - 1) == 0 ? sizeof mark - 1 : 0;
    return length + strspn(text + length, " \t\r\n");
}

static OSObject *readAs(const char *encoding, const char *buffer, size_t length, OSString **errorString)
{
    size_t      skipped = blankPrefix(buffer);
    xml_reader *reader  = IOMallocZero(sizeof *reader);
    if (!reader)
        return NULL;
    reader->builder.depthMax   = kOSUnserializeTextDepthMax;
    reader->builder.uniqueKeys = true;
    reader->text               = buffer + skipped;
    parse(reader, length - skipped, encoding);
    OSObject *result = plist_end(&reader->builder);
    if (!result)
        plist_describeError(errorString, "OSUnserializeXML", reader->builder.error, buffer,
                            reader->errorPosition + skipped);
    plist_tags_end(&reader->tags);
    plist_scratch_end(&reader->scratch);
    IOFree(reader, sizeof *reader);
    return result;
}

static bool hasControls(const char *text)
{
    for (; *text; text++)
        if ((uint8_t)*text < ' ' && *text != '\t' && *text != '\n' && *text != '\r')
            return true;
    return false;
}

/*
 * In Latin-1 every byte above 0x1f is a character, whatever the text is really in, and expat is quick with it. Only
 * what is refused as such and has control characters is read again, with those as characters too.
 */
static OSObject *readText(const char *buffer, size_t length, OSString **errorString)
{
    if (length > INT_MAX)
        return NULL;
    OSObject *result = readAs("ISO-8859-1", buffer, length, errorString);
    if (result || !hasControls(buffer))
        return result;
    if (errorString)
        OSSafeReleaseNULL(*errorString);
    return readAs(kPlistBytesEncoding, buffer, length, errorString);
}

OSObject *OSUnserializeXML(const char *buffer, OSString **errorString)
{
    if (errorString)
        *errorString = NULL;
    return buffer ? readText(buffer, strlen(buffer), errorString) : NULL;
}

OSObject *OSUnserializeXMLSized(const char *buffer, size_t size, OSString **errorString)
{
    if (errorString)
        *errorString = NULL;
    if (!buffer || size < sizeof kOSSerializeBinarySignature)
        return NULL;
    if (memcmp(buffer, kOSSerializeBinarySignature, sizeof kOSSerializeBinarySignature) == 0 ||
        (uint8_t)buffer[0] == kOSSerializeIndexedBinarySignature)
        return OSUnserializeBinary(buffer, size, errorString);
    return buffer[size - 1] == 0 ? readText(buffer, strlen(buffer), errorString) : NULL;
}
