/* SPDX-License-Identifier: MIT */
/*
 * iokitd: the kit as a process.
 *
 *   options -> the socket -> the kit -> the Extensions folders -> the platforms -> serving ... SIGTERM or SIGINT ->
 *   clients ended -> devices terminated -> the socket removed
 *
 * The socket listens early, so that a program that starts at the same time waits instead of failing; it is served once
 * the platforms are being matched. READY=1 is sent to the service manager when they have come to rest; a thread waits
 * for that, so that serving does not. Both signals are blocked everywhere and read from a descriptor.
 */
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sysexits.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include <IOKit/IOCatalogue.h>
#include <IOKit/IOKitInitialize.h>
#include <IOKit/IOLib.h>
#include <IOKit/IOService.h>
#include <libkern/OSKext.h>

#include "options.h"
#include "platforms.h"
#include "server.h"
#include "userNotification.h"

enum { kPathMax = 108 };

typedef struct Listener {
    int descriptor;
    char path[kPathMax]; /* to be removed in the end; empty: the socket is the service manager's */
} Listener;

static bool defaultPath(char *path)
{
    const char *runtime = getenv("XDG_RUNTIME_DIR");
    int length;
    if (geteuid() == 0 || !runtime || !*runtime)
        length = snprintf(path, kPathMax, "/run/iokitd.sock");
    else
        length = snprintf(path, kPathMax, "%s/iokitd.sock", runtime);
    return length < kPathMax;
}

/* The socket that the service manager gave, or one of our own. */
static bool openListener(Listener *self, const char *path)
{
    int given = sd_listen_fds(1);
    self->path[0] = 0;
    if (given > 0) {
        self->descriptor = SD_LISTEN_FDS_START;
        if (given == 1 && sd_is_socket_unix(self->descriptor, SOCK_SEQPACKET, 1, NULL, 0) > 0)
            return true;
        fprintf(stderr, "iokitd: what the service manager passed is not one listening SOCK_SEQPACKET socket\n");
        return false;
    }
    bool fits = path ? strlen(path) < kPathMax : defaultPath(self->path);
    if (path && fits)
        strcpy(self->path, path);
    if (!fits)
        errno = ENAMETOOLONG;
    self->descriptor = fits ? HostServer_listen(self->path) : -1;
    if (self->descriptor < 0)
        fprintf(stderr, "iokitd: %s: %s\n", path ? path : self->path,
                errno == EADDRINUSE ? "another host serves there" : strerror(errno));
    return self->descriptor >= 0;
}

static bool startKit(const HostOptions *options)
{
    if (IOKit_initialize() != kIOReturnSuccess || !HostClasses_register()) {
        fprintf(stderr, "iokitd: no memory to start\n");
        return false;
    }
    for (unsigned i = 0; i < options->extensionCount; i++)
        (void)OSKext_addExtensionsFolder(options->extensions[i]); /* a host without bundles is still of use */
    char own[PATH_MAX];
    if (OSKext_getDefaultFolder(own, sizeof own))
        (void)OSKext_addExtensionsFolder(own);
    IOCatalogue_reset();                                          /* reads the folders; it logs what it cannot read */
    return true;
}

static void *tellWhenQuiet(void *argument)
{
    (void)argument;
    (void)IOKit_quiesce(UINT64_MAX); /* without a limit it cannot fail */
    (void)sd_notify(0, "READY=1");
    return NULL;
}

static int serve(Listener *listener, int signals)
{
    pthread_t teller;
    if (pthread_create(&teller, NULL, tellWhenQuiet, NULL) == 0)
        pthread_detach(teller);
    int error = HostServer_run(listener->descriptor, signals);
    listener->descriptor = -1;
    if (error)
        fprintf(stderr, "iokitd: %s\n", strerror(error));
    (void)sd_notify(0, "STOPPING=1");
    return error ? EX_OSERR : EX_OK;
}

static int run(const HostOptions *options, Listener *listener, int signals)
{
    if (!startKit(options))
        return EX_OSERR;
    int result = HostPlatforms_start(options->platforms, options->platformCount);
    if (result != EX_OK)
        return result;
    IOService_iokitDaemonLaunched(); /* drivers with IOMatchDefer have been waiting for this */
    result = serve(listener, signals);
    HostPlatforms_stop();
    return result;
}

int main(int argc, char **argv)
{
    HostOptions options;
    Listener listener = {.descriptor = -1};
    sigset_t stop;
    int result = HostOptions_parse(&options, argc, argv);
    if (result != -1)
        return result;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGINT);
    sigprocmask(SIG_BLOCK, &stop, NULL); /* before any thread: all inherit it */
    signal(SIGPIPE, SIG_IGN);
    int signals = signalfd(-1, &stop, SFD_CLOEXEC);
    if (signals < 0 || !openListener(&listener, options.socket))
        return EX_OSERR;
    result = run(&options, &listener, signals);
    if (listener.descriptor >= 0)
        close(listener.descriptor);
    if (listener.path[0])
        unlink(listener.path);
    return result;
}
