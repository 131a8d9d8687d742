/* SPDX-License-Identifier: MIT */
/*
 * LinuxPlatformExpert: the driver of the live machine. It matches IOPlatformExpertDevice when the host was asked for the
 * platform "linux", publishes a service for each device libudev knows, and follows the kernel's hot-plug events.
 *
 *     start: enumerate on the matching thread, then start the monitor thread
 *     monitor thread: sleeps in poll until an event of the kernel, or until stop
 *     stop: end the thread, forget the table. It accepts half a start.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <IOKit/IOLib.h>
#include <IOKit/IOService.h>

#include "LinuxDevices.h"
#include "kinds.h"
#include "machine.h"

OSDeclareClass(LinuxPlatformExpert);
struct LinuxPlatformExpert {
    IOService     super;
    LinuxDevices *devices; /* owned; used by start, then by the monitor thread only, then by stop */
    pthread_t     thread;
    bool          threadRuns;
    int           stopEvent; /* eventfd, owned when haveStopEvent; written once, by stop */
    bool          haveStopEvent;
};

static void *monitor(void *argument)
{
    LinuxPlatformExpert *self = argument;
    struct pollfd        waits[] = {
               {.fd = LinuxDevices_getDescriptor(self->devices), .events = POLLIN},
               {.fd = self->stopEvent, .events = POLLIN},
    };
    pthread_setname_np(pthread_self(), "linux-devices");
    while (poll(waits, 2, -1) >= 0 || errno == EINTR) {
        if (waits[1].revents)
            break;
        if (waits[0].revents)
            LinuxDevices_receive(self->devices);
        waits[0].revents = 0; /* poll that is interrupted leaves it */
    }
    return NULL;
}

static void LinuxPlatformExpert_stop(IOService *service, IOService *provider)
{
    LinuxPlatformExpert *self = OSRequiredCast(LinuxPlatformExpert, service);
    if (self->threadRuns) {
        eventfd_write(self->stopEvent, 1);
        pthread_join(self->thread, NULL);
        self->threadRuns = false;
    }
    LinuxDevices_destroy(self->devices);
    self->devices = NULL;
    if (self->haveStopEvent)
        close(self->stopEvent);
    self->haveStopEvent = false;
    IOService_super()->stop(service, provider);
}

static bool LinuxPlatformExpert_start(IOService *service, IOService *provider)
{
    LinuxPlatformExpert *self = OSRequiredCast(LinuxPlatformExpert, service);
    if (!IOService_super()->start(service, provider))
        return false;
    self->stopEvent     = eventfd(0, EFD_CLOEXEC);
    self->haveStopEvent = self->stopEvent >= 0;
    self->devices       = LinuxDevices_create(service);
    if (!self->haveStopEvent || !self->devices) {
        LinuxPlatformExpert_stop(service, provider);
        return false;
    }
    machine_describe(provider, LinuxDevices_getUdev(self->devices));
    LinuxDevices_enumerate(self->devices);
    self->threadRuns = pthread_create(&self->thread, NULL, monitor, self) == 0;
    if (!self->threadRuns)
        IOLog("linux: no thread for hot-plug; the tree stays as it is now");
    IOService_registerService(service);
    return true;
}

OSDefineClass(LinuxPlatformExpert, IOService, .start = LinuxPlatformExpert_start, .stop = LinuxPlatformExpert_stop);

OSExportClasses(&LinuxPlatformExpert_class, &LinuxPCIBridge_class, &LinuxBlockStorageDevice_class);
