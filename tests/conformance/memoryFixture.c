/* SPDX-License-Identifier: MIT */
#include "memoryFixture.h"

#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <IOKit/IOKitInitialize.h>

static void setUp(void)
{
    OSLibkern_initialize();
    assert_int_equal(IOKit_initialize(), kIOReturnSuccess);
    assert_int_equal(IOKit_quiesce(UINT64_MAX), kIOReturnSuccess);
}

static void describe(char *text, size_t size)
{
    kitTestHooks.describeObjects(text, size);
}

const TestHooks memoryTestHooks = {.setUp = setUp, .describeObjects = describe};

uint8_t patternAt(size_t i)
{
    return (uint8_t)(i * 7 + i / 251 + 1);
}

bool isPattern(const uint8_t *bytes, size_t start, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (bytes[i] != patternAt(start + i))
            return false;
    return true;
}

/* ---- The client's side ---- */

typedef struct Command {
    char name; /* b: byte, u: unmap, x: exec */
    size_t offset, length;
} Command;

static void clientMain(uint8_t *memory, int commands, int answers)
{
    Command command;
    while (read(commands, &command, sizeof command) == sizeof command) {
        uint8_t answer = 0;
        if (command.name == 'b')
            answer = memory[command.offset];
        else if (command.name == 'u')
            munmap(memory + command.offset, command.length);
        else if (command.name == 'x') { /* the next program answers, and waits for the end of its input */
            dup2(commands, STDIN_FILENO);
            dup2(answers, STDOUT_FILENO);
            execl("/bin/sh", "sh", "-c", "printf x; cat >/dev/null", (char *)NULL);
        }
        if (write(answers, &answer, 1) != 1)
            break;
    }
    _exit(0);
}

/* ---- The host's side ---- */

Client clientStart(size_t length)
{
    int commands[2], answers[2];
    assert_int_equal(pipe(commands), 0);
    assert_int_equal(pipe(answers), 0);
    uint8_t *memory = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(memory != MAP_FAILED);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        close(commands[1]);
        close(answers[0]);
        for (size_t i = 0; i < length; i++)
            memory[i] = patternAt(i);
        uint8_t ready = 0;
        if (write(answers[1], &ready, 1) == 1)
            clientMain(memory, commands[0], answers[1]);
        _exit(1);
    }
    munmap(memory, length); /* the client's address is nothing in the host */
    close(commands[0]);
    close(answers[1]);
    uint8_t ready = 1;
    assert_int_equal(read(answers[0], &ready, 1), 1);
    IOTask *task = IOTask_withCredentials(pid, getuid(), getgid(), "client");
    assert_non_null(task);
    return (Client){task, (uintptr_t)memory, length, commands[1], answers[0]};
}

static uint8_t ask(Client *client, char name, size_t offset, size_t length)
{
    Command command;
    memset(&command, 0, sizeof command);
    command.name = name;
    command.offset = offset;
    command.length = length;
    uint8_t answer = 0;
    assert_int_equal(write(client->commands, &command, sizeof command), sizeof command);
    assert_int_equal(read(client->answers, &answer, 1), 1);
    return answer;
}

void clientUnmap(Client *client, size_t offset, size_t length)
{
    (void)ask(client, 'u', offset, length);
}

void clientExec(Client *client)
{
    assert_int_equal(ask(client, 'x', 0, 0), 'x');
}

uint8_t clientByte(Client *client, size_t offset)
{
    return ask(client, 'b', offset, 1);
}

void clientExit(Client *client)
{
    if (client->commands < 0)
        return;
    close(client->commands);
    close(client->answers);
    client->commands = client->answers = -1;
    kill(IOTask_getPID(client->task), SIGKILL);
    assert_int_equal(waitpid(IOTask_getPID(client->task), NULL, 0), IOTask_getPID(client->task));
}

void clientFree(Client *client)
{
    clientExit(client);
    OSSafeReleaseNULL(client->task);
}

IOMemoryDescriptor *clientMemory(const Client *client, size_t offset, size_t length, IODirection direction)
{
    IOMemoryDescriptor *memory =
        IOMemoryDescriptor_withAddressRange(client->address + offset, length, direction, client->task);
    assert_non_null(memory);
    return memory;
}

/* ---- Without memory ---- */

enum { kAllocationsMax = 1000 };

static size_t allAllocatedBytes(void)
{
    size_t bytes = 0;
    for (int kind = 0; kind < kIOAllocationKinds; kind++)
        bytes += IOAllocatedBytes((IOAllocationKind)kind);
    return bytes;
}

void eachAllocationFails(bool (*operation)(void))
{
    uint64_t n = 0;
    bool done;
    assert_true(operation());
    size_t bytes = allAllocatedBytes();
    do {
        (void)IOAllocation_failNth(++n);
        done = operation();
        (void)IOAllocation_failNth(0);
        assert_int_equal(allAllocatedBytes(), bytes);
        assert_true(n < kAllocationsMax);
    } while (!done);
    assert_true(n > 1);
}
