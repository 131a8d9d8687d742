/* SPDX-License-Identifier: MIT */
/* The classes of batteries, adapters and sensors. */
#include <IOKit/pwr_mgt/IOPMPowerSource.h>

OSDefineBaseClass(IOPMPowerSource, IOService);
OSDefineClass(AppleSmartBattery, IOPMPowerSource);
OSDefineBaseClass(IOHWSensor, IOService);

OSExportClasses(&IOPMPowerSource_class, &AppleSmartBattery_class, &IOHWSensor_class);
