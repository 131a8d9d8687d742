/* SPDX-License-Identifier: MIT */
/*
 * The checked decoder, driven by the rows of routineTable.c.
 *
 * A request is malformed when any byte of it is not what its row says: a count above its limit, a string without its
 * NUL or with one inside, padding missing, bytes left over, a descriptor too many or too few, a routine that does not
 * exist. Then nothing is called. What a correct client can get wrong, a handle that is gone or of the wrong kind, is an
 * answer.
 */
#include "decode.h"

#include <string.h>
#include <unistd.h>

#include <IOKit/IOLib.h>

#include "client.h"

static uint8_t *fieldOf(Request *self, const ArgumentRow *argument)
{
    return self->arguments + argument->offset;
}

static const uint8_t *constFieldOf(const Request *self, const ArgumentRow *argument)
{
    return self->arguments + argument->offset;
}

#define FIELD(type, self, argument)       (*(type *)(void *)fieldOf(self, argument))
#define CONST_FIELD(type, self, argument) (*(const type *)(const void *)constFieldOf(self, argument))

/* The next bytes, with their padding; NULL when there are fewer. */
static const uint8_t *take(Request *self, uint64_t size)
{
    if (size > self->size - self->position || wireRound(size) > self->size - self->position)
        return NULL;
    const uint8_t *bytes = self->bytes + self->position;
    self->position += wireRound(size);
    return bytes;
}

static bool takeWord(Request *self, uint64_t *ret_word)
{
    const uint8_t *bytes = take(self, sizeof *ret_word);
    if (bytes)
        memcpy(ret_word, bytes, sizeof *ret_word);
    return bytes != NULL;
}

/* A count of elements of unit bytes, at most limit of them, and the elements. */
static const uint8_t *takeArray(Request *self, uint32_t unit, uint32_t limit, uint64_t *ret_count)
{
    if (!takeWord(self, ret_count) || *ret_count > limit)
        return NULL;
    return take(self, *ret_count * unit);
}

static const char *decodeText(Request *self, const ArgumentRow *argument)
{
    uint64_t size;
    const uint8_t *bytes = takeArray(self, 1, argument->limit, &size);
    if (!bytes || size == 0 || strnlen((const char *)bytes, size) != size - 1)
        return "a string";
    FIELD(const char *, self, argument) = (const char *)bytes;
    return NULL;
}

static const char *decodePort(Request *self, const ArgumentRow *argument)
{
    uint64_t word;
    if (!takeWord(self, &word) || word > 1)
        return "a port";
    if (word && self->descriptorsUsed >= self->descriptorCount)
        return "a port without its descriptor";
    FIELD(int, self, argument) = word ? self->descriptors[self->descriptorsUsed] : -1;
    if (word)
        self->descriptors[self->descriptorsUsed++] = -1;
    return NULL;
}

/* The object of a handle when it is of that kind; else why not. 0 is no object, with isOptional. */
static kern_return_t copyHandle(Request *self, mach_port_t name, HandleKind kind, const OSMetaClass *metaClass,
                                OSObject **ret_object)
{
    HandleKind heldKind = kHandleObject;
    OSObject *object = HandleTable_copyObject(self->client->handles, name, &heldKind);
    if (!object)
        return kWireInvalidDestination;
    if (heldKind != kind || !OSMetaClass_checkMetaCast(metaClass, object)) {
        OSRelease(object);
        return kIOReturnBadArgument;
    }
    *ret_object = object;
    return KERN_SUCCESS;
}

static const char *decodeConnect(Request *self, const ArgumentRow *argument)
{
    uint64_t word;
    OSObject *object = NULL;
    if (!takeWord(self, &word) || word > UINT32_MAX)
        return "a handle";
    if (word != 0) {
        kern_return_t result = copyHandle(self, (mach_port_t)word, kHandleConnect, &IOUserClient_class, &object);
        if (result != KERN_SUCCESS && self->refusal == KERN_SUCCESS)
            self->refusal = kIOReturnBadArgument;
    }
    FIELD(IOUserClient *, self, argument) = object ? OSRequiredCast(IOUserClient, object) : NULL;
    return NULL;
}

