/* SPDX-License-Identifier: MIT */
/* SimpleDriver's methods, for its user client. All need the caller to have the driver open. */
#ifndef EXAMPLES_SIMPLEUSERCLIENT_SIMPLEDRIVER_H
#define EXAMPLES_SIMPLEUSERCLIENT_SIMPLEDRIVER_H

#include <IOKit/IOService.h>

#include "SimpleShared.h"

OSDeclareClass(SimpleDriver);

IOReturn SimpleDriver_method1(SimpleDriver *self, uint64_t something, const MySampleStruct *input);
IOReturn SimpleDriver_method2(SimpleDriver *self, uint64_t something1, uint64_t something2, MySampleStruct *ret_output);
IOReturn SimpleDriver_method3(SimpleDriver *self, uint64_t something1, uint64_t something2, uint64_t *ret_product);
IOReturn SimpleDriver_method4(SimpleDriver *self, const MySampleStruct *input, MySampleStruct *ret_output);

#endif
