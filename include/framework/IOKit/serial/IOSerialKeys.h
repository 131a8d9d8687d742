/* SPDX-License-Identifier: MIT */
/*
 * A serial port, as programs see it: the service class IOSerialBSDClient and its properties
 * (IOKit/serial/IOSerialKeys.h).
 */
#ifndef _IOKIT_SERIAL_IOSERIALKEYS_H
#define _IOKIT_SERIAL_IOSERIALKEYS_H

/* The class to match, and the property that tells ports from modems with its values; the first value matches both. */
#define kIOSerialBSDServiceValue "IOSerialBSDClient"
#define kIOSerialBSDTypeKey      "IOSerialBSDClientType"
#define kIOSerialBSDAllTypes     "IOSerialStream"
#define kIOSerialBSDModemType    "IOModemSerialStream"
#define kIOSerialBSDRS232Type    "IORS232SerialStream"

/* The port's name: whole, base and suffix. Strings. */
#define kIOTTYDeviceKey   "IOTTYDevice"
#define kIOTTYBaseNameKey "IOTTYBaseName"
#define kIOTTYSuffixKey   "IOTTYSuffix"

/* The paths of its nodes: to call out, and to wait for a call. Strings. */
#define kIOCalloutDeviceKey "IOCalloutDevice"
#define kIODialinDeviceKey  "IODialinDevice"

/* To be set on the service: waits until the node can be opened again. */
#define kIOTTYWaitForIdleKey "IOTTYWaitForIdle"

#endif
