/* SPDX-License-Identifier: MIT */
/* IOKitInitialize: how a host starts the kit and waits for it to come to rest. */
#ifndef _IOKIT_IOKITINITIALIZE_H
#define _IOKIT_IOKITINITIALIZE_H

#include <IOKit/IOReturn.h>
#include <stdint.h>

/*
 * Registers the kit's classes, makes the planes and the registry root, the catalogue, IOPlatformExpertDevice,
 * IOResources and IOUserResources; starts no platform and reads no bundle. A second call does nothing.
 *   Returns   kIOReturnSuccess; kIOReturnNoMemory
 *   Context   one thread, before any other use of the kit
 */
IOReturn IOKit_initialize(void);

/*
 * Waits until nothing is being matched, started or terminated anywhere, and until the threads of matching have let go
 * of every service they worked on.
 *   timeout   nanoseconds; UINT64_MAX waits for ever
 *   Returns   kIOReturnSuccess, kIOReturnTimeout
 *   Context   any thread but a handler or a driver's method
 */
IOReturn IOKit_quiesce(uint64_t timeout);

#endif
