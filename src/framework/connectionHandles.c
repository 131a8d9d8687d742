/* SPDX-License-Identifier: MIT */
/* The host's handles as Mach ports: what mach_port_mod_refs and its kin do for them. */
#include "connectionPrivate.h"
#include "machPort.h"
#include "protocol/client.h"

/* The port's word for "not held" is another than a call's. */
static kern_return_t portResult(kern_return_t result)
{
    return result == kWireInvalidDestination ? KERN_INVALID_NAME : result;
}

static kern_return_t modifyReferences(mach_port_name_t name, mach_port_delta_t delta)
{
    return portResult(io_handle_mod_refs(name, (uint32_t)delta));
}

static kern_return_t getReferences(mach_port_name_t name, mach_port_urefs_t *ret_refs)
{
    return portResult(io_handle_get_refs(name, ret_refs));
}

void Connection_offerHandles(void)
{
    static const MachPortHostOperations operations = {modifyReferences, getReferences};
    machPortSetHostOperations(&operations);
}
