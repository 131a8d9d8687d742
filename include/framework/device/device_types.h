/* SPDX-License-Identifier: MIT */
/* io_name_t, io_string_t and the handles of devices are declared with I/O Kit's other types. */
#ifndef DEVICE_TYPES_H
#define DEVICE_TYPES_H

#include <IOKit/IOTypes.h>

#endif
