/* SPDX-License-Identifier: MIT */
/* The system's fcntl.h, and a constant of macOS's: fcntl refuses it here with EINVAL. */
#include_next <fcntl.h>

#ifndef F_SETNOSIGPIPE
#define F_SETNOSIGPIPE 73
#endif
