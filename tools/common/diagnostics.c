/* SPDX-License-Identifier: MIT */
/* The registry root's IOKitDiagnostics. No state. */
#include <sysexits.h>

#include <IOKit/IOKitLib.h>

#include "diagnostics.h"

CFDictionaryRef diagnostics_copy(const tool *self)
{
    io_registry_entry_t root = IORegistryGetRootEntry(kIOMainPortDefault);
    if (!root)
        tool_fail_by_host(self, EX_OSERR, "can't get registry root");
    CFTypeRef value = IORegistryEntryCreateCFProperty(root, CFSTR(kIOKitDiagnosticsKey), kCFAllocatorDefault, 0);
    IOObjectRelease(root);
    if (!value)
        tool_fail(self, EX_OSERR, "allocation information missing");
    if (CFGetTypeID(value) != CFDictionaryGetTypeID())
        tool_fail(self, EX_OSERR, "allocation information not a dictionary");
    return value;
}
