/* SPDX-License-Identifier: MIT */
/* How a service names its node or interface in the operating system (IOKit/IOBSD.h). */
#ifndef _IOKIT_IOBSD_H
#define _IOKIT_IOBSD_H

#include <IOKit/IOMessage.h>
#include <IOKit/IOTypes.h>

/* The name of the node below /dev, or of the network interface, without a folder: "sda1", "eth0". */
#define kIOBSDNameKey "BSD Name"

#define kIOBSDKey      "IOBSD"
#define kIOBSDNamesKey "BSD Names"
#define kIOBSDMajorKey "BSD Major"
#define kIOBSDMinorKey "BSD Minor"
#define kIOBSDUnitKey  "BSD Unit"

/* Messages of the service IOResources about file systems. */
enum {
    kIOMountChangeMount      = 0x00000101,
    kIOMountChangeUnmount    = 0x00000102,
    kIOMountChangeWillResize = 0x00000201,
    kIOMountChangeDidResize  = 0x00000202,
};

#endif
