/* SPDX-License-Identifier: MIT */
/* The layout of Mach error codes: system (6 bits) . subsystem (12 bits) . code (14 bits). */
#ifndef _MACH_ERROR_H
#define _MACH_ERROR_H

#include <mach/kern_return.h>

#define err_none ((mach_error_t)0)

#define err_system(x)      ((int)(((unsigned)(x) & 0x3f) << 26))
#define err_sub(x)         ((int)(((unsigned)(x) & 0xfff) << 14))
#define err_get_system(err) (((err) >> 26) & 0x3f)
#define err_get_sub(err)    (((err) >> 14) & 0xfff)
#define err_get_code(err)   ((err) & 0x3fff)

typedef kern_return_t mach_error_t;

#endif
