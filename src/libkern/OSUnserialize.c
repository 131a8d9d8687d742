/* SPDX-License-Identifier: MIT */
/*
 * OSUnserialize: property lists in the old form (SEMANTICS 1.75, 1.76): { key = value; }, ( a, b ), [ a, b ], < hex >,
 * .true., 10:32, word, "text"; `object @ n` gives an object a number and `@ n` is that object again.
 *
 * A lexer over the NUL-terminated text makes tokens; the parser is a loop over the builder's stack. An object is
 * finished when the token behind it is not '@', so that token is read before the object goes to its place:
 *
 *     object due --- opening bracket ---> object due (or its closing bracket) one level down
 *                --- anything else -----> object whole --- ',' '=' ';' -----> object due
 *                                                      --- closing bracket -> the collection is the object
 *
 * Reading ends with the first whole object outside of brackets; the text behind it is not looked at.
 */
#include <libkern/OSUnserialize.h>

#include <string.h>

#include <IOKit/IOLib.h>
#include <libkern/libkern.h>

#include "plistBuilder.h"
#include "plistText.h"

typedef enum token_kind {
    TOKEN_END,
    TOKEN_WRONG,
    TOKEN_NUMBER,
    TOKEN_STRING,
    TOKEN_DATA,
    TOKEN_BOOLEAN,
    TOKEN_MARK, /* any other character */
} token_kind;

typedef struct token {
    token_kind  kind;
    char        mark;
    uint64_t    number; /* also a boolean's value */
    const char *text;   /* a string's or data's, in the input or the scratch buffer, until the next token */
    size_t      length;
} token;

typedef struct old_reader {
    plist_builder builder;
    plist_tags    tags;
    plist_scratch scratch;
    const char   *next; /* the text that is left */
    token         token;
    unsigned      objects;
    unsigned      references;
} old_reader;

static bool failSyntax(old_reader *reader)
{
    return plist_fail(&reader->builder, "syntax error");
}

/* ---- lexer ---- */

static bool isBlank(char c)
{
    return c == ' ' || c == '\t';
}

static bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

static bool isLetter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static const char *skipSpaceAndComments(const char *text)
{
    for (;;) {
        while (isBlank(*text) || *text == '\n')
            text++;
        if (*text != '#')
            return text;
        text = strchrnul(text, '\n');
    }
}

static void lexWord(old_reader *reader)
{
    const char *start = reader->next;
    while (isLetter(*reader->next) || isDigit(*reader->next) || *reader->next == '-')
        reader->next++;
    reader->token = (token){.kind = TOKEN_STRING, .text = start, .length = (size_t)(reader->next - start)};
}

/* A backslash shields the character behind it from ending the string. All backslashes are left out, so that a string
 * cannot have one. */
static void lexQuoted(old_reader *reader)
{
    char        quote = *reader->next++;
    const char *start = reader->next;
    size_t      length = 0;
    while (*reader->next != quote && *reader->next != 0)
        reader->next += reader->next[0] == '\\' && reader->next[1] != 0 ? 2 : 1;
    char *text = plist_scratch_reserve(&reader->scratch, (size_t)(reader->next - start) + 1);
    if (!text)
        (void)plist_fail(&reader->builder, "out of memory");
    if (!text || *reader->next == 0) {
        reader->token = (token){.kind = TOKEN_WRONG};
        return;
    }
    for (const char *from = start; from < reader->next; from++)
        if (*from != '\\')
            text[length++] = *from;
    reader->next++;
    reader->token = (token){.kind = TOKEN_STRING, .text = text, .length = length};
}

static void lexNumber(old_reader *reader)
{
    const char *at    = reader->next;
    bool        isHex = at[0] == '0' && at[1] == 'x';
    uint64_t    value = 0;
    for (at += isHex ? 2 : 0; isDigit(*at) || (isHex && plist_hexDigit(*at) >= 0); at++)
        value = value * (isHex ? 16 : 10) + (unsigned)plist_hexDigit(*at);
    reader->next  = at;
    reader->token = (token){.kind = TOKEN_NUMBER, .number = value};
}

static void lexBoolean(old_reader *reader)
{
    static const char yes[] = ".true.", no[] = ".false.";
    bool              isYes = strncmp(reader->next, yes, sizeof yes - 1) == 0;
    bool              isNo  = strncmp(reader->next, no, sizeof no - 1) == 0;
    reader->token           = (token){.kind = isYes || isNo ? TOKEN_BOOLEAN : TOKEN_WRONG, .number = isYes};
    reader->next += isYes ? sizeof yes - 1 : isNo ? sizeof no - 1 : 0;
}

