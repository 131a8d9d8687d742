/* SPDX-License-Identifier: MIT */
/*
 * ioreg -f: properties of device-tree nodes in the layouts of IEEE 1275 (addresses, ranges, interrupts, slot names),
 * and other data as lines of hexadecimal and text. A property whose value is not of its layout's size is shown as data.
 */
#include <inttypes.h>
#include <string.h>

#include "ioreg.h"

/* A cell of a device-tree property: 32 bits in the machine's order. */
typedef uint32_t cell;

typedef struct cells {
    const uint8_t *bytes;
    size_t         count;
} cells;

static cells cells_of(CFDataRef data)
{
    return (cells){CFDataGetBytePtr(data), (size_t)CFDataGetLength(data) / sizeof(cell)};
}

static cell cell_at(cells all, size_t index)
{
    cell value;
    memcpy(&value, all.bytes + index * sizeof value, sizeof value);
    return value;
}

/* Prints cells [first, first + count). */
static void print_cells(cells all, size_t first, size_t count)
{
    for (size_t i = 0; i < count; i++)
        line_print("%08" PRIx32 " ", cell_at(all, first + i));
}

/* The first cell of a property of the entry or of the nearest parent in the device tree that has it; 0 if none has. */
static cell inherited_cell(io_registry_entry_t entry, CFStringRef key)
{
    CFTypeRef value = IORegistryEntrySearchCFProperty(entry, kIODeviceTreePlane, key, kCFAllocatorDefault,
                                                      kIORegistryIterateRecursively | kIORegistryIterateParents);
    cell      result = 0;
    if (value && CFGetTypeID(value) == CFDataGetTypeID() && CFDataGetLength(value) >= (CFIndex)sizeof result)
        memcpy(&result, CFDataGetBytePtr(value), sizeof result);
    if (value)
        CFRelease(value);
    return result;
}

/* ---- Data without a layout ---- */

enum { kBytesPerLineMax = 32, kShortData = 8 };

/* As many bytes as fit beside the tree: an offset and spaces take 20 columns, a byte four. */
static size_t bytes_per_line(uint32_t depth)
{
    uint32_t taken = 20 + 2 * depth;
    if (theOptions.width == 0 || theOptions.width < taken)
        return kBytesPerLineMax;
    uint32_t room = (theOptions.width - taken) / 4;
    return room == 0 ? 1 : room > kBytesPerLineMax ? kBytesPerLineMax : room;
}

static void show_dump(CFDataRef data, const position *where)
{
    const uint8_t *bytes   = CFDataGetBytePtr(data);
    size_t         length  = (size_t)CFDataGetLength(data);
    size_t         perLine = bytes_per_line(where->depth);
    for (size_t offset = 0; offset < length; offset += perLine) {
        line_end();
        line_indent_properties(where);
        line_print("    %08zX:", offset);
        for (size_t i = offset; i < offset + perLine; i++)
            if (i < length)
                line_print(" %02X", bytes[i]);
            else
                line_print("   ");
        line_print(" ");
        for (size_t i = offset; i < offset + perLine && i < length; i++)
            line_print("%c", bytes[i] >= ' ' && bytes[i] <= '~' ? bytes[i] : '.');
    }
    line_end();
}

static void show_data(CFDataRef data, const position *where)
{
    if (!value_is_text(data, true) && CFDataGetLength(data) > kShortData) {
        show_dump(data, where);
        return;
    }
    if (value_is_text(data, true)) {
        value_show_text(data);
    } else {
        line_print("<");
        for (CFIndex i = 0; i < CFDataGetLength(data); i++)
            line_print("%02x", CFDataGetBytePtr(data)[i]);
        line_print(">");
    }
    line_end();
}

/* ---- Layouts. Each returns false, having printed nothing, for a value that is not of its layout ---- */

typedef bool Layout(io_registry_entry_t entry, CFDataRef data, const position *where);

