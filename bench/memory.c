/* SPDX-License-Identifier: MIT */
/*
 * Bytes of a client brought into the host: a descriptor's readBytes, beside memcpy (the floor, with the memory in the
 * host already) and a pipe that the client writes (what a program without descriptors would do); and prepare with
 * complete, which bring and take back. The rounds are interleaved; the medians are microseconds for one transfer, and
 * GB/s.
 *
 *     bench-memory [ROUNDS]
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <IOKit/IOKitInitialize.h>
#include <IOKit/IOLib.h>
#include <IOKit/IOMemoryDescriptor.h>
#include <libkern/libkern.h>

enum { kLargest = 1 << 20, kRoundsMax = 1001, kDefaultRounds = 201, kWays = 4 };

typedef struct Bench {
    uint8_t *here;  /* kLargest bytes: where everything goes */
    uint8_t *local; /* the same pattern, in the host */
    uint64_t there; /* the client's memory, in it */
    IOTask *task;
    int asks, answers; /* of the pipe: how many bytes, and they */
    pid_t client;
    size_t size;
} Bench;

static Bench bench;

static void clientMain(uint8_t *memory, int asks, int answers)
{
    size_t size;
    memset(memory, 7, kLargest);
    while (read(asks, &size, sizeof size) == sizeof size)
        for (size_t done = 0; done < size;) {
            ssize_t count = write(answers, memory + done, size - done);
            if (count <= 0)
                _exit(1);
            done += (size_t)count;
        }
    _exit(0);
}

static void *pages(void)
{
    void *memory = mmap(NULL, kLargest, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        exit(1);
    return memory;
}

static void start(void)
{
    int asks[2], answers[2];
    if (pipe(asks) != 0 || pipe(answers) != 0)
        exit(1);
    uint8_t *memory = pages();
    bench.there = (uintptr_t)memory;
    bench.client = fork();
    if (bench.client == 0)
        clientMain(memory, asks[0], answers[1]);
    bench.asks = asks[1];
    bench.answers = answers[0];
    bench.here = pages();
    bench.local = pages();
    memset(bench.local, 7, kLargest);
    bench.task = IOTask_withCredentials(bench.client, getuid(), getgid(), "bench");
    if (!bench.task)
        exit(1);
}

/* ---- The four ways; each false when bytes are missing ---- */

static bool byMemcpy(void)
{
    memcpy(bench.here, bench.local, bench.size);
    __asm__ volatile("" ::: "memory");
    return true;
}

static bool byPipe(void)
{
    if (write(bench.asks, &bench.size, sizeof bench.size) != sizeof bench.size)
        return false;
    for (size_t done = 0; done < bench.size;) {
        ssize_t count = read(bench.answers, bench.here + done, bench.size - done);
        if (count <= 0)
            return false;
        done += (size_t)count;
    }
    return true;
}

static IOMemoryDescriptor *describe(IODirection direction)
{
    return IOMemoryDescriptor_withAddressRange(bench.there, bench.size, direction, bench.task);
}

static bool byReadBytes(void)
{
    IOMemoryDescriptor *memory = describe(kIODirectionOut);
    bool done = memory && IOMemoryDescriptor_readBytes(memory, 0, bench.here, bench.size) == bench.size;
    OSRelease(memory);
    return done;
}

static bool byPrepare(void)
{
    IOMemoryDescriptor *memory = describe(kIODirectionInOut);
    bool done = memory && IOMemoryDescriptor_prepare(memory, kIODirectionNone) == kIOReturnSuccess &&
                IOMemoryDescriptor_complete(memory, kIODirectionNone) == kIOReturnSuccess;
    OSRelease(memory);
    return done;
}

static bool (*const ways[kWays])(void) = {byMemcpy, byPipe, byReadBytes, byPrepare};
static const char *const names[kWays] = {"memcpy", "pipe", "readBytes", "prepare+complete"};

/* ---- Measuring ---- */

static int compare(const void *a, const void *b)
{
    uint64_t first = *(const uint64_t *)a, second = *(const uint64_t *)b;
    return (first > second) - (first < second);
}

static void measure(size_t size, unsigned rounds)
{
    static uint64_t times[kWays][kRoundsMax];
    bench.size = size;
    for (unsigned round = 0; round < rounds; round++)
        for (int way = 0; way < kWays; way++) {
            uint64_t began = IOUptimeNanoseconds();
            if (!ways[way]()) {
                fprintf(stderr, "bench-memory: %s failed\n", names[way]);
                exit(1);
            }
            times[way][round] = IOUptimeNanoseconds() - began;
        }
    printf("%8zu", size);
    for (int way = 0; way < kWays; way++) {
        qsort(times[way], rounds, sizeof times[way][0], compare);
        double time = (double)times[way][rounds / 2];
        printf("  %9.2f us %6.2f GB/s", time / 1000, (double)size / time);
    }
    printf("\n");
}

int main(int argc, char **argv)
{
    unsigned rounds = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 0) : kDefaultRounds;
    if (rounds == 0 || rounds > kRoundsMax) {
        fprintf(stderr, "usage: bench-memory [ROUNDS], 1 to %d\n", kRoundsMax);
        return 1;
    }
    OSLibkern_initialize();
    if (IOKit_initialize() != kIOReturnSuccess)
        return 1;
    start();
    printf("%8s", "bytes");
    for (int way = 0; way < kWays; way++)
        printf("  %24s", names[way]);
    printf("\n");
    static const size_t sizes[] = {64, 4096, 16384, 65536, 262144, kLargest};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        measure(sizes[i], rounds);
    OSRelease(bench.task);
    kill(bench.client, SIGKILL);
    waitpid(bench.client, NULL, 0);
    return 0;
}
