/* SPDX-License-Identifier: MIT */
/*
 * One call over a slot. A small request is built in the call and copied to the slot; a larger one is built in the slot
 * itself; when it outgrows that, in a memfd that travels over the socket. The thread that claimed the slot owns it until it has read the reply out of it.
 */
#include "connectionPrivate.h"
#include "machPort.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { kPayloadStep = 1 << 20 }; /* bytes; a payload grows by at least this much */

/* A few words, without a call. */
static inline void copyWords(uint8_t *to, const uint8_t *from, uint64_t size)
{
    for (uint64_t i = 0; i < size; i += sizeof(uint64_t)) {
        uint64_t word;
        memcpy(&word, from + i, sizeof word);
        memcpy(to + i, &word, sizeof word);
    }
}

static WireSlot *wireSlot(const ClientCall *self)
{
    return &self->connection->region->slots[self->slot];
}

void ClientCall_begin(ClientCall *self, uint16_t routine, mach_port_t target, bool reconnect)
{
    self->connection = Connection_get(reconnect);
    self->payload = -1;
    self->mapped = false;
    self->descriptorCount = 0;
    self->result = KERN_SUCCESS;
    if (!self->connection || !Connection_claimSlot(self->connection, &self->slot)) {
        self->connection = NULL;
        self->result = kWireInvalidDestination;
        return;
    }
    WireHeader header = {.routine = routine, .target = target};
    self->message = self->near;
    self->room = sizeof self->near;
    self->used = sizeof header;
    memcpy(self->message, &header, sizeof header);
}

/* From the call into the slot, when that has the room. */
static bool moveToSlot(ClientCall *self, uint64_t size)
{
    if (self->message != self->near || size > kWireSlotBytes - self->used)
        return false;
    uint8_t *place = wireSlot(self)->message;
    memcpy(place, self->near, self->used);
    self->message = place;
    self->room = kWireSlotBytes;
    return true;
}

static uint8_t *growPayload(ClientCall *self, uint64_t size)
{
    uint64_t room = wireRound(self->used + size + kPayloadStep);
    int memory = self->payload >= 0 ? self->payload : moveAboveStandard(memfd_create("iokit-call", MFD_CLOEXEC));
    void *place = MAP_FAILED;
    if (memory >= 0 && room <= kLimitMessage + kPayloadStep && ftruncate(memory, (off_t)room) == 0)
        place = mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
    self->payload = memory;
    if (place == MAP_FAILED) {
        self->result = KERN_RESOURCE_SHORTAGE;
        return NULL;
    }
    if (self->mapped)
        munmap(self->message, self->room);
    else
        memcpy(place, self->message, self->used);
    self->message = place;
    self->mapped = true;
    self->room = room;
    uint8_t *at = self->message + self->used;
    self->used += size;
    return at;
}

uint8_t *ClientCall_grow(ClientCall *self, uint64_t size)
{
    if (!moveToSlot(self, size))
        return growPayload(self, size);
    uint8_t *at = self->message + self->used;
    self->used += size;
    return at;
}

void ClientCall_putPort(ClientCall *self, mach_port_t name)
{
    int descriptor = -1;
    if (name != MACH_PORT_NULL && self->result == KERN_SUCCESS) {
        if (self->descriptorCount < kWireDescriptorsMax - 1)
            descriptor = mach_port_copy_send_end(name);
        if (descriptor < 0)
            self->result = KERN_INVALID_NAME;
        else
            self->descriptors[self->descriptorCount++] = descriptor;
    }
    ClientCall_putWord(self, descriptor >= 0);
}

void ClientCall_putBytes(ClientCall *self, const void *bytes, uint64_t size, uint64_t limit, kern_return_t tooLarge)
{
    if (self->result == KERN_SUCCESS && size > limit)
        self->result = tooLarge;
    ClientCall_putWord(self, size);
    uint8_t *place = size ? ClientCall_reserve(self, wireRound(size)) : NULL;
    if (place) {
        memset(place + wireRound(size) - 8, 0, 8); /* the padding of the last word */
        memcpy(place, bytes, size);
    }
}

/* Sends what goes over the socket: the payload, then the ports. */
static bool sendAttachments(ClientCall *self, uint32_t number)
{
    int descriptors[kWireDescriptorsMax];
    unsigned count = 0;
    if (self->payload >= 0)
        descriptors[count++] = self->payload;
    for (unsigned i = 0; i < self->descriptorCount; i++)
        descriptors[count++] = self->descriptors[i];
    ControlMessage attach = {kControlAttach, self->slot, number, 0};
    return sendControl(self->connection->socket, &attach, descriptors, count);
}

