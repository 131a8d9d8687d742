/* SPDX-License-Identifier: MIT */
/*
 * Routines on open user clients (SEMANTICS 5a, 5b, 5.41 to 5.43), and the end of one whose last sender is gone.
 *
 * A structure above 4096 bytes comes in ool_input; the driver finds it in structureInput like a small one, for both are
 * private copies. A descriptor of the same bytes is there too, and has memory of its own: a driver that keeps it for an
 * asynchronous method can use it after the call. Outputs likewise; what is written to one after the call is lost.
 */
#include <string.h>
#include <unistd.h>

#include <IOKit/IOLib.h>
#include <IOKit/IOMemoryDescriptor.h>
#include <libkern/OSData.h>
#include <libkern/OSSerialize.h>

#include "client.h"
#include "routines.h"
#include "senders.h"
#include "userNotification.h"
#include "userclient/IOUserClientPrivate.h"

void senderLeaves(OSObject *object, HandleKind kind)
{
    IOUserClient *userClient = kind == kHandleConnect ? OSDynamicCast(IOUserClient, object) : NULL;
    if (userClient)
        IOUserClient_revokeCallers(userClient);
}

void noMoreSenders(OSObject *object, HandleKind kind)
{
    IOUserClient *userClient = OSDynamicCast(IOUserClient, object);
    IOUserNotification *notification = OSDynamicCast(IOUserNotification, object);
    if (kind == kHandleConnect && userClient)
        IOUserClient_noMoreSenders(userClient);
    else if (notification)
        IOUserNotification_stop(notification);
}

/* ---- Opening and closing ---- */

kern_return_t handle_io_service_open_extended(HostClient *client, IOService *target,
                                              struct io_service_open_extended_arguments *arguments)
{
    IOUserClient *userClient = NULL;
    if (!arguments->own_task)
        return kIOReturnBadArgument;
    if (arguments->properties.size)
        return kIOReturnUnsupported;
    IOReturn result = IOUserClient_open(target, client->task, arguments->connect_type, &userClient);
    if (result == kIOReturnSuccess)
        arguments->connection = OSObjectOf(userClient);
    return result;
}

kern_return_t handle_io_service_close(HostClient *client, IOUserClient *target,
                                      struct io_service_close_arguments *arguments)
{
    (void)client, (void)arguments;
    IOUserClient_close(target);
    return kIOReturnSuccess;
}

/* ---- Relations ---- */

kern_return_t handle_io_connect_get_service(HostClient *client, IOUserClient *target,
                                            struct io_connect_get_service_arguments *arguments)
{
    (void)client;
    arguments->service = OSObjectOf(IOUserClient_callGetService(target));
    return arguments->service ? kIOReturnSuccess : kIOReturnUnsupported;
}

kern_return_t handle_io_connect_add_client(HostClient *client, IOUserClient *target,
                                           struct io_connect_add_client_arguments *arguments)
{
    (void)client;
    if (!arguments->connect_to)
        return kIOReturnBadArgument;
    return IOUserClient_callConnectClient(target, arguments->connect_to);
}

kern_return_t handle_io_connect_set_notification_port(HostClient *client, IOUserClient *target,
                                                      struct io_connect_set_notification_port_arguments *arguments)
{
    (void)client;
    IOSendPort *port = NULL;
    if (arguments->port >= 0) {
        port = IOSendPort_withDescriptor(arguments->port);
        arguments->port = -1;
        if (!port)
            return kIOReturnBadArgument;
    }
    IOReturn result =
        IOUserClient_callRegisterNotificationPort(target, port, arguments->notification_type, arguments->reference);
    OSRelease(port);
    return result;
}

/* ---- Calls ---- */

enum { kInbandMax = kLimitInband };

/* A large argument: its descriptor, +1, and the memory of that. NULL without memory. */
static IOMemoryDescriptor *describe(const void *bytes, size_t size, IODirection direction, void **ret_bytes)
{
    IOMemoryDescriptor *memory = IOMemoryDescriptor_withBytes(bytes, size, direction);
    if (memory)
        *ret_bytes = (void *)(uintptr_t)IOMemoryDescriptor_getPhysicalSegment(memory, 0, NULL, kIOMemoryMapperNone);
    return memory;
}

/* Input as the driver sees it; endInput gives it back. */
static kern_return_t beginInput(IOExternalMethodArguments *call, BytesIn inband, BytesIn outOfLine)
{
    if (outOfLine.size && outOfLine.size <= kInbandMax)
        return kIOReturnIPCError; /* it would fit inband (SEMANTICS 5.16) */
    call->structureInput = inband.bytes;
    call->structureInputSize = (uint32_t)(outOfLine.size ? outOfLine.size : inband.size);
    if (!outOfLine.size)
        return kIOReturnSuccess;
    void *bytes;
    call->structureInputDescriptor = describe(outOfLine.bytes, outOfLine.size, kIODirectionOut, &bytes);
    if (!call->structureInputDescriptor)
        return kIOReturnNoMemory;
    call->structureInput = bytes;
    return kIOReturnSuccess;
}

static void endInput(IOExternalMethodArguments *call)
{
    OSSafeReleaseNULL(call->structureInputDescriptor);
}

