/* SPDX-License-Identifier: MIT */
/* IOKitLib: the catalogue of personalities (SEMANTICS 10.39). No state. */
#include <stdlib.h>

#include <IOKit/IOKitLib.h>

#include "IOKitLibInternal.h"
#include "protocol/client.h"

kern_return_t IOCatalogueSendData(mach_port_t mainPort, uint32_t flag, const char *buffer, uint32_t size)
{
    return io_catalog_send_data(mainPort, flag, buffer, size);
}

kern_return_t IOCatalogueTerminate(mach_port_t mainPort, uint32_t flag, char *description)
{
    return io_catalog_terminate(mainPort, flag, description);
}

kern_return_t IOCatalogueGetData(mach_port_t mainPort, uint32_t flag, char **buffer, uint32_t *size)
{
    void         *bytes  = NULL;
    uint64_t      length = 0;
    kern_return_t result = io_catalog_get_data(mainPort, flag, &bytes, &length);
    if (result != kIOReturnSuccess)
        return result;
    void *pages;
    result = iokit_move_to_pages(bytes, length, &pages);
    if (result == kIOReturnSuccess) {
        *buffer = pages;
        *size   = (uint32_t)length; /* the boundary's limit is far below 32 bits */
    }
    return result;
}

kern_return_t IOCatalogueModuleLoaded(mach_port_t mainPort, char *name)
{
    return io_catalog_module_loaded(mainPort, name);
}

kern_return_t IOCatalogueReset(mach_port_t mainPort, uint32_t flag)
{
    return io_catalog_reset(mainPort, flag);
}
