/* SPDX-License-Identifier: MIT */
/*
 * A synchronous call beside its floors and its peer, between the same two processes in the same run:
 *
 *     shared     a bare ping-pong over two words of shared memory, spinning, then a futex
 *     futex      the same, both sides asleep before each round
 *     socket     one byte there and back over a SOCK_SEQPACKET pair
 *     sd-bus     a method call with two numbers, peer to peer
 *     warm       a call with two scalars in and one out, call after call
 *     slept      the same after both sides slept
 *     4 KiB      a call with 4 KiB in and out
 *
 * bench-call --warm makes warm calls only, for a profiler. Else it prints nanoseconds per round trip: the median of
 * rounds of kBatch calls, and the ratios of DESIGN 9. What spins is measured in kTurns turns, floor and call in each,
 * and the best turn of each counts: where something else takes a processor from either side, a turn is of the
 * scheduler's milliseconds.
 *
 * The scheduler places both sides; while they spin it keeps them on two processors. Whether those are two cores or two
 * threads of one changes all figures: the first line tells what the kernel says of the machine.
 */
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <systemd/sd-bus.h>
#include <time.h>
#include <unistd.h>

#include "boundaryHost.h"
#include "protocol/waiter.h"

enum { kRounds = 101, kBatch = 1000, kSleptRounds = 301, kTurns = 5 };

static double nowNs(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double smaller(double a, double b)
{
    return a < b ? a : b;
}

static double median(double *values, int count)
{
    qsort(values, (size_t)count, sizeof *values, compare);
    return values[count / 2];
}

/* The median time of one of batch calls, over rounds. pause: microseconds before each round, for both sides to sleep.
 */
static double measure(void (*call)(void *), void *context, int rounds, int batch, int pause)
{
    static double times[kSleptRounds > kRounds ? kSleptRounds : kRounds];
    for (int i = 0; i < rounds; i++) {
        if (pause)
            usleep((useconds_t)pause);
        double began = nowNs();
        for (int j = 0; j < batch; j++)
            call(context);
        times[i] = (nowNs() - began) / batch;
    }
    return median(times, rounds);
}

/* ---- The bare ping-pong ---- */

typedef struct Ball {
    _Alignas(64) _Atomic(uint32_t) there;
    _Alignas(64) _Atomic(uint32_t) back;
    _Alignas(64) _Atomic(uint32_t) thereSleeps;
    _Alignas(64) _Atomic(uint32_t) backSleeps;
} Ball;

typedef struct BarePeer {
    Ball *ball;
    Waiter waiter;
    uint32_t number;
    _Atomic(bool) never;
    pid_t process;
} BarePeer;

static void startBare(BarePeer *self)
{
    memset(self, 0, sizeof *self);
    self->ball = mmap(NULL, sizeof *self->ball, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    self->process = fork();
    if (self->process == 0)
        for (uint32_t number = 0;;) {
            Waiter_wait(&self->waiter, &self->ball->there, number, &self->ball->thereSleeps, &self->never);
            number = atomic_load(&self->ball->there);
            Waiter_post(&self->ball->back, number, &self->ball->backSleeps);
        }
}

static void callBare(void *context)
{
    BarePeer *self = context;
    Waiter_post(&self->ball->there, ++self->number, &self->ball->thereSleeps);
    Waiter_wait(&self->waiter, &self->ball->back, self->number - 1, &self->ball->backSleeps, &self->never);
}

static void stopProcess(pid_t process)
{
    kill(process, SIGKILL);
    waitpid(process, NULL, 0);
}

/* ---- A socket ---- */

static pid_t startSocket(int *end)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        exit(1);
    pid_t process = fork();
    if (process == 0) {
        char byte;
        close(ends[0]);
        while (recv(ends[1], &byte, 1, 0) == 1)
            (void)send(ends[1], &byte, 1, 0);
        _exit(0);
    }
    close(ends[1]);
    *end = ends[0];
    return process;
}

static void callSocket(void *context)
{
    int end = *(int *)context;
    char byte = 1;
    if (send(end, &byte, 1, 0) != 1 || recv(end, &byte, 1, 0) != 1)
        exit(1);
}

/* ---- sd-bus ---- */

static int answerSum(sd_bus_message *message, void *context, sd_bus_error *error)
{
    uint64_t a, b;
    (void)context, (void)error;
    if (sd_bus_message_read(message, "tt", &a, &b) < 0)
        return -1;
    return sd_bus_reply_method_return(message, "t", a + b);
}

static const sd_bus_vtable kBus[] = {
    SD_BUS_VTABLE_START(0), SD_BUS_METHOD("Sum", "tt", "t", answerSum, SD_BUS_VTABLE_UNPRIVILEGED), SD_BUS_VTABLE_END};

static void serveBus(int end)
{
    sd_bus *bus = NULL;
    sd_id128_t id;
    (void)sd_id128_randomize(&id);
    if (sd_bus_new(&bus) < 0 || sd_bus_set_fd(bus, end, end) < 0 || sd_bus_set_server(bus, 1, id) < 0 ||
        sd_bus_set_anonymous(bus, 1) < 0 || sd_bus_start(bus) < 0 ||
        sd_bus_add_object_vtable(bus, NULL, "/o", "org.openiokit.Bench", kBus, NULL) < 0)
        _exit(1);
    while (sd_bus_process(bus, NULL) >= 0)
        (void)sd_bus_wait(bus, UINT64_MAX);
    _exit(0);
}

static pid_t startBus(sd_bus **bus)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        exit(1);
    pid_t process = fork();
    if (process == 0)
        serveBus(ends[1]);
    close(ends[1]);
    if (sd_bus_new(bus) < 0 || sd_bus_set_fd(*bus, ends[0], ends[0]) < 0 || sd_bus_set_anonymous(*bus, 1) < 0 ||
        sd_bus_start(*bus) < 0)
        exit(1);
    return process;
}

