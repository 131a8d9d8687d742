/* SPDX-License-Identifier: MIT */
/*
 * IOAudioDevice and IOAudioEngine: a sound card and one of its streams (IOKit/audio/IOAudioDevice.h, IOAudioEngine.h).
 * A device is the provider of its engines.
 */
#ifndef KIT_IOKIT_AUDIO_IOAUDIODEVICE_H
#define KIT_IOKIT_AUDIO_IOAUDIODEVICE_H

#include <IOKit/IOService.h>

#define kIOAudioDeviceNameKey             "IOAudioDeviceName"
#define kIOAudioDeviceShortNameKey        "IOAudioDeviceShortName"
#define kIOAudioDeviceManufacturerNameKey "IOAudioDeviceManufacturerName"
#define kIOAudioEngineDescriptionKey      "IOAudioEngineDescription"
#define kIOAudioEngineGlobalUniqueIDKey   "IOAudioEngineGlobalUniqueID"

OSDeclareBaseClass(IOAudioDevice);

struct IOAudioDevice {
    IOService super;
};

#define IOAudioDevice_METHODS IOService_METHODS

struct IOAudioDeviceMethods {
    IOAudioDevice_METHODS
};

OSDeclareBaseClass(IOAudioEngine);

struct IOAudioEngine {
    IOService super;
};

#define IOAudioEngine_METHODS IOService_METHODS

struct IOAudioEngineMethods {
    IOAudioEngine_METHODS
};

#endif
