/* SPDX-License-Identifier: MIT */
/*
 * OSReturn: the result codes of libkern (libkern/OSReturn.h).
 * A code is system (6 bits) . subsystem (12 bits) . code (14 bits), as in mach/error.h; success is 0.
 */
#ifndef _LIBKERN_OSRETURN_H
#define _LIBKERN_OSRETURN_H

#include <mach/error.h>

typedef kern_return_t OSReturn;

#define sys_libkern           err_system(0x37)
#define sub_libkern_common    err_sub(0)
#define sub_libkern_metaclass err_sub(1)
#define sub_libkern_kext      err_sub(2)

#define libkern_common_err(code)    ((OSReturn)(sys_libkern | sub_libkern_common | (code)))
#define libkern_metaclass_err(code) ((OSReturn)(sys_libkern | sub_libkern_metaclass | (code)))
#define libkern_kext_err(code)      ((OSReturn)(sys_libkern | sub_libkern_kext | (code)))

#define kOSReturnSuccess 0
#define kOSReturnError   libkern_common_err(1)

/* Registering and unregistering classes. */
#define kOSMetaClassInternal       libkern_metaclass_err(1)
#define kOSMetaClassHasInstances   libkern_metaclass_err(2)
#define kOSMetaClassNoInit         libkern_metaclass_err(3)
#define kOSMetaClassNoTempData     libkern_metaclass_err(4)
#define kOSMetaClassNoDicts        libkern_metaclass_err(5)
#define kOSMetaClassNoKModSet      libkern_metaclass_err(6)
#define kOSMetaClassNoInsKModSet   libkern_metaclass_err(7)
#define kOSMetaClassNoSuper        libkern_metaclass_err(8)
#define kOSMetaClassInstNoSuper    libkern_metaclass_err(9)
#define kOSMetaClassDuplicateClass libkern_metaclass_err(10)
#define kOSMetaClassNoKext         libkern_metaclass_err(11)

#endif
