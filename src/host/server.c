/* SPDX-License-Identifier: MIT */
/*
 * The server's thread sleeps in epoll on the listening socket, the clients' sockets and the descriptor that stops it.
 * It never blocks and never calls a handler: a client's calls run on threads of its own (slotWorker.c).
 *
 * When descriptors run out, accepting is paused, the kernel keeps newcomers waiting, and it is tried again when a client
 * leaves and every kAcceptAgain: what a client had is closed some time after it left, and drivers close descriptors too.
 */
#include "server.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <IOKit/IOLib.h>

#include "client.h"
#include "protocol/descriptors.h"

enum { kEventsAtOnce = 64, kBacklog = 128, kLeaveSeconds = 5, kAcceptAgain = 100 /* ms */ };

/* M: the server's thread. */
typedef struct Server {
    int poll;             /* M */
    int listener;         /* M */
    bool isPaused;        /* M; the listener is not polled */
    bool isShort;         /* M; the last newcomer found no descriptors, which was logged */
    HostClient *clients;  /* M; references */
    unsigned clientCount; /* M */
} Server;

/* Clients whose memory is not gone yet; for the end. */
static pthread_mutex_t aliveLock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t aliveChanged = PTHREAD_COND_INITIALIZER;
static unsigned aliveCount; /* aliveLock */

/* 0: a socket is there that nobody listens on any more; else why nothing may be done to what is there. */
static int findWhatIsThere(const struct sockaddr_un *address)
{
    struct stat there;
    if (lstat(address->sun_path, &there) != 0)
        return errno;
    if (!S_ISSOCK(there.st_mode))
        return ENOTSOCK;
    int probe = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (probe < 0)
        return errno;
    bool isDead = connect(probe, (const struct sockaddr *)address, sizeof *address) != 0 && errno == ECONNREFUSED;
    close(probe); /* any other answer comes from a socket of another kind, or one that may not be asked */
    return isDead ? 0 : EADDRINUSE;
}

int HostServer_listen(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    strcpy(address.sun_path, path);
    int listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (listener < 0)
        return -1;
    int result = bind(listener, (struct sockaddr *)&address, sizeof address);
    if (result != 0 && errno == EADDRINUSE) {
        errno = findWhatIsThere(&address);
        if (errno == 0 && unlink(path) == 0)
            result = bind(listener, (struct sockaddr *)&address, sizeof address);
    }
    /* Everybody may look into the registry; what needs a privilege asks for it (IOUserClient_clientHasPrivilege). */
    if (result == 0 && (chmod(path, 0666) != 0 || listen(listener, kBacklog) != 0)) {
        int error = errno;
        unlink(path); /* it is ours */
        errno = error;
        result = -1;
    }
    if (result == 0)
        return listener;
    int error = errno;
    close(listener);
    errno = error;
    return -1;
}

static bool watch(Server *self, int operation, int descriptor, uint32_t events, void *context)
{
    struct epoll_event event = {.events = events, .data.ptr = context};
    return epoll_ctl(self->poll, operation, descriptor, &event) == 0;
}

static void addClient(Server *self, int socket)
{
    pthread_mutex_lock(&aliveLock);
    aliveCount++; /* until its memory is gone */
    pthread_mutex_unlock(&aliveLock);
    HostClient *client = HostClient_create(socket);
    if (!client)
        return;
    if (!watch(self, EPOLL_CTL_ADD, socket, EPOLLIN | EPOLLRDHUP, client)) {
        HostClient_release(client);
        return;
    }
    client->next = self->clients;
    if (client->next)
        client->next->previous = client;
    self->clients = client;
    self->clientCount++;
}

static void resumeAccepting(Server *self)
{
    if (self->isPaused)
        self->isPaused = !watch(self, EPOLL_CTL_MOD, self->listener, EPOLLIN, &self->listener);
}

static void removeClient(Server *self, HostClient *client)
{
    (void)epoll_ctl(self->poll, EPOLL_CTL_DEL, client->socket, NULL);
    if (client->next)
        client->next->previous = client->previous;
    if (client->previous)
        client->previous->next = client->next;
    else
        self->clients = client->next;
    client->next = client->previous = NULL;
    self->clientCount--;
    HostClient_tearDown(client);
    resumeAccepting(self);
}

static void acceptClient(Server *self)
{
    int socket = accept4(self->listener, NULL, NULL, SOCK_CLOEXEC);
    if (socket < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOMEM)) {
        if (!self->isShort)
            IOLog("iokitd: a client has to wait: %s", strerror(errno));
        self->isShort = true;
        self->isPaused = watch(self, EPOLL_CTL_MOD, self->listener, 0, &self->listener);
        return;
    }
    self->isShort = false;
    if (socket >= 0 && self->clientCount >= kLimitClients) {
        IOLog("iokitd: more than %d clients; one is refused", kLimitClients);
        close(socket);
    } else if (socket >= 0) {
        addClient(self, socket);
    }
}

static void receive(Server *self, HostClient *client)
{
    ControlMessage message;
    int descriptors[kWireDescriptorsMax];
    unsigned count = 0;
    int got = receiveControl(client->socket, MSG_DONTWAIT, &message, descriptors, &count);
    if (got == -2)
        return;
    if (got == 1 && HostClient_handleControl(client, &message, descriptors, count))
        return;
    if (got != 0 && !atomic_load(&client->ended))
        HostClient_end(client, "on its socket");
    removeClient(self, client);
}

/* Ends every client and waits for what they hold to be given back, but not for ever: a driver may be stuck. */
static void endClients(Server *self)
{
    while (self->clients)
        removeClient(self, self->clients);
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += kLeaveSeconds;
    pthread_mutex_lock(&aliveLock);
    while (aliveCount > 0 && pthread_cond_timedwait(&aliveChanged, &aliveLock, &until) == 0)
        ;
    if (aliveCount > 0)
        IOLog("iokitd: %u clients still have calls in drivers", aliveCount);
    pthread_mutex_unlock(&aliveLock);
}

void HostServer_clientGone(void)
{
    pthread_mutex_lock(&aliveLock);
    aliveCount--;
    pthread_cond_broadcast(&aliveChanged);
    pthread_mutex_unlock(&aliveLock);
}

static void serve(Server *self)
{
    struct epoll_event events[kEventsAtOnce];
    for (;;) {
        int count = epoll_wait(self->poll, events, kEventsAtOnce, self->isPaused ? kAcceptAgain : -1);
        if (count == 0)
            resumeAccepting(self);
        for (int i = 0; i < count; i++) {
            if (!events[i].data.ptr)
                return;
            if (events[i].data.ptr == &self->listener)
                acceptClient(self);
            else
                receive(self, events[i].data.ptr);
        }
    }
}

/* Each notification's port is a descriptor of the host, so the usual soft limit of 1,024 is less than one client may have
 * (limits.h): as many as this process may ask for. Without the right to, it stays as it is. */
static void raiseDescriptorLimit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
}

int HostServer_run(int listenDescriptor, int stopDescriptor)
{
    raiseDescriptorLimit();
    Server self = {.poll = epoll_create1(EPOLL_CLOEXEC), .listener = listenDescriptor};
    int error = 0;
    if (self.poll < 0 || !watch(&self, EPOLL_CTL_ADD, self.listener, EPOLLIN, &self.listener) ||
        !watch(&self, EPOLL_CTL_ADD, stopDescriptor, EPOLLIN, NULL))
        error = errno;
    else
        serve(&self);
    endClients(&self);
    if (self.poll >= 0)
        close(self.poll);
    return error;
}