/* The end of the pairs of digits that text begins with; their bytes, unless bytes is NULL, and how many. */
static const char *scanPairs(const char *text, uint8_t *bytes, size_t *ret_length)
{
    *ret_length = 0;
    for (;; text += 2) {
        text     = skipSpaceAndComments(text);
        int high = plist_hexDigit(text[0]);
        int low  = high >= 0 ? plist_hexDigit(text[1]) : -1;
        if (low < 0)
            return text;
        if (bytes)
            bytes[*ret_length] = (uint8_t)(high << 4 | low);
        ++*ret_length;
    }
}

/* A digit without its partner before the '>' is dropped, as Apple's reader does. */
static void lexData(old_reader *reader)
{
    const char *start = reader->next + 1;
    size_t      length;
    const char *end   = scanPairs(start, NULL, &length);
    uint8_t    *bytes = plist_scratch_reserve(&reader->scratch, length + 1);
    reader->token     = (token){.kind = TOKEN_WRONG};
    reader->next      = end + (plist_hexDigit(*end) >= 0);
    if (!bytes) {
        (void)plist_fail(&reader->builder, "out of memory");
        return;
    }
    (void)scanPairs(start, bytes, &length); /* the same end again */
    if (*reader->next == '>') {
        reader->next++;
        reader->token = (token){.kind = TOKEN_DATA, .text = (const char *)bytes, .length = length};
    }
}

static void advance(old_reader *reader)
{
    reader->next = skipSpaceAndComments(reader->next);
    char c       = *reader->next;
    if (c == 0) {
        reader->token = (token){.kind = TOKEN_END};
    } else if (c == '.') {
        lexBoolean(reader);
    } else if (isLetter(c)) {
        lexWord(reader);
    } else if (c == '"' || c == '\'') {
        lexQuoted(reader);
    } else if (isDigit(c)) {
        lexNumber(reader);
    } else if (c == '<') {
        lexData(reader);
    } else {
        reader->token = (token){.kind = TOKEN_MARK, .mark = c};
        reader->next++;
    }
}

static bool isMark(const old_reader *reader, char mark)
{
    return reader->token.kind == TOKEN_MARK && reader->token.mark == mark;
}

/* ---- objects: +1 and a weight, or NULL with the error noted ---- */

/* The token behind "value:" is read here, the one behind an object by finishObject. */
static OSNumber *readNumber(old_reader *reader)
{
    uint64_t value = reader->token.number;
    advance(reader);
    if (!isMark(reader, ':'))
        return NULL;
    advance(reader);
    if (reader->token.kind != TOKEN_NUMBER || reader->token.number > 64)
        return NULL;
    return OSNumber_withNumber(value, (unsigned)reader->token.number);
}

static OSObject *readReference(old_reader *reader, uint32_t *ret_weight)
{
    advance(reader);
    if (reader->token.kind != TOKEN_NUMBER)
        return NULL;
    plist_tag *tag = plist_tags_find(&reader->tags, (uint32_t)reader->token.number);
    if (!tag)
        (void)plist_fail(&reader->builder, "forward reference detected");
    else if (++reader->references > kOSUnserializeReferencesMax)
        (void)plist_fail(&reader->builder, "maximum object reference count");
    if (reader->builder.error)
        return NULL;
    *ret_weight = tag->weight;
    return plist_repeat(&reader->builder, tag->object, &tag->uses);
}

static OSObject *objectOfToken(old_reader *reader, uint32_t *ret_weight)
{
    const token *token  = &reader->token;
    OSNumber    *number = NULL;
    OSString    *string = NULL;
    OSData      *data   = NULL;
    *ret_weight         = 1;
    switch (token->kind) {
    case TOKEN_BOOLEAN:
        return OSObjectOf(OSBoolean_withBoolean(token->number != 0));
    case TOKEN_NUMBER:
        number = readNumber(reader);
        return number ? OSObjectOf(number) : NULL;
    case TOKEN_STRING:
        string = OSString_withStringOfLength(token->text, token->length);
        return string ? OSObjectOf(string) : NULL;
    case TOKEN_DATA:
        data = token->length <= UINT32_MAX ? OSData_withBytes(token->text, (unsigned)token->length) : NULL;
        return data ? OSObjectOf(data) : NULL;
    default:
        return isMark(reader, '@') ? readReference(reader, ret_weight) : NULL;
    }
}

