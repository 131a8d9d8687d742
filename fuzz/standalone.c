/* SPDX-License-Identifier: MIT */
/*
 * Runs a fuzz target without libFuzzer: each file of a folder, then a number of mutations of them. The mutations come
 * from a fixed generator, so that a run is the same each time and everywhere; its inputs are not written down, the
 * number of the one that aborts is, and `--only N` runs it alone.
 *
 *     fuzz-xml CORPUS [COUNT] [--only N]
 *
 * Each input stands in a block of exactly its size, so that AddressSanitizer and valgrind see a byte read too far.
 */
#include <dirent.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"

enum { kSeedsMax = 256, kInputMax = 16384, kDefaultCount = 20000, kStepsMax = 6 };

typedef struct seed {
    uint8_t *bytes;
    size_t   size;
} seed;

static seed          seeds[kSeedsMax];
static size_t        seedCount;
static uint64_t      randomState;
static volatile long current; /* the mutation that runs, for the abort message */

static uint64_t nextRandom(void)
{
    randomState ^= randomState << 13;
    randomState ^= randomState >> 7;
    randomState ^= randomState << 17;
    return randomState;
}

static size_t below(size_t limit)
{
    return limit ? (size_t)(nextRandom() % limit) : 0;
}

static void die(const char *what)
{
    perror(what);
    exit(2);
}

static void readSeed(const char *folder, const char *name)
{
    char *path;
    if (asprintf(&path, "%s/%s", folder, name) < 0)
        die("asprintf");
    FILE *file = fopen(path, "rb");
    seed *seed = &seeds[seedCount];
    seed->bytes = malloc(kInputMax);
    if (!file || !seed->bytes)
        die(path);
    seed->size = fread(seed->bytes, 1, kInputMax, file);
    fclose(file);
    free(path);
    seedCount++;
}

static int compareNames(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void readSeeds(const char *folder)
{
    char          *names[kSeedsMax];
    size_t         count     = 0;
    DIR           *directory = opendir(folder);
    struct dirent *entry;
    if (!directory)
        die(folder);
    while (count < kSeedsMax && (entry = readdir(directory)))
        if (entry->d_name[0] != '.')
            names[count++] = strdup(entry->d_name);
    closedir(directory);
    qsort(names, count, sizeof names[0], compareNames); /* the mutations depend on the order */
    for (size_t i = 0; i < count; i++) {
        readSeed(folder, names[i]);
        free(names[i]);
    }
}

static void run(const uint8_t *bytes, size_t size)
{
    uint8_t *exact = malloc(size ? size : 1);
    if (!exact)
        die("malloc");
    memcpy(exact, bytes, size);
    (void)LLVMFuzzerTestOneInput(exact, size); /* always 0 */
    free(exact);
}

/* A piece of another seed, or of the same, goes over or into the input. */
static size_t splice(uint8_t *bytes, size_t size, bool insert)
{
    const seed *other  = &seeds[below(seedCount)];
    size_t      from   = below(other->size);
    size_t      length = below(other->size - from + 1) % 64;
    size_t      at     = below(size + 1);
    if (size + length > kInputMax)
        return size;
    if (insert)
        memmove(bytes + at + length, bytes + at, size - at);
    memcpy(bytes + at, other->bytes + from, length);
    return insert ? size + length : at + length > size ? at + length : size;
}

static size_t erase(uint8_t *bytes, size_t size)
{
    size_t at     = below(size);
    size_t length = below(size - at + 1) % 32;
    memmove(bytes + at, bytes + at + length, size - at - length);
    return size - length;
}

static size_t mutate(uint8_t *bytes, size_t size)
{
    static const uint8_t telling[] = {0, 1, 0x7f, 0x80, 0xff, '<', '>', '&', '"', '/', '{', '}', '@', ';', '-', '\n'};
    if (size == 0)
        return splice(bytes, size, true);
    switch (below(7)) {
    case 0:
        bytes[below(size)] ^= (uint8_t)(1u << below(8));
        return size;
    case 1:
        bytes[below(size)] = (uint8_t)nextRandom();
        return size;
    case 2:
        bytes[below(size)] = telling[below(sizeof telling)];
        return size;
    case 3:
        bytes[below(size)] += (uint8_t)(below(9) - 4);
        return size;
    case 4:
        return erase(bytes, size);
    case 5:
        return splice(bytes, size, true);
    default:
        return splice(bytes, size, false);
    }
}

static void runMutation(long number)
{
    uint8_t     bytes[kInputMax];
    const seed *start = &seeds[(size_t)number % seedCount];
    size_t      size  = start->size;
    randomState       = ((uint64_t)number + 1) * UINT64_C(0x9e3779b97f4a7c15);
    memcpy(bytes, start->bytes, size);
    for (size_t steps = 1 + below(kStepsMax); steps > 0; steps--)
        size = mutate(bytes, size);
    current = number;
    run(bytes, size);
}

static void reportAbort(int signal)
{
    char text[64];
    int  length = snprintf(text, sizeof text, "mutation %ld: run with --only %ld\n", current, current);
    (void)!write(STDERR_FILENO, text, (size_t)length);
    _exit(128 + signal);
}

int main(int argc, char **argv)
{
    long count = argc > 2 ? atol(argv[2]) : kDefaultCount;
    if (argc < 2) {
        fprintf(stderr, "usage: %s CORPUS [COUNT] [--only N]\n", argv[0]);
        return 2;
    }
    readSeeds(argv[1]);
    if (seedCount == 0) {
        fprintf(stderr, "%s: no seeds\n", argv[1]);
        return 2;
    }
    if (argc > 4 && strcmp(argv[3], "--only") == 0) {
        runMutation(atol(argv[4]));
        return 0;
    }
    signal(SIGABRT, reportAbort);
    signal(SIGSEGV, reportAbort);
    current = -1;
    for (size_t i = 0; i < seedCount; i++)
        run(seeds[i].bytes, seeds[i].size);
    for (long number = 0; number < count; number++)
        runMutation(number);
    printf("%zu seeds, %ld mutations\n", seedCount, count);
    for (size_t i = 0; i < seedCount; i++)
        free(seeds[i].bytes);
    return 0;
}
