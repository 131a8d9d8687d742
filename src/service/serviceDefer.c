/* SPDX-License-Identifier: MIT */
/*
 * IOMatchDefer: drivers that start only when the host says that everything is in place (SEMANTICS 3.26). Until then
 * their providers are kept in a list, and matched again at that moment.
 */
#include "service/IOServicePrivate.h"

static pthread_mutex_t deferLock = PTHREAD_MUTEX_INITIALIZER; /* a leaf: nothing is called under it */
static bool            isLaunched;                            /* deferLock */
static ServiceList     deferred;                              /* deferLock */

bool serviceDefer_putOff(IOService *provider, IOService *instance)
{
    OSObject  *wants    = IORegistryEntry_copyPropertyForSymbol(entryOf(instance), serviceKeys.matchDefer);
    OSBoolean *value    = OSDynamicCast(OSBoolean, wants);
    bool       isPutOff = false;
    if (value && OSBoolean_isTrue(value)) {
        pthread_mutex_lock(&deferLock);
        if (!isLaunched)
            isPutOff = serviceList_contains(&deferred, provider) || serviceList_append(&deferred, provider);
        pthread_mutex_unlock(&deferLock);
    }
    OSRelease(wants);
    return isPutOff;
}

void IOService_iokitDaemonLaunched(void)
{
    pthread_mutex_lock(&deferLock);
    ServiceList list = deferred;
    deferred         = (ServiceList){0};
    isLaunched       = true;
    pthread_mutex_unlock(&deferLock);
    for (size_t i = 0; i < list.count; i++)
        IOService_startMatching(list.items[i], kIOServiceAsynchronous);
    serviceList_clear(&list);
}
