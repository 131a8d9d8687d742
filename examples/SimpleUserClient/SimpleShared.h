/* SPDX-License-Identifier: MIT */
/*
 * What the driver and its programs share: the class to look for, the selectors and the structure that crosses the
 * boundary (listing 4-2 of the user-client document).
 */
#ifndef EXAMPLES_SIMPLEUSERCLIENT_SIMPLESHARED_H
#define EXAMPLES_SIMPLEUSERCLIENT_SIMPLESHARED_H

#include <stdint.h>

#define kSimpleDriverClassName "SimpleDriver"

typedef struct MySampleStruct {
    uint16_t int16;
    uint32_t int32;
} MySampleStruct;

enum {
    kMyUserClientOpen,      /* exclusive: kIOReturnExclusiveAccess while another program has it */
    kMyUserClientClose,
    kMyScalarIStructImethod, /* 1 scalar, 1 structure in: kept by the driver as its property "Last" */
    kMyScalarIStructOmethod, /* 2 scalars in, a structure of them out */
    kMyScalarIScalarOmethod, /* 2 scalars in, their product out */
    kMyStructIStructOmethod, /* a structure in, each of its numbers plus one out */
    kNumberOfMethods
};

#endif
