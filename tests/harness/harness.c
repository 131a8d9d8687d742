/* SPDX-License-Identifier: MIT */
/* The runner: a child per test, its output kept until it fails, TAP on stdout. */
#include "harness.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { kDefaultSeconds = 60, kOutputMax = 64 * 1024, kObjectsMax = 256 * 1024 };

const TestHooks plainTestHooks = {0};

/* Sanitizers and valgrind make everything slower; the limit is there for hangs. */
static unsigned secondsFor(const TestHooks *hooks)
{
    const char *factor  = getenv("TEST_TIMEOUT_FACTOR");
    unsigned    seconds = hooks->seconds ? hooks->seconds : kDefaultSeconds;
    return factor ? seconds * (unsigned)atoi(factor) : seconds;
}

static unsigned openFiles(void)
{
    unsigned count = 0;
    DIR     *dir   = opendir("/proc/self/fd");
    while (dir && readdir(dir))
        count++;
    if (dir)
        closedir(dir);
    return count;
}

static int runHere(const TestCase *test, const TestHooks *hooks)
{
    static char before[kObjectsMax], after[kObjectsMax];
    if (hooks->setUp)
        hooks->setUp();
    unsigned files   = openFiles();
    bool     compare = hooks->describeObjects && !test->keepsObjects;
    if (compare)
        hooks->describeObjects(before, sizeof before);
    test->run();
    if (hooks->tearDown)
        hooks->tearDown();
    if (compare) {
        hooks->describeObjects(after, sizeof after);
        if (strcmp(before, after) != 0) {
            printf("objects left behind; before:\n%s\nafter:\n%s\n", before, after);
            return 1;
        }
    }
    if (!hooks->opensFiles && openFiles() != files) {
        printf("open files: %u before, %u after\n", files, openFiles());
        return 1;
    }
    return 0;
}

static long millisecondsLeft(const struct timespec *end)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (end->tv_sec - now.tv_sec) * 1000 + (end->tv_nsec - now.tv_nsec) / 1000000;
}

/* Reads the child's output until it closes it or time is up. Returns whether it closed it. */
static bool collect(int fd, char *output, unsigned seconds)
{
    struct timespec end;
    size_t          length = 0;
    clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += seconds;
    for (;;) {
        struct pollfd waiter = {.fd = fd, .events = POLLIN};
        char          chunk[4096];
        long          left = millisecondsLeft(&end);
        if (left <= 0 || (poll(&waiter, 1, (int)left) == 0))
            return false;
        ssize_t got = read(fd, chunk, sizeof chunk);
        if (got <= 0)
            return true;
        size_t room = kOutputMax - 1 - length;
        size_t kept = (size_t)got < room ? (size_t)got : room;
        memcpy(output + length, chunk, kept);
        length += kept;
        output[length] = 0;
    }
}

/* NULL when the child ended as the test wants, else what was wrong. */
static const char *judge(const TestCase *test, int status, const char *output)
{
    if (test->abortsWith) {
        if (!WIFSIGNALED(status) && !(WIFEXITED(status) && WEXITSTATUS(status) != 0))
            return "should have aborted";
        return strstr(output, test->abortsWith) ? NULL : "aborted without the expected text";
    }
    if (WIFSIGNALED(status))
        return strsignal(WTERMSIG(status));
    return WEXITSTATUS(status) == 0 ? NULL : "failed";
}

static const char *runForked(const TestCase *test, const TestHooks *hooks, char *output)
{
    int ends[2];
    int status = 0;
    output[0]  = 0;
    fflush(NULL);
    if (pipe(ends) != 0)
        return strerror(errno);
    pid_t child = fork();
    if (child < 0)
        return strerror(errno);
    if (child == 0) {
        setpgid(0, 0);
        dup2(ends[1], STDOUT_FILENO);
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        close(ends[1]);
        int failed = runHere(test, hooks);
        fflush(NULL);
        exit(failed);
    }
    close(ends[1]);
    bool ended = collect(ends[0], output, secondsFor(hooks));
    close(ends[0]);
    kill(-child, SIGKILL); /* whatever the test started ends with it; an exited child is not affected */
    if (!ended)
        kill(child, SIGKILL);
    waitpid(child, &status, 0);
    return ended ? judge(test, status, output) : "timed out";
}

static bool wanted(const TestCase *test, int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], test->name) == 0)
            return true;
    return argc <= 1;
}

static void printOutput(const char *output)
{
    for (const char *line = output; *line;) {
        size_t length = strcspn(line, "\n");
        printf("#   %.*s\n", (int)length, line);
        line += length + (line[length] != 0);
    }
}

int testMain(int argc, char **argv, const TestCase *tests, size_t count, const TestHooks *hooks)
{
    static char output[kOutputMax];
    size_t      number = 0, failed = 0;

    setenv("CMOCKA_TEST_ABORT", "1", 1); /* outside of its own runner cmocka tells why only before an abort */
    if (argc > 1 && strcmp(argv[1], "--list") == 0) {
        for (size_t i = 0; i < count; i++)
            puts(tests[i].name);
        return 0;
    }
    if (argc > 2 && strcmp(argv[1], "--here") == 0) {
        for (size_t i = 0; i < count; i++)
            if (strcmp(tests[i].name, argv[2]) == 0)
                return runHere(&tests[i], hooks);
        fprintf(stderr, "%s: no test %s\n", argv[0], argv[2]);
        return 2;
    }
    for (size_t i = 0; i < count; i++) {
        if (!wanted(&tests[i], argc, argv))
            continue;
        const char *wrong = runForked(&tests[i], hooks, output);
        printf("%sok %zu - %s\n", wrong ? "not " : "", ++number, tests[i].name);
        if (wrong) {
            printf("# %s\n", wrong);
            printOutput(output);
            failed++;
        }
        fflush(stdout);
    }
    printf("1..%zu\n", number);
    return number == 0 || failed ? 1 : 0;
}