/* Room for the output; endOutput brings it to where the answer is made from. */
static kern_return_t beginOutput(IOExternalMethodArguments *call, BytesOut *inband, BytesOut *outOfLine)
{
    if (outOfLine->size && outOfLine->size <= kInbandMax)
        return kIOReturnIPCError;
    call->structureOutput = inband->bytes;
    call->structureOutputSize = (uint32_t)(outOfLine->size ? outOfLine->size : inband->size);
    if (!outOfLine->size)
        return kIOReturnSuccess;
    call->structureOutputDescriptor = describe(NULL, outOfLine->size, kIODirectionIn, &call->structureOutput);
    return call->structureOutputDescriptor ? kIOReturnSuccess : kIOReturnNoMemory;
}

static void endOutput(IOExternalMethodArguments *call, BytesOut *inband, BytesOut *outOfLine)
{
    if (!call->structureOutputDescriptor) {
        inband->size = call->structureOutputSize;
        return;
    }
    /* The driver may have said any size: no more than there was room for is copied, and the encoder checks the size. */
    size_t copied = call->structureOutputSize < outOfLine->size ? call->structureOutputSize : outOfLine->size;
    memcpy(outOfLine->bytes, call->structureOutput, copied);
    outOfLine->size = call->structureOutputSize;
    inband->size = 0;
    OSSafeReleaseNULL(call->structureOutputDescriptor);
}

kern_return_t handle_io_connect_method_scalar(HostClient *client, IOUserClient *target,
                                              struct io_connect_method_scalar_arguments *arguments)
{
    (void)client;
    IOExternalMethodArguments call = {
        .version = kIOExternalMethodArgumentsCurrentVersion,
        .selector = arguments->selector,
        .scalarInput = arguments->scalar_input.words,
        .scalarInputCount = arguments->scalar_input.count,
        .scalarOutput = arguments->scalar_output.words,
        .scalarOutputCount = arguments->scalar_output.count,
    };
    IOReturn result = IOUserClient_externalMethod(target, arguments->selector, &call, NULL, NULL, NULL);
    arguments->scalar_output.count = call.scalarOutputCount;
    return result;
}

kern_return_t handle_io_connect_method(HostClient *client, IOUserClient *target,
                                       struct io_connect_method_arguments *arguments)
{
    (void)client;
    IOExternalMethodArguments call = {
        .version = kIOExternalMethodArgumentsCurrentVersion,
        .selector = arguments->selector,
        .scalarInput = arguments->scalar_input.words,
        .scalarInputCount = arguments->scalar_input.count,
        .scalarOutput = arguments->scalar_output.words,
        .scalarOutputCount = arguments->scalar_output.count,
    };
    kern_return_t result = beginInput(&call, arguments->inband_input, arguments->ool_input);
    if (result == kIOReturnSuccess)
        result = beginOutput(&call, &arguments->inband_output, &arguments->ool_output);
    if (result == kIOReturnSuccess) {
        result = IOUserClient_externalMethod(target, arguments->selector, &call, NULL, NULL, NULL);
        arguments->scalar_output.count = call.scalarOutputCount;
        endOutput(&call, &arguments->inband_output, &arguments->ool_output);
    }
    endInput(&call);
    return result;
}

/* The output object's bytes; takes it over. */
static kern_return_t bufferOf(OSObject *object, BufferOut *ret_buffer)
{
    OSSerialize *serializer = OSDynamicCast(OSSerialize, object);
    OSData *data = OSDynamicCast(OSData, object);
    if (serializer)
        *ret_buffer = (BufferOut){OSSerialize_text(serializer), OSSerialize_getLength(serializer), object};
    else if (data)
        *ret_buffer = (BufferOut){OSData_getBytesNoCopy(data), OSData_getLength(data), object};
    else
        OSRelease(object);
    return serializer || data ? kIOReturnSuccess : kIOReturnUnderrun;
}

kern_return_t handle_io_connect_method_var_output(HostClient *client, IOUserClient *target,
                                                  struct io_connect_method_var_output_arguments *arguments)
{
    (void)client;
    OSObject *produced = NULL;
    IOExternalMethodArguments call = {
        .version = kIOExternalMethodArgumentsCurrentVersion,
        .selector = arguments->selector,
        .scalarInput = arguments->scalar_input.words,
        .scalarInputCount = arguments->scalar_input.count,
        .scalarOutput = arguments->scalar_output.words,
        .scalarOutputCount = arguments->scalar_output.count,
        .structureOutput = arguments->inband_output.bytes,
        .structureOutputSize = (uint32_t)arguments->inband_output.size,
        .structureVariableOutputData = &produced,
    };
    kern_return_t result = beginInput(&call, arguments->inband_input, arguments->ool_input);
    if (result == kIOReturnSuccess)
        result = IOUserClient_externalMethod(target, arguments->selector, &call, NULL, NULL, NULL);
    endInput(&call);
    arguments->scalar_output.count = call.scalarOutputCount;
    arguments->inband_output.size = call.structureOutputSize;
    if (result == kIOReturnSuccess)
        return bufferOf(produced, &arguments->var_output);
    OSRelease(produced);
    return result;
}

kern_return_t handle_io_connect_trap(HostClient *client, IOUserClient *target,
                                     struct io_connect_trap_arguments *arguments)
{
    (void)client;
    uint64_t words[kLimitTrapWords] = {0};
    for (uint32_t i = 0; i < arguments->words.count; i++)
        words[i] = arguments->words.words[i];
    return IOUserClient_callTrap(target, arguments->index, words);
}
