/* SPDX-License-Identifier: MIT */
/* Sound: a card is an IOAudioDevice, each of its PCM streams an IOAudioEngine below it. */
#include <stdio.h>
#include <string.h>

#include <IOKit/audio/IOAudioDevice.h>

#include "LinuxDevices.h"
#include "attributes.h"
#include "kinds.h"

static IOService *publishCard(struct udev_device *device, IOService *provider)
{
    char       name[128];
    IOService *nub = nub_create(&IOAudioDevice_class, device);
    if (!nub)
        return NULL;
    if (!attribute_getText(device, "id", name, sizeof name))
        snprintf(name, sizeof name, "%s", udev_device_get_sysname(device));
    nub_setName(nub, name);
    nub_setString(nub, kIOAudioDeviceNameKey, name);
    nub_setString(nub, kIOAudioDeviceShortNameKey, name);
    return nub_publish(nub, provider);
}

/* "pcmC0D3p": playback; "...c": capture. */
static IOService *publishStream(struct udev_device *device, IOService *provider)
{
    const char *name   = udev_device_get_sysname(device);
    bool        output = name[strlen(name) - 1] == 'p';
    IOService  *nub    = nub_create(&IOAudioEngine_class, device);
    if (!nub)
        return NULL;
    nub_setName(nub, name);
    nub_setString(nub, kIOAudioEngineDescriptionKey, name);
    nub_setString(nub, kIOAudioEngineGlobalUniqueIDKey, udev_device_get_devpath(device));
    nub_setBoolean(nub, output ? "IOAudioEngineHasOutput" : "IOAudioEngineHasInput", true); /* no Apple key says it */
    return nub_publish(nub, provider);
}

static IOService *publish(LinuxDevices *devices, struct udev_device *device, IOService *provider, IOService **ret_below)
{
    const char *name = udev_device_get_sysname(device);
    if (strncmp(name, "card", 4) == 0)
        return publishCard(device, provider);
    if (strncmp(name, "pcmC", 4) == 0)
        return publishStream(device, provider);
    return NULL; /* controls, timers and sequencers have no counterpart */
}

const LinuxKind LinuxSoundKind = {.subsystem = "sound", .publish = publish};
