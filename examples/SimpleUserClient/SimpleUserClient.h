/* SPDX-License-Identifier: MIT */
/* SimpleUserClient: a program's connection to SimpleDriver. */
#ifndef EXAMPLES_SIMPLEUSERCLIENT_SIMPLEUSERCLIENT_H
#define EXAMPLES_SIMPLEUSERCLIENT_SIMPLEUSERCLIENT_H

#include <IOKit/IOUserClient.h>

OSDeclareClass(SimpleUserClient);

#endif