/* Room for size bytes of output, zero-filled. */
static void *reserveOutput(Request *self, uint64_t size, bool isLarge)
{
    if (isLarge) {
        void *memory = IOMallocZero(size);
        if (!memory && size && self->refusal == KERN_SUCCESS)
            self->refusal = KERN_RESOURCE_SHORTAGE;
        return memory;
    }
    if (wireRound(size) > kDecodeScratchBytes - self->scratchUsed)
        panic("%s: the scratch memory is too small", self->row->name);
    void *memory = self->scratch + self->scratchUsed;
    self->scratchUsed += wireRound(size);
    memset(memory, 0, size);
    return memory;
}

static const char *decodeRoom(Request *self, const ArgumentRow *argument, uint64_t *room)
{
    uint64_t count;
    if (!takeWord(self, &count) || count > argument->limit)
        return "the room for a result";
    *room = count;
    switch (argument->kind) {
    case kArgument_OUT_SCALARS:
        FIELD(WordsOut, self, argument) =
            (WordsOut){reserveOutput(self, count * sizeof(uint64_t), false), (uint32_t)count};
        break;
    case kArgument_OUT_LARGE:
        FIELD(BytesOut, self, argument) = (BytesOut){reserveOutput(self, count, true), count};
        break;
    default:
        FIELD(BytesOut, self, argument) = (BytesOut){count ? reserveOutput(self, count, false) : NULL, count};
        break;
    }
    return NULL;
}

static const char *decodeNumber(Request *self, const ArgumentRow *argument)
{
    uint64_t word;
    if (!takeWord(self, &word) || (argument->kind == kArgument_IN_U32 && word > UINT32_MAX))
        return "a number";
    if (argument->kind == kArgument_IN_U32)
        FIELD(uint32_t, self, argument) = (uint32_t)word;
    else
        FIELD(uint64_t, self, argument) = word;
    return NULL;
}

static const char *decodeArray(Request *self, const ArgumentRow *argument)
{
    bool isWords = argument->kind == kArgument_IN_SCALARS;
    uint64_t count;
    const uint8_t *bytes = takeArray(self, isWords ? sizeof(uint64_t) : 1, argument->limit, &count);
    if (!bytes)
        return "an array";
    if (isWords)
        FIELD(WordsIn, self, argument) = (WordsIn){(const uint64_t *)(const void *)bytes, (uint32_t)count};
    else
        FIELD(BytesIn, self, argument) = (BytesIn){bytes, count};
    return NULL;
}

static const char *decodeArgument(Request *self, const ArgumentRow *argument, uint64_t *room)
{
    switch (argument->kind) {
    case kArgument_IN_U32:
    case kArgument_IN_U64:
        return decodeNumber(self, argument);
    case kArgument_IN_TEXT:
        return decodeText(self, argument);
    case kArgument_IN_SCALARS:
    case kArgument_IN_BYTES:
    case kArgument_IN_LARGE:
        return decodeArray(self, argument);
    case kArgument_IN_CONNECT:
        return decodeConnect(self, argument);
    case kArgument_IN_PORT:
        return decodePort(self, argument);
    case kArgument_OUT_SCALARS:
    case kArgument_OUT_BYTES:
    case kArgument_OUT_LARGE:
        return decodeRoom(self, argument, room);
    case kArgument_OUT_TEXT:
        FIELD(char *, self, argument) = reserveOutput(self, argument->limit, false);
        return NULL;
    case kArgument_OUT_U32:
    case kArgument_OUT_U64:
    case kArgument_OUT_OBJECT:
    case kArgument_OUT_CONNECT:
    case kArgument_OUT_BUFFER:
        return NULL;
    }
    return "an argument";
}

static void findTarget(Request *self)
{
    const OSMetaClass *metaClass = &OSObject_class;
    HandleKind kind = kHandleObject;
    switch (self->row->target) {
    case kTarget_MAIN:
    case kTarget_HANDLE:
        return;
    case kTarget_OBJECT:
        break;
    case kTarget_ENTRY:
        metaClass = &IORegistryEntry_class;
        break;
    case kTarget_SERVICE:
        metaClass = &IOService_class;
        break;
    case kTarget_ITERATOR:
        metaClass = &OSIterator_class;
        break;
    case kTarget_METHOD:
        self->object = OSObjectOf(SlotTarget_enter(self->slotTarget, self->target));
        self->isNear = self->object != NULL;
        if (self->isNear)
            return;
        /* fall through */
    case kTarget_CONNECT:
        metaClass = &IOUserClient_class;
        kind = kHandleConnect;
        break;
    }
    self->refusal = copyHandle(self, self->target, kind, metaClass, &self->object);
}

