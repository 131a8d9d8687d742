/* SPDX-License-Identifier: MIT */
/* Texts of result codes (mach/mach_error.h): kern_return_t, mach_msg_return_t, IOReturn, OSReturn. */
#ifndef _MACH_ERROR_
#define _MACH_ERROR_ 1

#include <sys/cdefs.h>

#include <mach/error.h>

__BEGIN_DECLS

/* The text of a code, for ever valid, never NULL: "(os/kern) failure", "(iokit/common) ..."; "unknown error code". */
char *mach_error_string(mach_error_t error_value);
/* The kind part of the text alone: "(iokit/common)". */
char *mach_error_type(mach_error_t error_value);
/* Prints "prefix text (0xcode)" and a newline to stderr. */
void mach_error(const char *prefix, mach_error_t error_value);

__END_DECLS

#endif
