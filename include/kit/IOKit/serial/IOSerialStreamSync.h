/* SPDX-License-Identifier: MIT */
/*
 * IOSerialStreamSync and its two kinds: the nub a serial driver publishes for each port
 * (IOKit/serial/IOSerialStreamSync.h). Its properties IOTTYBaseName and IOTTYSuffix name the node; the family's
 * IOSerialBSDClient matches it and gives it to programs.
 */
#ifndef KIT_IOKIT_SERIAL_IOSERIALSTREAMSYNC_H
#define KIT_IOKIT_SERIAL_IOSERIALSTREAMSYNC_H

#include <IOKit/IOService.h>
#include <IOKit/serial/IOSerialKeys.h>

OSDeclareBaseClass(IOSerialStreamSync);

struct IOSerialStreamSync {
    IOService super;
};

#define IOSerialStreamSync_METHODS IOService_METHODS

struct IOSerialStreamSyncMethods {
    IOSerialStreamSync_METHODS
};

OSDeclareClass(IORS232SerialStreamSync);
struct IORS232SerialStreamSync {
    IOSerialStreamSync super;
};

OSDeclareClass(IOModemSerialStreamSync);
struct IOModemSerialStreamSync {
    IOSerialStreamSync super;
};

#endif
