/* SPDX-License-Identifier: MIT */
/*
 * Messages of a client, decoded, handled and answered with a real registry, in one process. An input is a sequence of
 * messages, each behind two bytes with its length. The low bits of a message's target choose among handles that exist
 * (a service, a connection, an iterator, the root), since a name that is not held is soon answered.
 *
 * Left out are the calls that are meant to block and those that load code or read files by name.
 */
#include <stdlib.h>
#include <string.h>

#include <IOKit/IOKitInitialize.h>
#include <IOKit/IOLib.h>
#include <libkern/OSDictionary.h>

#include "boundaryDriver.h"
#include "fuzz.h"
#include "host/client.h"
#include "host/decode.h"
#include "host/userIterator.h"
#include "host/userNotification.h"
#include "userclient/IOUserClientPrivate.h"

enum {
    kMessagesMax = 16,
    kNamesMax = 6,
    kWaitQuiet = 67,
    kCatalogReset = 105,
    kKextLoad = 110,
    kKextUnload = 111,
    kReplyMax = 1 << 20
};

static _Alignas(64) HostClient client;
static uint8_t scratch[kDecodeScratchBytes] __attribute__((aligned(8)));
static uint8_t reply[kReplyMax] __attribute__((aligned(8)));
static mach_port_t names[kNamesMax];

static void start(void)
{
    static bool isStarted;
    if (isStarted)
        return;
    isStarted = true;
    if (IOKit_initialize() != kIOReturnSuccess || !HostClasses_register() || !boundaryDriver_start())
        panic("the kit does not start");
    (void)IOKit_quiesce(UINT64_MAX);
    client.references = 1;
    client.task = IOTask_withCredentials(1, 1000, 1000, "fuzz"); /* without privileges */
    pthread_mutex_init(&client.lock, NULL);
}

static IOService *copyService(const char *className)
{
    OSDictionary *matching = IOService_serviceMatching(className, NULL);
    IOService *service = IOService_copyMatchingService(matching);
    OSRelease(matching);
    return service;
}

static void add(unsigned index, OSObject *object, HandleKind kind)
{
    if (HandleTable_add(client.handles, object, kind, &names[index]) != KERN_SUCCESS)
        panic("no handle");
}

static void makeHandles(void)
{
    IOService *service = copyService(kTableService);
    IOUserClient *connection;
    client.handles = HandleTable_create(1000);
    if (IOUserClient_open(service, client.task, 0, &connection) != kIOReturnSuccess)
        panic("no connection");
    add(1, OSObjectOf(connection), kHandleConnect);
    add(2,
        OSObjectOf(IOUserIterator_withIterator(IORegistryEntry_getChildIterator(
            IORegistryEntry_getRegistryRoot(), IORegistryEntry_getPlane("IOService")))),
        kHandleObject);
    add(3, OSObjectOf(OSRetain(IORegistryEntry_getRegistryRoot())), kHandleObject);
    add(4, OSObjectOf(service), kHandleObject);
}

static bool isLeftOut(uint16_t routine)
{
    return routine == kWaitQuiet || routine == kKextLoad || routine == kKextUnload || routine == kCatalogReset;
}

static void serve(uint8_t *bytes, uint64_t size)
{
    int descriptors[1] = {-1};
    WireHeader header;
    memcpy(&header, bytes, sizeof header);
    header.target = names[header.target % kNamesMax];
    if (header.size == 0)
        header.size = (uint32_t)size;
    memcpy(bytes, &header, sizeof header);
    if (isLeftOut(header.routine))
        return;
    static SlotTarget slotTarget;
    Request request = {.client = &client,
                       .bytes = bytes,
                       .size = size,
                       .descriptors = descriptors,
                       .scratch = scratch,
                       .slotTarget = &slotTarget};
    if (!decodeRequest(&request)) {
        kern_return_t result = callHandler(&request);
        uint64_t length = replySize(&request, result);
        if (length <= kReplyMax)
            encodeReply(&request, result, reply, length);
    }
    finishRequest(&request);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    start();
    makeHandles();
    for (int i = 0; i < kMessagesMax && size > 2; i++) {
        size_t length = (size_t)data[0] | (size_t)data[1] << 8;
        data += 2;
        size -= 2;
        length = length < size ? length : size;
        if (length >= sizeof(WireHeader)) {
            uint8_t *copy = malloc(length); /* of exactly this size, for the sanitizer */
            if (!copy)
                break;
            memcpy(copy, data, length);
            serve(copy, length);
            free(copy);
        }
        data += length;
        size -= length;
    }
    HandleTable_destroy(client.handles);
    (void)IOKit_quiesce(UINT64_MAX);
    boundaryDriver_reset();
    if (atomic_load(&client.notifications) != 0 || atomic_load(&client.references) != 1)
        panic("the client's objects were left behind");
    return 0;
}
