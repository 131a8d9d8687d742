/* SPDX-License-Identifier: MIT */
/* Sound: a card is an IOAudioDevice, each of its PCM streams an IOAudioEngine below it. */
#include <stdio.h>
#include <string.h>

#include <IOKit/audio/IOAudioDevice.h>

#include "LinuxDevices.h"
#include "attributes.h"
#include "kinds.h"

static IOService *publishCard(LinuxDevices *devices, struct udev_device *device, IOService *provider)
{
    IOAudioDevice *card = OSTypeAlloc(IOAudioDevice);
    char           name[128];
    if (!card)
        return NULL;
    IOService *nub = &card->super;
    if (!IORegistryEntry_init(&nub->super, NULL) || !nub_attach(nub, provider, device)) {
        OSRelease(card);
        return NULL;
    }
    if (!attribute_getText(device, "id", name, sizeof name))
        snprintf(name, sizeof name, "%s", udev_device_get_sysname(device));
    IORegistryEntry_setName(&nub->super, name, NULL);
    IORegistryEntry_setPropertyString(&nub->super, kIOAudioDeviceNameKey, name);
    IORegistryEntry_setPropertyString(&nub->super, kIOAudioDeviceShortNameKey, name);
    IOService_registerService(nub);
    return nub;
}

/* "pcmC0D3p": playback; "...c": capture. */
static IOService *publishStream(LinuxDevices *devices, struct udev_device *device, IOService *provider)
{
    const char    *name   = udev_device_get_sysname(device);
    bool           output = name[strlen(name) - 1] == 'p';
    IOAudioEngine *engine = OSTypeAlloc(IOAudioEngine);
    if (!engine)
        return NULL;
    IOService *nub = &engine->super;
    if (!IORegistryEntry_init(&nub->super, NULL) || !nub_attach(nub, provider, device)) {
        OSRelease(engine);
        return NULL;
    }
    IORegistryEntry_setName(&nub->super, name, NULL);
    IORegistryEntry_setPropertyString(&nub->super, kIOAudioEngineDescriptionKey, name);
    IORegistryEntry_setPropertyString(&nub->super, kIOAudioEngineGlobalUniqueIDKey, udev_device_get_devpath(device));
    IORegistryEntry_setPropertyBoolean(&nub->super, output ? "IOAudioEngineHasOutput" : "IOAudioEngineHasInput", true);
    IOService_registerService(nub);
    return nub;
}

static IOService *publish(LinuxDevices *devices, struct udev_device *device, IOService *provider, IOService **ret_below)
{
    const char *name = udev_device_get_sysname(device);
    if (strncmp(name, "card", 4) == 0)
        return publishCard(devices, device, provider);
    if (strncmp(name, "pcmC", 4) == 0)
        return publishStream(devices, device, provider);
    return NULL; /* controls, timers and sequencers have no counterpart */
}

const LinuxKind LinuxSoundKind = {"sound", NULL, publish, NULL};
