/* SPDX-License-Identifier: MIT */
/* Availability annotations: accepted and without effect, everything declared is there. */
#ifndef __AVAILABILITY__
#define __AVAILABILITY__

#include <AvailabilityMacros.h>

#define API_AVAILABLE(...)
#define API_UNAVAILABLE(...)
#define API_DEPRECATED(...)
#define API_DEPRECATED_WITH_REPLACEMENT(...)
#define SPI_AVAILABLE(...)
#define SPI_DEPRECATED(...)
#define API_AVAILABLE_BEGIN(...)
#define API_AVAILABLE_END
#define __OSX_AVAILABLE(...)
#define __OSX_DEPRECATED(...)
#define __OSX_AVAILABLE_STARTING(...)
#define __OSX_AVAILABLE_BUT_DEPRECATED(...)
#define __OSX_AVAILABLE_BUT_DEPRECATED_MSG(...)
#define __OSX_UNAVAILABLE
#define __IOS_AVAILABLE(...)
#define __IOS_PROHIBITED
#define __TVOS_PROHIBITED
#define __WATCHOS_PROHIBITED
#define __TVOS_AVAILABLE(...)
#define __WATCHOS_AVAILABLE(...)

#endif
