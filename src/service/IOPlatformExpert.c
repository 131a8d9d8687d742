/* SPDX-License-Identifier: MIT */
/* IOPlatformExpertDevice: the machine, the one child of the registry root (SEMANTICS 2.35). */
#include <IOKit/IOPlatformExpert.h>

#include "service/IOServicePrivate.h"

OSDefineBaseClass(IOPlatformExpertDevice, IOService);

static IOPlatformExpertDevice *machine; /* owned; constant from platform_initialize on */

bool platform_initialize(void)
{
    machine = OSTypeAlloc(IOPlatformExpertDevice);
    return machine && IOService_init(&machine->super, NULL) && IOService_attach(&machine->super, NULL);
}

IOPlatformExpertDevice *IOPlatformExpertDevice_get(void)
{
    return machine;
}

IOService *IOService_getServiceRoot(void)
{
    return machine ? &machine->super : NULL;
}
