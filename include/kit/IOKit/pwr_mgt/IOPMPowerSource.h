/* SPDX-License-Identifier: MIT */
/*
 * IOPMPowerSource, AppleSmartBattery, IOHWSensor: batteries, adapters and sensors as the services that programs look for
 * (IOKit/pwr_mgt/IOPMPowerSource.h). A platform keeps their properties up to date.
 */
#ifndef KIT_IOKIT_PWR_MGT_IOPMPOWERSOURCE_H
#define KIT_IOKIT_PWR_MGT_IOPMPOWERSOURCE_H

#include <IOKit/IOService.h>

OSDeclareBaseClass(IOPMPowerSource);
struct IOPMPowerSource {
    IOService super;
};
#define IOPMPowerSource_METHODS IOService_METHODS
struct IOPMPowerSourceMethods {
    IOPMPowerSource_METHODS
};

/* The class by which programs find a battery. */
OSDeclareClass(AppleSmartBattery);
struct AppleSmartBattery {
    IOPMPowerSource super;
};

/* A sensor: "type" ("temperature"), "location" and "current-value" (16.16 fixed point) are its properties. */
OSDeclareBaseClass(IOHWSensor);
struct IOHWSensor {
    IOService super;
};
#define IOHWSensor_METHODS IOService_METHODS
struct IOHWSensorMethods {
    IOHWSensor_METHODS
};

#endif
