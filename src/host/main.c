/* SPDX-License-Identifier: MIT */
/*
 * iokitd: the kit as a process.
 *
 *   options -> the socket -> the kit -> the Extensions folders -> the platforms -> serving ... SIGTERM or SIGINT ->
 *   clients ended -> the socket removed -> devices terminated
 *
 * The socket listens early, so that a program that starts at the same time waits instead of failing; it is served once
 * the platforms are being matched. READY=1 is sent to the service manager when they have come to rest; a thread waits
 * for that, so that serving does not. Both signals are blocked everywhere and read from a descriptor.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
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
    bool isOurs;         /* we made it: the path is ours to remove */
    char path[kPathMax]; /* of our own; empty: the socket is the service manager's */
    struct stat made;    /* what we made there; nothing else there is removed */
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
                errno == EADDRINUSE ? "another host serves there"
                : errno == ENOTSOCK ? "is not a socket"
                                    : strerror(errno));
    self->isOurs = self->descriptor >= 0 && lstat(self->path, &self->made) == 0;
    return self->descriptor >= 0;
}

/* The socket is closed last: until then the number of its file cannot be that of another host's. */
static void closeListener(Listener *self)
{
    struct stat there;
    if (self->isOurs && lstat(self->path, &there) == 0 && there.st_dev == self->made.st_dev &&
        there.st_ino == self->made.st_ino)
        unlink(self->path);
    self->isOurs = false;
    if (self->descriptor >= 0)
        close(self->descriptor);
    self->descriptor = -1;
}

/* Says why when it cannot. */
static bool canReadFolder(const char *path)
{
    DIR *folder = opendir(path);
    if (!folder)
        IOLog("OSKext: the Extensions folder %s cannot be read: %s", path, strerror(errno));
    else
        closedir(folder);
    return folder != NULL;
}

/* EX_OK, or what to exit with. A folder that was asked for must be there; without the default one a host is of use. */
static int startKit(const HostOptions *options)
{
    bool done = IOKit_initialize() == kIOReturnSuccess && HostClasses_register();
    for (unsigned i = 0; done && i < options->extensionCount; i++) {
        if (!canReadFolder(options->extensions[i]))
            return EX_NOINPUT;
        done = OSKext_addExtensionsFolder(options->extensions[i]);
    }
    if (!done) {
        fprintf(stderr, "iokitd: no memory to start\n");
        return EX_OSERR;
    }
    char own[PATH_MAX];
    if (OSKext_getDefaultFolder(own, sizeof own))
        (void)OSKext_addExtensionsFolder(own);
    IOCatalogue_reset(); /* reads the folders; it logs what it cannot read */
    return EX_OK;
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
    closeListener(listener);
    if (error)
        fprintf(stderr, "iokitd: %s\n", strerror(error));
    (void)sd_notify(0, "STOPPING=1");
    return error ? EX_OSERR : EX_OK;
}

static int run(const HostOptions *options, Listener *listener, int signals)
{
    int result = startKit(options);
    if (result == EX_OK)
        result = HostPlatforms_start(options->platforms, options->platformCount);
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
    closeListener(&listener);
    return result;
}
