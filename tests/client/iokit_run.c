/* SPDX-License-Identifier: MIT */
/* iokit-run as a program: exit statuses, the host's start and end. IOKIT_RUN is its path. */
#include "harness.h"

#include <fcntl.h>
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

/* ---- What else is at the socket's path, and how the host ends ---- */

static void writeFile(const char *path, const char *text, mode_t mode)
{
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, mode), 0);
}

/* Like start; what iokit-run and its host write on standard error can be read from *ret_errors, to be closed. */
static pid_t startReading(const char *command, int *ret_errors)
{
    int ends[2];
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    int before = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    assert_true(dup2(ends[1], STDERR_FILENO) >= 0);
    pid_t child = start(command);
    assert_true(dup2(before, STDERR_FILENO) >= 0);
    close(before);
    close(ends[1]);
    *ret_errors = ends[0];
    return child;
}

/* Like run, with what was written on standard error in `text`. */
static int runReading(const char *command, char *text, size_t size)
{
    int errors;
    pid_t child = startReading(command, &errors);
    size_t used = 0;
    for (ssize_t got; used < size - 1 && (got = read(errors, text + used, size - 1 - used)) > 0;)
        used += (size_t)got;
    text[used] = 0;
    close(errors);
    return statusOf(child);
}

TEST(a_file_at_the_path_stays)
{
    char text[1024];
    makeFolder();
    writeFile(socketPath, "x\n", 0600);
    assert_int_equal(runReading("exit 0", text, sizeof text), 71); /* EX_OSERR, the host's */
    assert_non_null(strstr(text, "is not a socket"));
    assert_null(strstr(text, "another host"));
    assert_true(isThere(socketPath));
    unlink(socketPath);
    removeFolder();
}

TEST(a_live_hosts_socket_stays)
{
    char began[96], text[1024];
    struct stat before, after;
    makeFolder();
    snprintf(began, sizeof began, "%s/began", extensions);
    pid_t child = startWaiting(began);
    assert_int_equal(stat(socketPath, &before), 0);
    assert_int_equal(runReading("exit 0", text, sizeof text), 71);
    assert_non_null(strstr(text, "another host serves there"));
    assert_int_equal(stat(socketPath, &after), 0);
    assert_int_equal(before.st_ino, after.st_ino);
    kill(child, SIGTERM);
    assert_int_equal(statusOf(child), 128 + SIGTERM);
    assert_false(isThere(socketPath));
    unlink(began);
    removeFolder();
}

/* A host removes what it made: not what another one made there since. */
TEST(another_hosts_socket_stays)
{
    char command[256];
    makeFolder();
    snprintf(command, sizeof command, "rm %s && echo x > %s", socketPath, socketPath);
    assert_int_equal(run(command), 0);
    assert_true(isThere(socketPath));
    unlink(socketPath);
    removeFolder();
}

TEST(a_dead_hosts_socket_is_replaced)
{
    char text[1024];
    makeFolder();
    assert_int_equal(
        runReading("read host rest < /proc/$PPID/task/$PPID/children; kill -KILL $host; exit 3", text, sizeof text),
        3); /* the program's own failure counts */
    assert_non_null(strstr(text, "iokit-run: the host was killed by SIGKILL\n"));
    assert_true(isThere(socketPath));
    assert_int_equal(run("test -S \"$IOKIT_HOST\""), 0);
    assert_false(isThere(socketPath));
    removeFolder();
}

TEST(a_host_that_dies_is_a_failure)
{
    char text[1024];
    makeFolder();
    assert_int_equal(
        runReading("read host rest < /proc/$PPID/task/$PPID/children; kill -KILL $host; exit 0", text, sizeof text),
        70); /* EX_SOFTWARE */
    assert_non_null(strstr(text, "iokit-run: the host was killed by SIGKILL\n"));
    unlink(socketPath);
    removeFolder();
}

/* Makes a script the host; its path is in `path`. */
static void setHost(const char *script, char *path, size_t size)
{
    snprintf(path, size, "%s/host.sh", extensions);
    writeFile(path, script, 0700);
    setenv("IOKITD", path, 1);
}

TEST(a_host_that_dies_before_it_is_ready)
{
    char text[1024], host[96];
    makeFolder();
    setHost("#!/bin/sh\nulimit -c 0\nkill -SEGV $$\n", host, sizeof host);
    assert_int_equal(runReading("exit 0", text, sizeof text), 69); /* EX_UNAVAILABLE */
    assert_non_null(strstr(text, "iokit-run: the host was killed by SIGSEGV before it was ready\n"));
    unlink(host);
    removeFolder();
}

TEST(a_host_that_is_not_quiet_is_told_of_once)
{
    char host[96], text[256] = "";
    int errors;
    makeFolder();
    setHost("#!/bin/sh\nexec sleep 100\n", host, sizeof host);
    pid_t child = startReading("exit 0", &errors);
    assert_true(read(errors, text, sizeof text - 1) > 0); /* returns once the line is there */
    assert_non_null(strstr(text, "iokit-run: still waiting for the host to become quiet"));
    kill(child, SIGTERM);
    assert_int_equal(statusOf(child), 128 + SIGTERM);
    assert_int_equal(read(errors, text, sizeof text - 1), 0); /* nothing more was said */
    close(errors);
    unlink(host);
    removeFolder();
}

TEST(a_wrong_extensions_folder)
{
    char text[1024];
    makeFolder();
    assert_int_equal(rmdir(extensions), 0);
    snprintf(socketPath, sizeof socketPath, "/tmp/iokit-run-test-%d.sock", (int)getpid());
    assert_int_equal(runReading("exit 0", text, sizeof text), 66); /* EX_NOINPUT, the host's */
    assert_non_null(strstr(text, "cannot be read: No such file or directory"));
    assert_non_null(strstr(text, extensions));
    assert_false(isThere(socketPath));
}

TEST_MAIN_WITH(plainTestHooks, RUN(exit_statuses), RUN(the_program_finds_the_host), RUN(a_signal_goes_to_the_program),
               RUN(nothing_outlives_it), RUN(an_unknown_platform), RUN(a_file_at_the_path_stays),
               RUN(a_live_hosts_socket_stays), RUN(another_hosts_socket_stays), RUN(a_dead_hosts_socket_is_replaced),
               RUN(a_host_that_dies_is_a_failure), RUN(a_host_that_dies_before_it_is_ready),
               RUN(a_host_that_is_not_quiet_is_told_of_once), RUN(a_wrong_extensions_folder))