/* Physical addresses: the first cell is npt000ss bbbbbbbb dddddfff rrrrrrrr, then two of address and two of size. */
static bool show_addresses(io_registry_entry_t entry, CFDataRef data, const position *where)
{
    enum { kCells = 5 };
    static const char *const spaces[] = {"Config", "I/O", "Mem", "64-bit"};
    cells                    all      = cells_of(data);
    if (all.count < kCells)
        return false;
    line_end();
    for (size_t i = 0; i < all.count / kCells; i++) {
        size_t at = i * kCells;
        cell   hi = cell_at(all, at);
        line_indent_properties(where);
        line_print("    %02zu: phys.hi: %08" PRIx32 " phys.mid: %08" PRIx32 " phys.lo: %08" PRIx32, i, hi,
                   cell_at(all, at + 1), cell_at(all, at + 2));
        line_end();
        line_indent_properties(where);
        line_print("        size.hi: %08" PRIx32 " size.lo: %08" PRIx32, cell_at(all, at + 3), cell_at(all, at + 4));
        line_end();
        line_indent_properties(where);
        line_print("        bus: %" PRIu32 " dev: %" PRIu32 " func: %" PRIu32 " reg: %" PRIu32, hi >> 16 & 0xff,
                   hi >> 11 & 0x1f, hi >> 8 & 0x7, hi & 0xff);
        line_end();
        line_indent_properties(where);
        line_print("        type: %s flags: %s%s%s", spaces[hi >> 24 & 0x3], hi & 0x80000000 ? "abs" : "rel",
                   hi & 0x40000000 ? ", prefetch" : "", hi & 0x20000000 ? ", alias" : "");
        line_end();
    }
    return true;
}

/* "reg" has that layout below a PCI bridge only. */
static bool show_reg(io_registry_entry_t entry, CFDataRef data, const position *where)
{
    io_registry_entry_t parent;
    io_name_t           name = "";
    if (IORegistryEntryGetParentEntry(entry, kIODeviceTreePlane, &parent) != kIOReturnSuccess)
        return false;
    (void)IORegistryEntryGetNameInPlane(parent, kIODeviceTreePlane, name); /* "" is not PCI */
    IOObjectRelease(parent);
    return strncmp(name, "pci", 3) == 0 && show_addresses(entry, data, where);
}

/* A mask of the slots that have names, then the names in the order of their bits. */
static bool show_slot_names(io_registry_entry_t entry, CFDataRef data, const position *where)
{
    cells all = cells_of(data);
    if (all.count < 1 || cell_at(all, 0) == 0)
        return false;
    const char *name = (const char *)all.bytes + sizeof(cell);
    const char *end  = (const char *)all.bytes + CFDataGetLength(data);
    line_end();
    for (unsigned slot = 0; slot < 32 && name < end; slot++) {
        if (!(cell_at(all, 0) & (cell)1 << slot))
            continue;
        size_t length = strnlen(name, (size_t)(end - name));
        line_indent_properties(where);
        line_print("    %02u: %.*s", slot, (int)length, name);
        line_end();
        name += length + 1;
    }
    return true;
}

/* Prints a title over `count` columns of cells. */
static void print_title(const char *title, cell count)
{
    line_print("%s", title);
    if (count <= 1) {
        line_print(" ");
        return;
    }
    line_print("-");
    for (cell i = 2; i <= count; i++)
        line_print("%s", i == count ? "-------- " : "---------");
}

/* Elements of a child's address, a parent's address and a size, each of as many cells as the nodes say. */
static bool show_ranges(io_registry_entry_t entry, CFDataRef data, const position *where)
{
    enum { kCellsMax = 16 };
    cells               all = cells_of(data);
    io_registry_entry_t parent;
    if (IORegistryEntryGetParentEntry(entry, kIODeviceTreePlane, &parent) != kIOReturnSuccess)
        return false;
    cell above = inherited_cell(parent, CFSTR("#address-cells"));
    cell own   = inherited_cell(entry, CFSTR("#address-cells"));
    cell size  = inherited_cell(entry, CFSTR("#size-cells"));
    IOObjectRelease(parent);
    if (above > kCellsMax || own > kCellsMax || size > kCellsMax || above + own + size == 0)
        return false;
    line_end();
    line_indent_properties(where);
    line_print("    ");
    print_title("-child--", own);
    print_title("-parent-", above);
    print_title("-size---", size);
    line_end();
    size_t element = above + own + size;
    for (size_t i = 0; i + element <= all.count; i += element) {
        line_indent_properties(where);
        line_print("    ");
        print_cells(all, i, element);
        line_end();
    }
    return true;
}

/* The node with that phandle, to be released, or 0. */
static io_registry_entry_t copy_node(cell phandle)
{
    CFDataRef              data  = CFDataCreate(kCFAllocatorDefault, (const UInt8 *)&phandle, sizeof phandle);
    CFMutableDictionaryRef match = CFDictionaryCreateMutable(
        kCFAllocatorDefault, 0, &kCFTypeDictionaryKeyCallBacks, &kCFTypeDictionaryValueCallBacks);
    CFMutableDictionaryRef property = CFDictionaryCreateMutable(
        kCFAllocatorDefault, 0, &kCFTypeDictionaryKeyCallBacks, &kCFTypeDictionaryValueCallBacks);
    CFDictionarySetValue(property, CFSTR("AAPL,phandle"), data);
    CFDictionarySetValue(match, CFSTR(kIOPropertyMatchKey), property);
    CFRelease(property);
    CFRelease(data);
    return IOServiceGetMatchingService(kIOMainPortDefault, match);
}

