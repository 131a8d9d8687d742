/* SPDX-License-Identifier: MIT */
/*
 * Starting and resting of the host on this machine.
 *
 *     bench-start [ROUNDS]        default 15
 *
 * Start: from the exec of iokitd, with the platform linux and all its bundles, to its READY=1, which it sends when the
 * devices have been published and matched; beside it, from the exec of `udevadm info --export-db`, output thrown away, to
 * its end. The two take turns; medians. Then an idle host, without clients, is watched: every return of any of its threads
 * from a wait counts as a context switch that it asked for in /proc/PID/task/TID/status.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { kDefaultRounds = 15, kRoundsMax = 1000, kIdleSeconds = 5 };

extern char **environ;

static double milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void require(int ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "bench-start: %s: %s\n", what, strerror(errno));
    exit(1);
}

static pid_t start(char *const *arguments)
{
    posix_spawn_file_actions_t actions;
    pid_t                      pid;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    errno = posix_spawnp(&pid, arguments[0], &actions, NULL, arguments, environ);
    require(errno == 0, arguments[0]);
    posix_spawn_file_actions_destroy(&actions);
    return pid;
}

static double timeOfUdevadm(void)
{
    char  *arguments[] = {"udevadm", "info", "--export-db", NULL};
    double begin       = milliseconds();
    int    status;
    waitpid(start(arguments), &status, 0);
    require(status == 0, "udevadm");
    return milliseconds() - begin;
}

/* ---- The host ---- */

static char folder[] = "/tmp/bench-start.XXXXXX";
static char hostSocket[64], readySocket[64];

static int openReadySocket(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int                ready   = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    require(mkdtemp(folder) != NULL, folder);
    snprintf(hostSocket, sizeof hostSocket, "%s/host", folder);
    snprintf(readySocket, sizeof readySocket, "%s/ready", folder);
    strcpy(address.sun_path, readySocket);
    require(bind(ready, (struct sockaddr *)&address, sizeof address) == 0, readySocket);
    setenv("NOTIFY_SOCKET", readySocket, 1);
    return ready;
}

/* Returns when the host is quiet. */
static pid_t startHost(int ready)
{
    char  text[256] = "";
    char *arguments[] = {HOST, "--platform", "linux", "--extensions", EXTENSIONS, "--socket", hostSocket, NULL};
    pid_t host        = start(arguments);
    while (!strstr(text, "READY=1")) {
        ssize_t got = recv(ready, text, sizeof text - 1, 0);
        require(got >= 0, "no word from the host");
        text[got] = 0;
    }
    return host;
}

static void stopHost(pid_t host, int ready)
{
    char text[256];
    kill(host, SIGTERM);
    waitpid(host, NULL, 0);
    while (recv(ready, text, sizeof text, MSG_DONTWAIT) >= 0)
        continue; /* that it is stopping */
}

static double timeOfHost(int ready)
{
    double begin = milliseconds();
    pid_t  host  = startHost(ready);
    double time  = milliseconds() - begin;
    stopHost(host, ready);
    return time;
}

/* ---- Resting ---- */

static unsigned long switchesOf(const char *status)
{
    char          line[256];
    unsigned long count = 0;
    FILE         *file  = fopen(status, "re");
    while (file && fgets(line, sizeof line, file))
        sscanf(line, "voluntary_ctxt_switches: %lu", &count);
    if (file)
        fclose(file);
    return count;
}

static unsigned long wakeUps(pid_t host, unsigned *ret_threads)
{
    char          path[64], status[512];
    unsigned long sum = 0;
    snprintf(path, sizeof path, "/proc/%d/task", (int)host);
    DIR *tasks   = opendir(path);
    *ret_threads = 0;
    require(tasks != NULL, path);
    for (struct dirent *task; (task = readdir(tasks));) {
        if (task->d_name[0] == '.')
            continue;
        snprintf(status, sizeof status, "%s/%s/status", path, task->d_name);
        sum += switchesOf(status);
        ++*ret_threads;
    }
    closedir(tasks);
    return sum;
}

static void printIdle(int ready)
{
    unsigned threads, threadsAfter;
    pid_t    host = startHost(ready);
    sleep(1); /* threads that ended their work go to rest */
    unsigned long before = wakeUps(host, &threads);
    sleep(kIdleSeconds);
    unsigned long after = wakeUps(host, &threadsAfter);
    printf("idle host, %u threads              %10.1f wake-ups/s   goal 0: %s\n", threads,
           (double)(after - before) / kIdleSeconds, after == before && threads == threadsAfter ? "reached" : "MISSED");
    stopHost(host, ready);
}

static int compareTimes(const void *first, const void *second)
{
    double a = *(const double *)first, b = *(const double *)second;
    return (a > b) - (a < b);
}

int main(int argc, char **argv)
{
    static double host[kRoundsMax], peer[kRoundsMax];
    int           rounds = argc > 1 ? atoi(argv[1]) : kDefaultRounds;
    if (rounds < 1 || rounds > kRoundsMax) {
        fprintf(stderr, "usage: bench-start [ROUNDS]    1 to %d\n", kRoundsMax);
        return 64;
    }
    int ready = openReadySocket();
    for (int i = 0; i < rounds; i++) {
        peer[i] = timeOfUdevadm();
        host[i] = timeOfHost(ready);
    }
    qsort(host, (size_t)rounds, sizeof *host, compareTimes);
    qsort(peer, (size_t)rounds, sizeof *peer, compareTimes);
    double ours = host[rounds / 2], theirs = peer[rounds / 2];
    printf("median of %d                    %10s\n", rounds, "ms");
    printf("udevadm info --export-db         %10.2f\n", theirs);
    printf("iokitd, start to quiet           %10.2f   %.2f x, goal 1: %s\n", ours, ours / theirs,
           ours <= theirs ? "reached" : "MISSED");
    fflush(stdout);
    printIdle(ready);
    close(ready);
    unlink(readySocket);
    rmdir(folder);
    return 0;
}