static bool remember(old_reader *reader, OSObject *object, uint32_t weight)
{
    advance(reader);
    if (reader->token.kind != TOKEN_NUMBER)
        return failSyntax(reader);
    return plist_tags_set(&reader->tags, (uint32_t)reader->token.number, object, weight) ||
           plist_fail(&reader->builder, "out of memory");
}

static bool addKey(old_reader *reader, OSObject *object)
{
    OSString       *string = OSDynamicCast(OSString, object);
    const OSSymbol *symbol = string ? OSSymbol_withString(string) : NULL;
    if (!string || !isMark(reader, '='))
        (void)failSyntax(reader);
    bool isKept = plist_keep(&reader->builder, object); /* a number may name it */
    return symbol ? plist_keep(&reader->builder, OSObjectOf(symbol)) && isKept && !reader->builder.error &&
                        plist_addKey(&reader->builder, symbol)
                  : plist_fail(&reader->builder, "out of memory");
}

/* Takes a whole object, +1, of that weight, with the '@' behind it, to its place. The token behind it is read, except
 * behind a result. */
static bool placeObject(old_reader *reader, OSObject *object, uint32_t weight)
{
    plist_builder *builder = &reader->builder;
    bool           isFine  = ++reader->objects <= kOSUnserializeTextObjectsMax;
    if (!isFine)
        (void)plist_fail(builder, "maximum object count");
    for (advance(reader); isFine && isMark(reader, '@'); advance(reader))
        isFine = remember(reader, object, weight);
    if (isFine && plist_wantsKey(builder))
        return addKey(reader, object);
    if (!isFine) {
        OSRelease(object);
        return false;
    }
    return plist_add(builder, object, weight);
}

/* ---- the loop ---- */

static bool openBracket(old_reader *reader)
{
    plist_kind kind = isMark(reader, '{') ? PLIST_DICTIONARY : isMark(reader, '(') ? PLIST_ARRAY : PLIST_SET;
    return plist_open(&reader->builder, kind, 0, false);
}

static bool isOpening(const old_reader *reader)
{
    return isMark(reader, '{') || isMark(reader, '(') || isMark(reader, '[');
}

static bool isClosing(old_reader *reader)
{
    static const char brackets[] = {[PLIST_DICTIONARY] = '}', [PLIST_ARRAY] = ')', [PLIST_SET] = ']'};
    const plist_frame *frame     = plist_top(&reader->builder);
    return frame && isMark(reader, brackets[frame->kind]);
}

static bool closeBracket(old_reader *reader)
{
    uint32_t  weight;
    OSObject *object = plist_close(&reader->builder, &weight);
    return object && placeObject(reader, object, weight);
}

/*
 * Reads what stands behind an object that went to its place: ends collections, and goes on to where the next object is
 * due. A dictionary may end behind a ';', an array or a set only behind an object.
 */
static bool readSeparator(old_reader *reader)
{
    while (!reader->builder.result) {
        bool isDictionary = plist_top(&reader->builder)->kind == PLIST_DICTIONARY;
        if (!isDictionary && isClosing(reader)) {
            if (!closeBracket(reader))
                return false;
            continue;
        }
        char separator = !isDictionary ? ',' : plist_wantsKey(&reader->builder) ? ';' : '=';
        if (!isMark(reader, separator))
            return failSyntax(reader);
        advance(reader);
        if (separator != ';' || !isClosing(reader))
            return true;
        if (!closeBracket(reader))
            return false;
    }
    return true;
}

/* The current token begins an object. */
static bool readObject(old_reader *reader)
{
    uint32_t weight;
    if (isOpening(reader)) {
        if (!openBracket(reader))
            return false;
        advance(reader);
        return !isClosing(reader) || (closeBracket(reader) && readSeparator(reader));
    }
    OSObject *object = objectOfToken(reader, &weight);
    if (!object)
        return failSyntax(reader);
    return placeObject(reader, object, weight) && readSeparator(reader);
}

OSObject *OSUnserialize(const char *buffer, OSString **errorString)
{
    old_reader reader = {.builder.depthMax = kOSUnserializeTextDepthMax, .next = buffer};
    if (errorString)
        *errorString = NULL;
    if (!buffer)
        return NULL;
    advance(&reader);
    bool isEmpty = reader.token.kind == TOKEN_END;
    while (!isEmpty && !reader.builder.result && readObject(&reader))
        ;
    OSObject *result = plist_end(&reader.builder);
    if (!result)
        plist_describeError(errorString, "OSUnserialize", reader.builder.error, buffer,
                            (size_t)(reader.next - buffer));
    plist_tags_end(&reader.tags);
    plist_scratch_end(&reader.scratch);
    return result;
}
