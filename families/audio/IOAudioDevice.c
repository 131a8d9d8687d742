/* SPDX-License-Identifier: MIT */
/* The classes of the audio family. */
#include <IOKit/audio/IOAudioDevice.h>

OSDefineBaseClass(IOAudioDevice, IOService);
OSDefineBaseClass(IOAudioEngine, IOService);

OSExportClasses(&IOAudioDevice_class, &IOAudioEngine_class);
