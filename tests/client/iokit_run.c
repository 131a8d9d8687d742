/* SPDX-License-Identifier: MIT */
/* iokit-run as a program: exit statuses, the host's start and end. IOKIT_RUN is its path. */
#include "harness.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char extensions[64], socketPath[96];

static void makeFolder(void)
{
    strcpy(extensions, "/tmp/iokit-run-test.XXXXXX");
    assert_non_null(mkdtemp(extensions));
    snprintf(socketPath, sizeof socketPath, "%s/host.sock", extensions);
}

/* iokit-run with an empty folder of extensions, running a shell command. */
static pid_t start(const char *command)
{
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        execl(IOKIT_RUN, IOKIT_RUN, "--extensions", extensions, "--socket", socketPath, "--", "/bin/sh", "-c", command,
              (char *)NULL);
        _exit(99);
    }
    return child;
}

static int statusOf(pid_t child)
{
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static int run(const char *command)
{
    return statusOf(start(command));
}

static bool isThere(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0;
}

static void removeFolder(void)
{
    assert_int_equal(rmdir(extensions), 0); /* nothing was left in it */
}

TEST(exit_statuses)
{
    makeFolder();
    assert_int_equal(run("exit 0"), 0);
    assert_int_equal(run("exit 7"), 7);
    assert_int_equal(run("kill -KILL $$"), 128 + SIGKILL);
    assert_int_equal(run("kill -TERM $$"), 128 + SIGTERM);
    assert_int_equal(run("exec /nonexistent/program 2>/dev/null"), 127);
    removeFolder();
}

TEST(the_program_finds_the_host)
{
    char command[256];
    makeFolder();
    snprintf(command, sizeof command, "test \"$IOKIT_HOST\" = %s && test -S \"$IOKIT_HOST\"", socketPath);
    assert_int_equal(run(command), 0);
    assert_false(isThere(socketPath));
    removeFolder();
}

/* Runs a program that says when it has begun, by a file; returns once it has. */
static pid_t startWaiting(const char *began)
{
    char command[256];
    snprintf(command, sizeof command, "echo x > %s; exec sleep 100", began);
    pid_t child = start(command);
    while (!isThere(began)) /* the test's time limit ends it */
        poll(NULL, 0, 1);
    return child;
}

TEST(a_signal_goes_to_the_program)
{
    char began[96];
    makeFolder();
    snprintf(began, sizeof began, "%s/began", extensions);
    pid_t child = startWaiting(began);
    kill(child, SIGTERM);
    assert_int_equal(statusOf(child), 128 + SIGTERM);
    assert_false(isThere(socketPath));
    unlink(began);
    removeFolder();
}

TEST(nothing_outlives_it)
{
    char began[96];
    makeFolder();
    snprintf(began, sizeof began, "%s/began", extensions);
    pid_t child = startWaiting(began);
    char path[64], text[64] = "";
    snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)child, (int)child);
    FILE *file = fopen(path, "re");
    int host = 0, program = 0;
    if (file) {
        assert_non_null(fgets(text, sizeof text, file));
        fclose(file);
        assert_int_equal(sscanf(text, "%d %d", &host, &program), 2);
    }
    kill(child, SIGKILL);
    assert_int_equal(statusOf(child), -SIGKILL);
    /* Its children have been sent SIGKILL by the kernel; they may be zombies of nobody, which kill still finds. */
    for (int i = 0; host && i < 2; i++) {
        char state[96], line[256] = "";
        snprintf(state, sizeof state, "/proc/%d/stat", i ? program : host);
        do {
            FILE *stat = fopen(state, "re");
            line[0] = 0;
            if (stat) {
                if (!fgets(line, sizeof line, stat))
                    line[0] = 0;
                fclose(stat);
            }
            poll(NULL, 0, 1);
        } while (line[0] && !strstr(line, ") Z") && !strstr(line, ") X"));
    }
    unlink(began);
    unlink(socketPath);
    removeFolder();
}

TEST(an_unknown_platform)
{
    makeFolder();
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        execl(IOKIT_RUN, IOKIT_RUN, "--extensions", extensions, "--socket", socketPath, "--platform", "nonesuch",
              "true", (char *)NULL);
        _exit(99);
    }
    assert_int_equal(statusOf(child), 64); /* EX_USAGE, the host's */
    removeFolder();
}

TEST_MAIN_WITH(plainTestHooks, RUN(exit_statuses), RUN(the_program_finds_the_host), RUN(a_signal_goes_to_the_program),
               RUN(nothing_outlives_it), RUN(an_unknown_platform))
