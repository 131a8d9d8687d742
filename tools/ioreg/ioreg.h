/* SPDX-License-Identifier: MIT */
/* ioreg's parts: options (main.c), the walk over a plane (walk.c), one entry (entry.c), values (value.c, format.c),
 * property-list output (archive.c) and lines of limited width (line.c). */
#ifndef TOOLS_IOREG_IOREG_H
#define TOOLS_IOREG_IOREG_H

#include <stdbool.h>
#include <stdint.h>

#include <CoreFoundation/CoreFoundation.h>
#include <IOKit/IOKitLib.h>

#include "tools/common/tool.h"

enum { kLevelMax = 64 }; /* levels of a tree that are shown */

typedef struct options {
    bool        archive;       /* -a */
    bool        bold;          /* -b */
    bool        format;        /* -f */
    bool        hex;           /* -x */
    bool        inheritance;   /* -i */
    bool        list;          /* -l */
    bool        roots;         /* -r */
    bool        tree;          /* -t */
    bool        noUserClasses; /* -y */
    const char *className;     /* -c; NULL: any */
    const char *key;           /* -k; NULL: any */
    const char *name;          /* -n; NULL: any */
    const char *plane;         /* -p */
    uint32_t    depth;         /* -d; levels, 0: all */
    uint32_t    width;         /* -w; columns, 0: any */
} options;

/* Set once by main, before anything else runs. */
extern options    theOptions;
extern const tool theTool;

/* What to draw to the left of an entry. */
typedef struct position {
    uint32_t depth;           /* levels above the entry */
    bool     more[kLevelMax]; /* [i]: the ancestor at level i (at [depth]: the entry) has siblings below */
    bool     hasChildren;     /* the entry has children that are drawn */
} position;

/* ---- entry.c ---- */

/* Whether the entry satisfies all of -c, -k and -n, at least one being there. */
bool entry_is_chosen(io_registry_entry_t entry);

/* Draws the entry's line and, if -l is given or it is chosen, its properties. */
void entry_show(io_registry_entry_t entry, const position *where);

/* The entry's name in the plane; "<name error>" when it cannot be had. */
void entry_get_name(io_registry_entry_t entry, io_name_t name);

/* ---- walk.c ---- */

void walk_show_plane(io_registry_entry_t root);
void walk_show_roots(io_registry_entry_t root);

/* ---- archive.c: +1, NULL for nothing to archive ---- */

CFTypeRef archive_copy_plane(io_registry_entry_t root);
CFTypeRef archive_copy_roots(io_registry_entry_t root);

/* ---- value.c and format.c ---- */

/* Prints the value on the line. */
void value_show(CFTypeRef value);

/* Whether data is shown as text, and how; the second prints it with its brackets. */
bool value_is_text(CFDataRef data, bool zeroPadding);
void value_show_text(CFDataRef data);

/* Prints the value of that property in the way of -f, and ends the line. */
void format_show(io_registry_entry_t entry, CFStringRef key, CFTypeRef value, const position *where);

/* ---- line.c: output that is cut at -w columns ---- */

void line_print(const char *format, ...) __attribute__((format(printf, 1, 2)));
void line_end(void);

/* Prints the columns to the left of an entry, or of its properties. */
void line_indent_entry(const position *where);
void line_indent_properties(const position *where);

/* Switches bold letters on and off; nothing on a terminal that cannot. */
void line_set_bold(bool on);

#endif
