/* SPDX-License-Identifier: MIT */
/* Names that plug-ins and their users share. Loading is done by IOCreatePlugInInterfaceForService. */
#ifndef __COREFOUNDATION_CFPLUGIN__
#define __COREFOUNDATION_CFPLUGIN__

#define COREFOUNDATION_CFPLUGINCOM_SEPARATE 1

#include <CoreFoundation/CFBase.h>
#include <CoreFoundation/CFBundle.h>
#include <CoreFoundation/CFUUID.h>

CF_EXTERN_C_BEGIN

/* What a plug-in's bundle exports for a type: returns an interface of that type, or NULL. */
typedef void *(*CFPlugInFactoryFunction)(CFAllocatorRef allocator, CFUUIDRef typeUUID);

CF_EXTERN_C_END

#endif
