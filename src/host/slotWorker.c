/* SPDX-License-Identifier: MIT */
/*
 * The host's thread of one slot: waits for a call, copies it out of the shared memory, decodes, calls, answers. The
 * header is read once and the rest of the message once; no shared word decides anything twice. A slow handler keeps
 * only this slot's caller waiting.
 */
#include "client.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <IOKit/IOLib.h>

#include "decode.h"
#include "protocol/descriptors.h"

/* What the thread owns. */
typedef struct Worker {
    HostClient *client;
    unsigned slot;
    WireSlot *wire;
    uint32_t number;  /* of the call being served */
    uint8_t *copy;    /* kWireSlotBytes */
    uint8_t *payload; /* payloadSize bytes, while a call has one */
    uint64_t payloadSize;
    int descriptors[kWireDescriptorsMax];
    unsigned descriptorCount;
    uint8_t *scratch;   /* kDecodeScratchBytes */
    SlotTarget target;
    uint8_t near[120];  /* a small answer is made here and copied at once, for the client looks at its line all the time */
} Worker;

/* Reads a message that came in a memfd. read, unlike a mapping, does not fault when the client shortens it. */
static const char *readPayload(Worker *self, uint64_t size)
{
    int memory = self->descriptors[0];
    if (self->descriptorCount == 0 || size > kLimitMessage || fcntl(memory, F_GET_SEALS) < 0)
        return "its payload"; /* only shared memory has seals: a read of anything else might block for ever */
    self->payloadSize = size;
    if (atomic_fetch_add(&self->client->payloadBytes, size) + size <= kLimitPayloads)
        self->payload = IOMalloc(size); /* without it the answer is KERN_RESOURCE_SHORTAGE */
    for (uint64_t got = 0; self->payload && got < size;) {
        ssize_t count = pread(memory, self->payload + got, size - got, (off_t)got);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return "a payload shorter than it says";
        got += (uint64_t)count;
    }
    return NULL;
}

static void answerError(Worker *self, kern_return_t result)
{
    WireHeader header = {.size = sizeof header, .result = (uint32_t)result};
    memcpy(self->wire->answer, &header, sizeof header);
}

/* A reply too long for the slot: in a memfd, of which the slot's header tells. */
static void answerWithPayload(Worker *self, const Request *request, kern_return_t result, uint64_t size)
{
    int memory = makeSharedMemory("iokit-reply", size);
    uint8_t *place = memory < 0 ? MAP_FAILED : mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
    bool sent = false;
    if (place != MAP_FAILED) {
        ControlMessage attach = {kControlAttach, self->slot, self->number, 0};
        encodeReply(request, result, place, size);
        munmap(place, size);
        sent = sendControl(self->client->socket, &attach, &memory, 1);
    }
    if (memory >= 0)
        close(memory);
    WireHeader header = {.size = (uint32_t)size, .flags = kWirePayload};
    if (sent)
        memcpy(self->wire->answer, &header, sizeof header);
    else
        answerError(self, KERN_RESOURCE_SHORTAGE);
}

static void answer(Worker *self, const Request *request, kern_return_t result)
{
    uint64_t size = replySize(request, result);
    if (size <= sizeof self->near) {
        encodeReply(request, result, self->near, size);
        memcpy(self->wire->answer, self->near, size);
    } else if (size <= kWireSlotBytes) {
        encodeReply(request, result, self->wire->answer, size);
    } else {
        answerWithPayload(self, request, result, size);
    }
}

static const char *serveMessage(Worker *self, const uint8_t *bytes, uint64_t size)
{
    bool hasPayload = bytes == self->payload;
    Request request; /* not zero-filled: decodeRequest sets the rest */
    request.client = self->client;
    request.bytes = bytes;
    request.size = size;
    request.descriptors = self->descriptors + hasPayload;
    request.descriptorCount = self->descriptorCount - hasPayload;
    request.scratch = self->scratch;
    request.slotTarget = &self->target;
    const char *wrong = decodeRequest(&request);
    if (!wrong) {
        kern_return_t result = callHandler(&request);
        if (!atomic_load(&self->client->ended))
            answer(self, &request, result);
    }
    finishRequest(&request);
    return wrong;
}

/* Copies the message in the slot and serves it. */
static const char *serve(Worker *self)
{
    WireHeader header;
    memcpy(&header, self->wire->message, sizeof header);
    self->descriptorCount = 0;
    if (header.descriptors > kWireDescriptorsMax)
        return "too many descriptors";
    if (header.descriptors) {
        int count = HostClient_takeDescriptors(self->client, self->slot, self->number, self->descriptors);
        self->descriptorCount = count < 0 ? 0 : (unsigned)count;
        if (count != header.descriptors)
            return "descriptors other than it says";
    }
    if (header.flags & kWirePayload) {
        const char *wrong = readPayload(self, header.size);
        if (wrong)
            return wrong;
        if (self->payload)
            return serveMessage(self, self->payload, self->payloadSize);
        answerError(self, KERN_RESOURCE_SHORTAGE);
        return NULL;
    }
    if (header.size < sizeof header || header.size > kWireSlotBytes)
        return "its size";
    memcpy(self->copy, &header, sizeof header);
    memcpy(self->copy + sizeof header, self->wire->message + sizeof header, header.size - sizeof header);
    return serveMessage(self, self->copy, header.size);
}

static void releasePayload(Worker *self)
{
    if (self->payloadSize == 0)
        return;
    if (self->payload)
        IOFree(self->payload, self->payloadSize);
    atomic_fetch_sub(&self->client->payloadBytes, self->payloadSize);
    self->payload = NULL;
    self->payloadSize = 0;
}

static void work(Worker *self)
{
    Waiter *waiter = &self->client->slots[self->slot].waiter;
    for (;;) {
        Waiter_wait(waiter, &self->wire->request, self->number, &self->wire->hostSleeps, &self->client->ended);
        if (atomic_load(&self->client->ended))
            return;
        self->number = atomic_load_explicit(&self->wire->request, memory_order_acquire);
        const char *wrong = serve(self);
        closeDescriptors(self->descriptors, self->descriptorCount);
        releasePayload(self);
        if (wrong) {
            HostClient_end(self->client, wrong);
            return;
        }
        Waiter_post(&self->wire->reply, self->number, &self->wire->clientSleeps);
    }
}

void *slotWorker(void *argument)
{
    SlotWork *given = argument;
    SlotWork start = *given;
    IOFree(given, sizeof *given);
    Worker self = {.client = start.client, .slot = start.slot, .wire = &start.client->region->slots[start.slot]};
    self.copy = IOMalloc(kWireSlotBytes);
    self.scratch = IOMalloc(kDecodeScratchBytes);
    if (self.copy && self.scratch)
        work(&self);
    else
        HostClient_end(self.client, NULL);
    SlotTarget_forget(&self.target);
    if (self.copy)
        IOFree(self.copy, kWireSlotBytes);
    if (self.scratch)
        IOFree(self.scratch, kDecodeScratchBytes);
    HostClient_workerLeaves(start.client);
    HostClient_release(start.client);
    return NULL;
}