/* Prints " (path)" of a node in the device tree, or nothing. */
static void print_node_path(io_registry_entry_t node)
{
    io_string_t path;
    if (node && IORegistryEntryGetPath(node, kIODeviceTreePlane, path) == kIOReturnSuccess)
        line_print(" (%s)", path + strlen(kIODeviceTreePlane ":"));
}

/* Rows of a child's unit interrupt, the parent's phandle, and as many cells as the parent says. */
static bool show_interrupt_map(io_registry_entry_t entry, CFDataRef data, const position *where)
{
    enum { kCellsMax = 16 };
    cells  all   = cells_of(data);
    cell   child = inherited_cell(entry, CFSTR("#address-cells")) + inherited_cell(entry, CFSTR("#interrupt-cells"));
    size_t at    = 0;
    if (child > kCellsMax || child + 1 > all.count)
        return false;
    line_end();
    for (unsigned row = 0; at + child + 1 <= all.count; row++) {
        cell                phandle = cell_at(all, at + child);
        io_registry_entry_t node    = copy_node(phandle);
        cell parent = node ? inherited_cell(node, CFSTR("#address-cells")) +
                                 inherited_cell(node, CFSTR("#interrupt-cells"))
                           : 0;
        line_indent_properties(where);
        line_print("    %02u:   child: ", row);
        print_cells(all, at, child);
        line_end();
        line_indent_properties(where);
        line_print("        phandle: %08" PRIx32, phandle);
        print_node_path(node);
        line_end();
        at += child + 1;
        if (parent > all.count - at)
            parent = (cell)(all.count - at);
        line_indent_properties(where);
        line_print("         parent: ");
        print_cells(all, at, parent);
        line_end();
        at += parent;
        IOObjectRelease(node);
    }
    return true;
}

/* Pairs of a specifier and a sense; a cell left over names an entry of the parent's interrupt map. */
static bool show_interrupts(io_registry_entry_t entry, CFDataRef data, const position *where)
{
    cells all = cells_of(data);
    if (all.count == 0)
        return false;
    line_end();
    for (size_t at = 0; at < all.count; at += 2) {
        line_indent_properties(where);
        line_print("    %02zu: ", at / 2);
        if (at + 1 == all.count) {
            line_print("parent interrupt-map entry: %08" PRIx32, cell_at(all, at));
            line_end();
            break;
        }
        cell specifier = cell_at(all, at);
        cell sense     = cell_at(all, at + 1);
        line_print("specifier: %08" PRIx32 " (vector: %02" PRIx32 ") sense: %08" PRIx32 " (", specifier,
                   specifier & 0xff, sense);
        if (sense & 2)
            line_print("HyperTransport vector: %04" PRIx32 ", ", sense >> 16);
        line_print("%s)", sense & 1 ? "level" : "edge");
        line_end();
    }
    return true;
}

static bool show_interrupt_parent(io_registry_entry_t entry, CFDataRef data, const position *where)
{
    cells all = cells_of(data);
    if (all.count == 0)
        return false;
    io_registry_entry_t node = copy_node(cell_at(all, 0));
    line_print("<%08" PRIx32 ">", cell_at(all, 0));
    print_node_path(node);
    line_end();
    IOObjectRelease(node);
    return true;
}

static const struct {
    const char *key;
    Layout     *show;
} layouts[] = {
    {"reg", show_reg},
    {"assigned-addresses", show_addresses},
    {"slot-names", show_slot_names},
    {"ranges", show_ranges},
    {"interrupt-map", show_interrupt_map},
    {"interrupts", show_interrupts},
    {"interrupt-parent", show_interrupt_parent},
};

void format_show(io_registry_entry_t entry, CFStringRef key, CFTypeRef value, const position *where)
{
    if (CFGetTypeID(value) != CFDataGetTypeID()) {
        value_show(value);
        line_end();
        return;
    }
    char name[32];
    if (!CFStringGetCString(key, name, sizeof name, kCFStringEncodingUTF8))
        name[0] = '\0'; /* longer than any layout's key */
    for (size_t i = 0; i < sizeof layouts / sizeof layouts[0]; i++)
        if (strcmp(name, layouts[i].key) == 0 && layouts[i].show(entry, value, where))
            return;
    show_data(value, where);
}
