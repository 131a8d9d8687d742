/* SPDX-License-Identifier: MIT */
/* How ioreg writes a value: "string", number, Yes or No, <data>, (array), {dictionary}, [set]. */
#include <stdlib.h>

#include "ioreg.h"

/* ---- Data ---- */

/* What ioreg takes for a character, whatever the locale. */
static bool is_plain(uint8_t byte)
{
    return byte >= 0x20 && byte <= 0x7e;
}

static bool is_symbol(uint8_t byte)
{
    return byte >= 128 && byte <= 254;
}

/*
 * Data is text when it is one or more strings, each but the last closed by a NUL, that are at least 80% plain
 * characters, and is longer than one byte. Zero padding behind them counts as text only where the caller says so.
 */
bool value_is_text(CFDataRef data, bool zeroPadding)
{
    const uint8_t *bytes   = CFDataGetBytePtr(data);
    CFIndex        length  = CFDataGetLength(data);
    CFIndex        plain   = 0;
    CFIndex        symbols = 0;
    CFIndex        i       = 0;
    for (; i < length && bytes[i] != 0; i++) {
        for (; i < length && (is_plain(bytes[i]) || is_symbol(bytes[i])); i++)
            *(is_plain(bytes[i]) ? &plain : &symbols) += 1;
        if (i >= length || bytes[i] != 0)
            break;
    }
    while (zeroPadding && i < length && bytes[i] == 0)
        i++;
    return i >= length && plain > 0 && length > 1 && plain / 4 >= symbols && !theOptions.hex;
}

void value_show_text(CFDataRef data)
{
    const uint8_t *bytes  = CFDataGetBytePtr(data);
    CFIndex        length = CFDataGetLength(data);
    bool           inside = false;
    line_print("<");
    for (CFIndex i = 0; i < length && (bytes[i] != 0 || inside); i++) {
        if (bytes[i] == 0) {
            line_print("\"");
            inside = false;
            continue;
        }
        if (!inside)
            line_print("%s", i ? ",\"" : "\"");
        inside = true;
        line_print("%c", bytes[i]);
    }
    line_print("%s", inside ? "\">" : ">");
}

static void show_data(CFDataRef data)
{
    if (value_is_text(data, false)) {
        value_show_text(data);
        return;
    }
    const uint8_t *bytes = CFDataGetBytePtr(data);
    line_print("<");
    for (CFIndex i = 0; i < CFDataGetLength(data); i++)
        line_print("%02x", bytes[i]);
    line_print(">");
}

/* ---- Other simple values ---- */

static void show_string(CFStringRef string)
{
    CFIndex room = CFStringGetMaximumSizeForEncoding(CFStringGetLength(string), kCFStringEncodingUTF8) + 1;
    char   *text = malloc((size_t)room);
    if (text && CFStringGetCString(string, text, room, kCFStringEncodingUTF8))
        line_print("\"%s\"", text);
    free(text);
}

static void show_number(CFNumberRef number)
{
    int64_t value;
    if (!CFNumberGetValue(number, kCFNumberSInt64Type, &value))
        return;
    if (theOptions.hex)
        line_print("0x%llx", (unsigned long long)value);
    else
        line_print("%llu", (unsigned long long)value);
}

/* ---- Collections: each element but the first is preceded by a comma ---- */

static void show_element(const void *value, void *context)
{
    bool *isFirst = context;
    if (!*isFirst)
        line_print(",");
    *isFirst = false;
    value_show(value);
}

static void show_pair(const void *key, const void *value, void *context)
{
    show_element(key, context);
    line_print("=");
    value_show(value);
}

void value_show(CFTypeRef value)
{
    CFTypeID type    = CFGetTypeID(value);
    bool     isFirst = true;
    if (type == CFStringGetTypeID()) {
        show_string(value);
    } else if (type == CFNumberGetTypeID()) {
        show_number(value);
    } else if (type == CFBooleanGetTypeID()) {
        line_print("%s", CFBooleanGetValue(value) ? "Yes" : "No");
    } else if (type == CFDataGetTypeID()) {
        show_data(value);
    } else if (type == CFArrayGetTypeID()) {
        line_print("(");
        CFArrayApplyFunction(value, CFRangeMake(0, CFArrayGetCount(value)), show_element, &isFirst);
        line_print(")");
    } else if (type == CFDictionaryGetTypeID()) {
        line_print("{");
        CFDictionaryApplyFunction(value, show_pair, &isFirst);
        line_print("}");
    } else if (type == CFSetGetTypeID()) {
        line_print("[");
        CFSetApplyFunction(value, show_element, &isFirst);
        line_print("]");
    } else {
        line_print("<unknown object>");
    }
}