static void clearArguments(Request *self, const RoutineRow *row)
{
    memset(self->arguments, 0, row->argumentBytes);
    for (uint32_t i = 0; i < row->argumentCount; i++) {
        self->names[i] = MACH_PORT_NULL;
        self->rooms[i] = 0;
        if (row->arguments[i].kind == kArgument_IN_PORT)
            FIELD(int, self, &row->arguments[i]) = -1;
    }
}

const char *decodeRequest(Request *self)
{
    WireHeader header;
    /* Before the first error, so that finishRequest finds what it looks at. */
    self->row = NULL;
    self->object = NULL;
    self->isNear = self->isEntered = false;
    self->refusal = KERN_SUCCESS;
    self->position = sizeof header;
    self->scratchUsed = 0;
    self->descriptorsUsed = 0;
    if (self->size < sizeof header || self->size % 8 != 0)
        return "its size";
    memcpy(&header, self->bytes, sizeof header);
    if (header.size != self->size || header.result != 0)
        return "its header";
    const RoutineRow *row = routineRow(header.routine);
    if (!row)
        return "its routine";
    clearArguments(self, row);
    self->row = row;
    self->target = header.target;
    findTarget(self);
    for (uint32_t i = 0; i < row->argumentCount; i++) {
        const char *wrong = decodeArgument(self, &row->arguments[i], &self->rooms[i]);
        if (wrong)
            return wrong;
    }
    if (self->position != self->size)
        return "bytes after its arguments";
    return self->descriptorsUsed == self->descriptorCount ? NULL : "descriptors that it does not name";
}

/* Turns OUT objects into handles of the client; at the first that cannot be, those made before go back. */
static kern_return_t makeHandles(Request *self)
{
    for (uint32_t i = 0; i < self->row->argumentCount; i++) {
        const ArgumentRow *argument = &self->row->arguments[i];
        if (argument->kind != kArgument_OUT_OBJECT && argument->kind != kArgument_OUT_CONNECT)
            continue;
        OSObject *object = FIELD(OSObject *, self, argument);
        HandleKind kind = argument->kind == kArgument_OUT_CONNECT ? kHandleConnect : kHandleObject;
        FIELD(OSObject *, self, argument) = NULL;
        kern_return_t result =
            object ? HandleTable_add(self->client->handles, object, kind, &self->names[i]) : KERN_SUCCESS;
        if (result == KERN_SUCCESS)
            continue;
        while (i-- > 0)
            if (self->names[i] != MACH_PORT_NULL)
                (void)HandleTable_release(self->client->handles, self->names[i]);
        return result;
    }
    return KERN_SUCCESS;
}

static bool buffersFit(Request *self)
{
    for (uint32_t i = 0; i < self->row->argumentCount; i++) {
        const ArgumentRow *argument = &self->row->arguments[i];
        if (argument->kind == kArgument_OUT_BUFFER && FIELD(BufferOut, self, argument).size > argument->limit)
            return false;
    }
    return true;
}

/* After a METHOD's handler, or without it: the user client is entered no more. */
static void leaveMethod(Request *self)
{
    if (self->isNear) {
        self->object = NULL;
        SlotTarget_leave(self->slotTarget);
    } else if (self->isEntered) {
        IOUserClient *userClient = OSRequiredCast(IOUserClient, self->object);
        IOUserClient_leave(userClient, self->lock);
        SlotTarget_remember(self->slotTarget, self->client->handles, self->target, userClient);
    }
    self->isNear = self->isEntered = false;
}

kern_return_t callHandler(Request *self)
{
    if (self->refusal != KERN_SUCCESS)
        return self->refusal;
    if (self->row->target == kTarget_METHOD && !self->isNear) {
        self->lock = IOUserClient_enterMethod(OSRequiredCast(IOUserClient, self->object));
        self->isEntered = true;
    }
    kern_return_t result = self->row->call(self->client, self->object, self->target, self->arguments);
    leaveMethod(self);
    if (result == KERN_SUCCESS && !buffersFit(self))
        result = kIOReturnMessageTooLarge;
    return result == KERN_SUCCESS ? makeHandles(self) : result;
}