static void callBus(void *context)
{
    sd_bus_message *reply = NULL;
    uint64_t sum;
    if (sd_bus_call_method(context, NULL, "/o", "org.openiokit.Bench", "Sum", NULL, &reply, "tt", (uint64_t)2,
                           (uint64_t)3) < 0 ||
        sd_bus_message_read(reply, "t", &sum) < 0 || sum != 5)
        exit(1);
    sd_bus_message_unref(reply);
}

/* ---- Ours ---- */

static void callSum(void *context)
{
    uint64_t in[2] = {2, 3}, sum = 0;
    uint32_t one = 1;
    if (callScalars(*(mach_port_t *)context, kSum, in, 2, &sum, &one) != 0 || sum != 5)
        exit(1);
}

static void callStructure(void *context)
{
    static char in[4096], out[4096];
    uint32_t size = sizeof out;
    if (io_connect_method(*(mach_port_t *)context, kEcho, NULL, 0, in, sizeof in, NULL, 0, out, &size, NULL, NULL, NULL,
                          NULL) != 0 ||
        size != sizeof out)
        exit(1);
}

/* For a profiler: nothing but warm calls. */
static int onlyWarm(mach_port_t *connect)
{
    printf("call.warm         %10.0f ns\n", measure(callSum, connect, kRounds, 100 * kBatch, 0));
    host_stop();
    return 0;
}

static void printProcessors(void)
{
    FILE *file = fopen("/sys/devices/system/cpu/cpu0/topology/thread_siblings_list", "re");
    char siblings[64] = "unknown";
    if (file && fgets(siblings, sizeof siblings, file))
        siblings[strcspn(siblings, "\n")] = 0;
    if (file)
        fclose(file);
    printf("call.processors   %ld; the threads of processor 0's core: %s\n", sysconf(_SC_NPROCESSORS_ONLN), siblings);
}

int main(int argc, char **argv)
{
    BarePeer bare;
    int end;
    sd_bus *bus = NULL;
    enum { kPause = 2000 }; /* microseconds */

    host_start();
    mach_port_t connect = openService(findService(kBoundaryService), kOpenPlain);
    if (argc > 1 && strcmp(argv[1], "--warm") == 0)
        return onlyWarm(&connect);
    startBare(&bare);
    pid_t socketProcess = startSocket(&end);
    pid_t busProcess = startBus(&bus);

    double shared = 1e18, warm = 1e18, structure = 1e18;
    for (int i = 0; i < kTurns; i++) {
        shared = smaller(shared, measure(callBare, &bare, kRounds, kBatch, 0));
        warm = smaller(warm, measure(callSum, &connect, kRounds, kBatch, 0));
        structure = smaller(structure, measure(callStructure, &connect, kRounds, kBatch, 0));
    }
    double futex = measure(callBare, &bare, kSleptRounds, 1, kPause);
    double slept = measure(callSum, &connect, kSleptRounds, 1, kPause);
    double socketNs = measure(callSocket, &end, kRounds, 100, 0);
    double busNs = measure(callBus, bus, kRounds, 20, 0);

    printProcessors();
    printf("call.shared       %10.0f ns\n", shared);
    printf("call.warm         %10.0f ns   %5.2f x shared (goal 1.5)\n", warm, warm / shared);
    printf("call.struct4k     %10.0f ns   %5.2f x warm\n", structure, structure / warm);
    printf("call.futex        %10.0f ns\n", futex);
    printf("call.slept        %10.0f ns   %5.2f x futex (goal 1.3)\n", slept, slept / futex);
    printf("call.socket       %10.0f ns   %5.1f x warm\n", socketNs, socketNs / warm);
    printf("call.sdbus        %10.0f ns   %5.1f x warm (goal 50)\n", busNs, busNs / warm);

    stopProcess(bare.process);
    stopProcess(socketProcess);
    stopProcess(busProcess);
    sd_bus_unref(bus);
    host_stop();
    return 0;
}