static bool startSlot(ClientCall *self, ClientSlot *slot)
{
    if (!slot->started) {
        ControlMessage start = {kControlStartSlot, self->slot, 0, 0};
        slot->started = sendControl(self->connection->socket, &start, NULL, 0);
    }
    return slot->started;
}

/* The header goes in last: its size is known now. The slot gets the whole message, or with a payload the header. */
static void finishRequest(ClientCall *self)
{
    WireHeader header;
    memcpy(&header, self->message, sizeof header);
    header.size = (uint32_t)self->used;
    header.descriptors = (uint8_t)(self->descriptorCount + (self->payload >= 0));
    header.flags = self->payload >= 0 ? kWirePayload : 0;
    memcpy(self->message, &header, sizeof header);
    if (self->message == self->near)
        copyWords(wireSlot(self)->message, self->near, self->used);
    if (!self->mapped)
        return;
    memcpy(wireSlot(self)->message, &header, sizeof header);
    munmap(self->message, self->room);
    self->mapped = false;
}

/* Maps the payload of a reply that does not fit the slot. The watcher brings it. */
static bool takePayload(ClientCall *self, ClientSlot *slot, uint64_t size)
{
    Connection *connection = self->connection;
    pthread_mutex_lock(&connection->lock);
    while (slot->attached < 0 && !atomic_load(&connection->ended))
        pthread_cond_wait(&connection->changed, &connection->lock);
    int memory = slot->attached;
    slot->attached = -1;
    pthread_mutex_unlock(&connection->lock);
    if (memory < 0)
        return false;
    void *place = mmap(NULL, size, PROT_READ, MAP_SHARED, memory, 0);
    close(memory);
    if (place == MAP_FAILED)
        return false;
    self->message = place;
    self->mapped = true;
    self->room = size;
    return true;
}

static void readReply(ClientCall *self, ClientSlot *slot)
{
    WireHeader header;
    self->message = wireSlot(self)->answer;
    memcpy(&header, self->message, sizeof header);
    if (header.size < sizeof header || (!(header.flags & kWirePayload) && header.size > kWireSlotBytes) ||
        ((header.flags & kWirePayload) && !takePayload(self, slot, header.size))) {
        self->result = kWireServerDied;
        return;
    }
    self->size = header.size;
    self->used = sizeof header;
    self->result = (kern_return_t)header.result;
}

bool ClientCall_perform(ClientCall *self)
{
    if (self->result != KERN_SUCCESS)
        return false;
    Connection *connection = self->connection;
    ClientSlot *slot = &connection->slots[self->slot];
    WireSlot *wire = wireSlot(self);
    uint32_t number = slot->number + 1;
    finishRequest(self);
    if (!startSlot(self, slot) || ((self->payload >= 0 || self->descriptorCount) && !sendAttachments(self, number))) {
        self->result = kWireInvalidDestination;
        return false;
    }
    slot->number = number;
    Waiter_post(&wire->request, number, &wire->hostSleeps);
    Waiter_wait(&slot->waiter, &wire->reply, number - 1, &wire->clientSleeps, &connection->ended);
    if (atomic_load(&wire->reply) != number) {
        self->result = kWireServerDied;
        return false;
    }
    readReply(self, slot);
    return self->result == KERN_SUCCESS;
}

uint64_t ClientCall_getBytes(ClientCall *self, void *bytes, uint64_t room)
{
    uint64_t size = ClientCall_getWord(self);
    if (self->result != KERN_SUCCESS)
        return 0;
    if (size > room || wireRound(size) > self->size - self->used) {
        self->result = kWireServerDied;
        return 0;
    }
    if (size)
        memcpy(bytes, self->message + self->used, size);
    self->used += wireRound(size);
    return size;
}

void *ClientCall_getBuffer(ClientCall *self, uint64_t *ret_size)
{
    uint64_t size = ClientCall_getWord(self);
    if (self->result != KERN_SUCCESS || size == 0) {
        *ret_size = 0;
        return NULL;
    }
    if (wireRound(size) > self->size - self->used) {
        self->result = kWireServerDied;
        return NULL;
    }
    void *buffer = malloc(size);
    if (!buffer) {
        self->result = KERN_RESOURCE_SHORTAGE;
        return NULL;
    }
    memcpy(buffer, self->message + self->used, size);
    self->used += wireRound(size);
    *ret_size = size;
    return buffer;
}

kern_return_t ClientCall_end(ClientCall *self)
{
    if (self->mapped)
        munmap(self->message, self->room);
    if (self->payload >= 0)
        close(self->payload);
    closeDescriptors(self->descriptors, self->descriptorCount);
    if (self->connection)
        Connection_giveSlotBack(self->connection, self->slot);
    return self->result;
}
