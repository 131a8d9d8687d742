/* SPDX-License-Identifier: MIT */
/*
 * IOKitLib: calls through a connection (SEMANTICS 10.20, 10.22 to 10.27). Structures of up to 4096 bytes travel inband,
 * larger ones out of line; which of the two a structure takes is decided by its size alone, as the host checks. No
 * state.
 */
#include <stdlib.h>

#include <CoreFoundation/CoreFoundation.h>
#include <IOKit/IOKitLib.h>
#include <mach/mach.h>

#include "IOKitLibInternal.h"
#include "protocol/client.h"

/* ---- References and relations ---- */

kern_return_t IOConnectAddRef(io_connect_t connect)
{
    return mach_port_mod_refs(mach_task_self(), connect, MACH_PORT_RIGHT_SEND, 1);
}

kern_return_t IOConnectRelease(io_connect_t connect)
{
    return mach_port_mod_refs(mach_task_self(), connect, MACH_PORT_RIGHT_SEND, -1);
}

kern_return_t IOConnectGetService(io_connect_t connect, io_service_t *service)
{
    return io_connect_get_service(connect, service);
}

kern_return_t IOConnectAddClient(io_connect_t connect, io_connect_t client)
{
    return io_connect_add_client(connect, client);
}

/* ---- Properties ---- */

kern_return_t IOConnectSetCFProperties(io_connect_t connect, CFTypeRef properties)
{
    CFDataRef data = iokit_serialize(properties);
    if (!data)
        return kIOReturnUnsupported;
    kern_return_t result =
        io_connect_set_properties(connect, CFDataGetBytePtr(data), (uint64_t)CFDataGetLength(data));
    CFRelease(data);
    return result;
}

kern_return_t IOConnectSetCFProperty(io_connect_t connect, CFStringRef propertyName, CFTypeRef property)
{
    CFDictionaryRef dict = iokit_create_properties(propertyName, property);
    if (!dict)
        return kIOReturnNoMemory;
    kern_return_t result = IOConnectSetCFProperties(connect, dict);
    CFRelease(dict);
    return result;
}

/* ---- Methods ---- */

/* A structure by the way that its size makes it take; the other way carries nothing. */
struct input {
    const void *inband;
    uint32_t    inbandSize; /* bytes */
    const void *outOfLine;
    uint64_t    outOfLineSize; /* bytes */
};

static struct input input_of(const void *bytes, size_t size)
{
    if (size <= sizeof(io_struct_inband_t))
        return (struct input){.inband = bytes, .inbandSize = (uint32_t)size};
    return (struct input){.outOfLine = bytes, .outOfLineSize = size};
}

/* The structure comes back in memory that the host's side chose the size of. */
static kern_return_t call_var_output(mach_port_t connection, uint32_t selector, const uint64_t *scalars,
                                     uint32_t scalarCnt, const struct input *in, uint64_t *output,
                                     uint32_t *outputCnt, void **outputStruct, size_t *outputStructCnt)
{
    uint32_t      noInband = 0;
    void         *bytes    = NULL;
    uint64_t      size     = 0;
    kern_return_t result   = io_connect_method_var_output(
        connection, selector, scalars, scalarCnt, in->inband, in->inbandSize, in->outOfLine, in->outOfLineSize, NULL,
        &noInband, output, outputCnt, &bytes, &size);
    void *pages = NULL;
    if (result == kIOReturnSuccess)
        result = iokit_move_to_pages(bytes, size, &pages);
    *outputStruct    = pages;
    *outputStructCnt = result == kIOReturnSuccess ? size : 0;
    return result;
}

kern_return_t IOConnectCallMethod(mach_port_t connection, uint32_t selector, const uint64_t *input, uint32_t inputCnt,
                                  const void *inputStruct, size_t inputStructCnt, uint64_t *output,
                                  uint32_t *outputCnt, void *outputStruct, size_t *outputStructCnt)
{
    struct input in        = input_of(inputStruct, inputStructCnt);
    uint32_t     noScalars = 0;
    size_t       room      = outputStructCnt ? *outputStructCnt : 0;
    if (!outputCnt)
        outputCnt = &noScalars;
    if (outputStructCnt && room == (size_t)kIOConnectMethodVarOutputSize)
        return call_var_output(connection, selector, input, inputCnt, &in, output, outputCnt, outputStruct,
                               outputStructCnt);

    bool          inband        = room <= sizeof(io_struct_inband_t);
    uint32_t      inbandSize    = inband ? (uint32_t)room : 0;
    uint64_t      outOfLineSize = inband ? 0 : room;
    kern_return_t result        = io_connect_method(
        connection, selector, input, inputCnt, in.inband, in.inbandSize, in.outOfLine, in.outOfLineSize,
        inband ? outputStruct : NULL, &inbandSize, output, outputCnt, inband ? NULL : outputStruct, &outOfLineSize);
    if (outputStructCnt)
        *outputStructCnt = inband ? inbandSize : outOfLineSize;
    return result;
}

kern_return_t IOConnectCallScalarMethod(mach_port_t connection, uint32_t selector, const uint64_t *input,
                                        uint32_t inputCnt, uint64_t *output, uint32_t *outputCnt)
{
    uint32_t noScalars = 0;
    return io_connect_method_scalar(connection, selector, input, inputCnt, output, outputCnt ? outputCnt : &noScalars);
}

kern_return_t IOConnectCallStructMethod(mach_port_t connection, uint32_t selector, const void *inputStruct,
                                        size_t inputStructCnt, void *outputStruct, size_t *outputStructCnt)
{
    return IOConnectCallMethod(connection, selector, NULL, 0, inputStruct, inputStructCnt, NULL, NULL, outputStruct,
                               outputStructCnt);
}