/* Bytes of an OUT array and where they are; a driver that claims more than it had room for gets what fits. */
static uint64_t resultBytes(const Request *self, uint32_t index, const void **ret_bytes)
{
    const ArgumentRow *argument = &self->row->arguments[index];
    switch (argument->kind) {
    case kArgument_OUT_TEXT: {
        const char *text = CONST_FIELD(char *, self, argument);
        *ret_bytes = text;
        return strnlen(text, argument->limit - 1) + 1;
    }
    case kArgument_OUT_SCALARS: {
        WordsOut out = CONST_FIELD(WordsOut, self, argument);
        *ret_bytes = out.words;
        return (out.count < self->rooms[index] ? out.count : self->rooms[index]) * sizeof(uint64_t);
    }
    case kArgument_OUT_BYTES:
    case kArgument_OUT_LARGE: {
        BytesOut out = CONST_FIELD(BytesOut, self, argument);
        *ret_bytes = out.bytes;
        return out.size < self->rooms[index] ? out.size : self->rooms[index];
    }
    case kArgument_OUT_BUFFER: {
        BufferOut out = CONST_FIELD(BufferOut, self, argument);
        *ret_bytes = out.bytes;
        return out.size;
    }
    default:
        *ret_bytes = NULL;
        return 0;
    }
}

uint64_t replySize(const Request *self, kern_return_t result)
{
    uint64_t size = sizeof(WireHeader);
    for (uint32_t i = 0; result == KERN_SUCCESS && i < self->row->argumentCount; i++) {
        const void *bytes;
        if (self->row->arguments[i].kind >= kArgument_OUT_U32)
            size += sizeof(uint64_t) + wireRound(resultBytes(self, i, &bytes));
    }
    return size;
}

static uint64_t resultWord(const Request *self, uint32_t index, uint64_t bytes)
{
    const ArgumentRow *argument = &self->row->arguments[index];
    switch (argument->kind) {
    case kArgument_OUT_U32:
        return CONST_FIELD(uint32_t, self, argument);
    case kArgument_OUT_U64:
        return CONST_FIELD(uint64_t, self, argument);
    case kArgument_OUT_OBJECT:
    case kArgument_OUT_CONNECT:
        return self->names[index];
    case kArgument_OUT_SCALARS:
        return bytes / sizeof(uint64_t);
    default:
        return bytes;
    }
}

void encodeReply(const Request *self, kern_return_t result, uint8_t *place, uint64_t size)
{
    const RoutineRow *row = self->row;
    uint8_t *next = place + sizeof(WireHeader);
    WireHeader header = {.size = (uint32_t)size, .result = (uint32_t)result};
    memcpy(place, &header, sizeof header);
    for (uint32_t i = 0; result == KERN_SUCCESS && i < row->argumentCount; i++) {
        const void *bytes;
        if (row->arguments[i].kind < kArgument_OUT_U32)
            continue;
        uint64_t count = resultBytes(self, i, &bytes);
        uint64_t word = resultWord(self, i, count);
        memcpy(next, &word, sizeof word);
        next += sizeof word;
        if (count)
            memcpy(next, bytes, count);
        memset(next + count, 0, wireRound(count) - count); /* nothing of the host's memory gets out */
        next += wireRound(count);
    }
}

static void releaseArgument(Request *self, const ArgumentRow *argument, uint64_t room)
{
    switch (argument->kind) {
    case kArgument_IN_CONNECT:
        OSRelease(FIELD(IOUserClient *, self, argument));
        break;
    case kArgument_OUT_OBJECT:
    case kArgument_OUT_CONNECT:
        OSRelease(FIELD(OSObject *, self, argument));
        break;
    case kArgument_OUT_BUFFER:
        OSRelease(FIELD(BufferOut, self, argument).owner);
        break;
    case kArgument_OUT_LARGE:
        IOFree(FIELD(BytesOut, self, argument).bytes, room);
        break;
    case kArgument_IN_PORT:
        if (FIELD(int, self, argument) >= 0)
            close(FIELD(int, self, argument));
        break;
    default:
        break;
    }
}

void finishRequest(Request *self)
{
    for (uint32_t i = 0; self->row && i < self->row->argumentCount; i++)
        releaseArgument(self, &self->row->arguments[i], self->rooms[i]);
    leaveMethod(self);
    OSSafeReleaseNULL(self->object);
    self->row = NULL;
}
