/* SPDX-License-Identifier: MIT */
/*
 * What the memory suites share: a kit that is started before each test, and client processes whose memory the host is
 * given the address of.
 */
#ifndef TESTS_CONFORMANCE_MEMORYFIXTURE_H
#define TESTS_CONFORMANCE_MEMORYFIXTURE_H

#include "harness.h"

#include <IOKit/IOBufferMemoryDescriptor.h>
#include <IOKit/IODMACommand.h>
#include <IOKit/IODeviceMemory.h>
#include <IOKit/IOLib.h>
#include <IOKit/IOMemoryCursor.h>
#include <IOKit/IOMultiMemoryDescriptor.h>
#include <IOKit/IOSubMemoryDescriptor.h>
#include <libkern/libkern.h>

enum { kPage = 4096 };

extern const TestHooks memoryTestHooks;

/* A client: a child process with some memory, the byte at i of it being patternAt(i). */
typedef struct Client {
    IOTask *task;     /* owned */
    uint64_t address; /* of its memory, in it */
    size_t length;
    int commands, answers;
} Client;

uint8_t patternAt(size_t i);
bool isPattern(const uint8_t *bytes, size_t start, size_t length);

Client clientStart(size_t length);
/* What a client can do; each has been done when the call returns. */
void clientUnmap(Client *client, size_t offset, size_t length);
void clientExec(Client *client); /* becomes another program, which stays */
void clientExit(Client *client); /* and is reaped */
/* Its byte at an offset, as the client sees it. */
uint8_t clientByte(Client *client, size_t offset);
/* Ends it if it still is there, and releases the task. */
void clientFree(Client *client);

/* A descriptor of a part of its memory; +1. */
IOMemoryDescriptor *clientMemory(const Client *client, size_t offset, size_t length, IODirection direction);

/* operation: makes something and gives it up again; returns whether it had all it needed. Each of its allocations fails
 * once; nothing may be left behind. */
void eachAllocationFails(bool (*operation)(void));

#endif
