/* SPDX-License-Identifier: MIT */
/* Scheduled power events, as dictionaries (IOKit/pwr_mgt/IOPMKeys.h). */
#ifndef _IOKIT_PWR_MGT_IOPMKEYS_H
#define _IOKIT_PWR_MGT_IOPMKEYS_H

/* What is to happen: values of the event type. */
#define kIOPMAutoWake          "wake"
#define kIOPMAutoPowerOn       "poweron"
#define kIOPMAutoWakeOrPowerOn "wakepoweron"
#define kIOPMAutoSleep         "sleep"
#define kIOPMAutoShutdown      "shutdown"
#define kIOPMAutoRestart       "restart"

/* Keys of an event: a date, who asked for it, the type. */
#define kIOPMPowerEventTimeKey    "time"
#define kIOPMPowerEventAppNameKey "scheduledby"
#define kIOPMPowerEventAppPIDKey  "appPID"
#define kIOPMPowerEventTypeKey    "eventtype"

#endif
