/* SPDX-License-Identifier: MIT */
/*
 * Lines of limited width. With a width, a line that would be longer is cut one column earlier and ends in '$', and a
 * line break inside a value becomes a space so that it stays one line.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "ioreg.h"

static uint32_t column;  /* characters of this line so far; only with a width */
static bool     isCut;   /* something of this line did not fit */

static void put_limited(const char *text)
{
    for (; *text; text++) {
        if (column + 1 >= theOptions.width) {
            isCut = true;
            return;
        }
        putchar(*text == '\n' ? ' ' : *text);
        column++;
    }
}

void line_print(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    if (theOptions.width == 0) {
        vprintf(format, arguments);
    } else {
        char *text = NULL;
        if (vasprintf(&text, format, arguments) >= 0)
            put_limited(text);
        free(text);
    }
    va_end(arguments);
}

void line_end(void)
{
    puts(isCut ? "$" : "");
    isCut  = false;
    column = 0;
}

void line_indent_entry(const position *where)
{
    for (uint32_t i = 0; i < where->depth; i++)
        line_print("%s", where->more[i] ? "| " : "  ");
    line_print("+-o ");
}

void line_indent_properties(const position *where)
{
    for (uint32_t i = 0; i <= where->depth; i++)
        line_print("%s", where->more[i] ? "| " : "  ");
    line_print("%s", where->hasChildren ? "| " : "  ");
}

void line_set_bold(bool on)
{
    const char *terminal = getenv("TERM");
    if (terminal && *terminal && strcmp(terminal, "dumb") != 0)
        fputs(on ? "\033[1m" : "\033[0m", stdout);
}
