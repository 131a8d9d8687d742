/* SPDX-License-Identifier: MIT */
/*
 * iokit-run: runs a program against a host of its own.
 *
 *   a folder in $TMPDIR -> the host is started, told where to report -> READY=1 -> the program -> the program ends ->
 *   the host is stopped -> the folder removed -> the program's exit status
 *
 * The host reports through the socket of sd_notify. Both children die with this process, however it ends (PDEATHSIG); a
 * signal that would end this process is passed to the program first, so that its exit status is still returned. All
 * waiting is in poll, on signals and that socket: nothing is missed and nothing is asked twice.
 *
 * The folder and all in it are this program's. A path given with --socket is the host's alone: it makes and removes
 * what is there, and one that was killed leaves it for the next host to replace.
 */
#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "buildPaths.h"

enum { kHelp = 256, kVersion, kHostArgumentsMax = 160, kCannotRun = 126, kNotFound = 127, kPathMax = 100 };
enum { kQuietPatience = 5000, kStopPatience = 10000 }; /* milliseconds */

typedef struct Run {
    const char *hostArguments[kHostArgumentsMax]; /* of iokitd; NULL ends them */
    unsigned hostArgumentCount;
    bool hasSocket; /* --socket was given */
    char **program; /* NULL ends it */
    char folder[kPathMax - 16];
    char socketPath[kPathMax], notifyPath[kPathMax];
    int notifyEnd, signalEnd;
    pid_t host, child; /* 0 when there is none, or none any more */
    bool hostFailed;   /* it ended, and not because it was told to */
    sigset_t oldMask;
} Run;

static void printHelp(void)
{
    puts("Usage: iokit-run [--platform NAME]... [--extensions FOLDER]... [--socket PATH] [--] PROGRAM [ARGUMENT]...\n"
         "\n"
         "Starts a private iokitd, waits until its devices have been matched, runs the program against it, stops it, "
         "and\n"
         "exits as the program did (128 + the number of the signal that ended it).\n"
         "\n"
         "  --platform, --extensions   passed to iokitd\n"
         "  --socket PATH              where the host listens (default: in a folder of its own); the program finds it "
         "in\n"
         "                             the variable IOKIT_HOST\n"
         "  --help, --version          print this, or the version, and exit\n"
         "\n"
         "The host is the iokitd beside this program, or the one of the variable IOKITD.");
}

static int addHostArgument(Run *self, const char *option, const char *value)
{
    if (self->hostArgumentCount + 3 >= kHostArgumentsMax) {
        fputs("iokit-run: too many options\n", stderr);
        return EX_USAGE;
    }
    self->hostArguments[self->hostArgumentCount++] = option;
    self->hostArguments[self->hostArgumentCount++] = value;
    return -1;
}

static int parse(Run *self, int argc, char **argv)
{
    static const struct option kOptions[] = {
        {"platform", required_argument, NULL, 'p'}, {"extensions", required_argument, NULL, 'e'},
        {"socket", required_argument, NULL, 's'},   {"help", no_argument, NULL, kHelp},
        {"version", no_argument, NULL, kVersion},   {0},
    };
    self->hostArguments[self->hostArgumentCount++] = "iokitd";
    for (int option, result = -1; (option = getopt_long(argc, argv, "+", kOptions, NULL)) != -1;) {
        switch (option) {
        case 'p':
            result = addHostArgument(self, "--platform", optarg);
            break;
        case 'e':
            result = addHostArgument(self, "--extensions", optarg);
            break;
        case 's':
            self->hasSocket = true;
            if (strlen(optarg) >= sizeof self->socketPath) {
                fprintf(stderr, "iokit-run: %s: %s\n", optarg, strerror(ENAMETOOLONG));
                return EX_USAGE;
            }
            strcpy(self->socketPath, optarg);
            break;
        case kHelp:
            printHelp();
            return EX_OK;
        case kVersion:
            puts("iokit-run " HOST_VERSION);
            return EX_OK;
        default: /* getopt_long has said why */
            return EX_USAGE;
        }
        if (result != -1)
            return result;
    }
    if (optind == argc) {
        fputs("iokit-run: no program to run (--help tells more)\n", stderr);
        return EX_USAGE;
    }
    self->program = argv + optind;
    return -1;
}

/* ---- Before ---- */

static bool makeFolder(Run *self)
{
    const char *base = getenv("TMPDIR");
    if (!base || strlen(base) > sizeof self->folder - sizeof "/iokit-run.XXXXXX")
        base = "/tmp";
    snprintf(self->folder, sizeof self->folder, "%s/iokit-run.XXXXXX", base);
    if (!mkdtemp(self->folder)) {
        fprintf(stderr, "iokit-run: %s: %s\n", self->folder, strerror(errno));
        self->folder[0] = 0;
        return false;
    }
    snprintf(self->notifyPath, sizeof self->notifyPath, "%s/notify", self->folder);
    if (!self->hasSocket)
        snprintf(self->socketPath, sizeof self->socketPath, "%s/host.sock", self->folder);
    return true;
}

static bool openNotify(Run *self)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strcpy(address.sun_path, self->notifyPath);
    self->notifyEnd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (self->notifyEnd >= 0 && bind(self->notifyEnd, (struct sockaddr *)&address, sizeof address) == 0)
        return true;
    fprintf(stderr, "iokit-run: %s: %s\n", self->notifyPath, strerror(errno));
    return false;
}

static bool openSignals(Run *self)
{
    static const int kSignals[] = {SIGCHLD, SIGTERM, SIGINT, SIGHUP, SIGQUIT};
    sigset_t mask;
    sigemptyset(&mask);
    for (size_t i = 0; i < sizeof kSignals / sizeof kSignals[0]; i++)
        sigaddset(&mask, kSignals[i]);
    sigprocmask(SIG_BLOCK, &mask, &self->oldMask);
    self->signalEnd = signalfd(-1, &mask, SFD_CLOEXEC);
    return self->signalEnd >= 0;
}

/* In a child: dies with its parent, even when that died before this was asked for. */
static void becomeChild(const Run *self, pid_t parent)
{
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(EX_OSERR);
    sigprocmask(SIG_SETMASK, &self->oldMask, NULL);
}

/* The host beside this program; else the installed one. */
static void execHost(Run *self)
{
    char path[4096];
    const char *given = getenv("IOKITD");
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - sizeof HOST_BESIDE_RUN);
    char **arguments = (char **)(void *)self->hostArguments;
    if (given) {
        execv(given, arguments);
        fprintf(stderr, "iokit-run: %s: %s\n", given, strerror(errno));
        return;
    }
    if (length > 0) {
        path[length] = 0;
        char *end = strrchr(path, '/') + 1;
        strcpy(end, "iokitd");
        execv(path, arguments);
        strcpy(end, HOST_BESIDE_RUN); /* in the build folder */
        execv(path, arguments);
    }
    execvp("iokitd", arguments);
    fprintf(stderr, "iokit-run: iokitd: %s\n", strerror(errno));
}

static bool startHost(Run *self)
{
    pid_t parent = getpid();
    self->hostArguments[self->hostArgumentCount++] = "--socket";
    self->hostArguments[self->hostArgumentCount++] = self->socketPath;
    self->hostArguments[self->hostArgumentCount] = NULL;
    self->host = fork();
    if (self->host == 0) {
        becomeChild(self, parent);
        setpgid(0, 0); /* an interrupt from the keyboard is for the program: the host goes when that has gone */
        setenv("NOTIFY_SOCKET", self->notifyPath, 1);
        execHost(self);
        _exit(kNotFound);
    }
    return self->host > 0;
}

/* ---- While it runs ---- */

static void drainSignals(Run *self, int *lastEnding)
{
    struct signalfd_siginfo info;
    struct pollfd ready = {.fd = self->signalEnd, .events = POLLIN};
    while (poll(&ready, 1, 0) == 1 && read(self->signalEnd, &info, sizeof info) == (ssize_t)sizeof info)
        if (info.ssi_signo != SIGCHLD)
            *lastEnding = (int)info.ssi_signo;
}

/* Reaps one of the children if it has ended. */
static bool hasEnded(pid_t *process, int *status)
{
    if (*process <= 0 || waitpid(*process, status, WNOHANG) != *process)
        return false;
    *process = 0;
    return true;
}

static bool isReady(Run *self)
{
    char text[1024];
    ssize_t length = recv(self->notifyEnd, text, sizeof text - 1, MSG_DONTWAIT);
    if (length <= 0)
        return false;
    text[length] = 0;
    return strstr(text, "READY=1") != NULL;
}

/* Says how the host ended when nobody had told it to. */
static void sayHowHostEnded(int status, const char *when)
{
    const char *name = WIFSIGNALED(status) ? sigabbrev_np(WTERMSIG(status)) : NULL;
    if (name)
        fprintf(stderr, "iokit-run: the host was killed by SIG%s%s\n", name, when);
    else if (WIFSIGNALED(status))
        fprintf(stderr, "iokit-run: the host was killed by signal %d%s\n", WTERMSIG(status), when);
    else
        fprintf(stderr, "iokit-run: the host ended with status %d%s\n", WEXITSTATUS(status), when);
}

/* Waits until the host has come to rest. -1, or what to exit with. */
static int waitForHost(Run *self)
{
    for (int patience = kQuietPatience;;) {
        struct pollfd waits[2] = {{.fd = self->notifyEnd, .events = POLLIN}, {.fd = self->signalEnd, .events = POLLIN}};
        int status = 0, ending = 0;
        int count = poll(waits, 2, patience);
        if (count < 0 && errno != EINTR)
            return EX_OSERR;
        if (count == 0) {
            fputs("iokit-run: still waiting for the host to become quiet (a driver's start may be blocked)\n", stderr);
            patience = -1;
        }
        if (isReady(self))
            return -1;
        drainSignals(self, &ending);
        if (ending)
            return 128 + ending;
        if (hasEnded(&self->host, &status)) {
            sayHowHostEnded(status, " before it was ready");
            return WIFEXITED(status) && WEXITSTATUS(status) ? WEXITSTATUS(status) : EX_UNAVAILABLE;
        }
    }
}

static bool startProgram(Run *self)
{
    pid_t parent = getpid();
    self->child = fork();
    if (self->child == 0) {
        becomeChild(self, parent);
        setenv("IOKIT_HOST", self->socketPath, 1);
        execvp(self->program[0], self->program);
        fprintf(stderr, "iokit-run: %s: %s\n", self->program[0], strerror(errno));
        _exit(errno == ENOENT ? kNotFound : kCannotRun);
    }
    return self->child > 0;
}

/* The program's exit status. When the host ends meanwhile, the program sees its calls fail, and goes on. */
static int waitForProgram(Run *self)
{
    for (;;) {
        struct pollfd wait = {.fd = self->signalEnd, .events = POLLIN};
        int status = 0, ending = 0, hostStatus;
        if (hasEnded(&self->child, &status))
            return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
        if (hasEnded(&self->host, &hostStatus)) {
            sayHowHostEnded(hostStatus, "");
            self->hostFailed = true;
        }
        if (poll(&wait, 1, -1) < 0 && errno != EINTR)
            return EX_OSERR;
        drainSignals(self, &ending);
        if (ending && self->child > 0)
            kill(self->child, ending);
    }
}

/* ---- After ---- */

static void stopHost(Run *self)
{
    int status, ending;
    bool wasTold = false;
    if (!hasEnded(&self->host, &status)) {
        struct pollfd wait = {.fd = self->signalEnd, .events = POLLIN};
        kill(self->host, SIGTERM);
        wasTold = true;
        while (!hasEnded(&self->host, &status) && poll(&wait, 1, kStopPatience) > 0)
            drainSignals(self, &ending);
    }
    if (self->host > 0) { /* it did not end in time */
        kill(self->host, SIGKILL);
        waitpid(self->host, &status, 0);
    } else if (!wasTold || (WIFSIGNALED(status) && WTERMSIG(status) != SIGTERM)) {
        sayHowHostEnded(status, "");
        self->hostFailed = true;
    }
}

static void stop(Run *self)
{
    int status;
    if (self->child > 0) {
        kill(self->child, SIGKILL);
        waitpid(self->child, &status, 0);
    }
    if (self->host > 0)
        stopHost(self);
    if (self->folder[0]) {
        unlink(self->notifyPath);
        if (!self->hasSocket)
            unlink(self->socketPath); /* of a host that was killed */
        rmdir(self->folder);
    }
}

int main(int argc, char **argv)
{
    static Run self;
    int result = parse(&self, argc, argv);
    if (result != -1)
        return result;
    result = EX_OSERR;
    if (makeFolder(&self) && openNotify(&self) && openSignals(&self) && startHost(&self)) {
        result = waitForHost(&self);
        if (result == -1)
            result = startProgram(&self) ? waitForProgram(&self) : EX_OSERR;
    }
    stop(&self);
    return self.hostFailed && result == EX_OK ? EX_SOFTWARE : result;
}
