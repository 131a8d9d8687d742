/* SPDX-License-Identifier: MIT */
/* libkern: the whole object runtime. */
#ifndef _LIBKERN_LIBKERN_H
#define _LIBKERN_LIBKERN_H

#include <libkern/OSMetaClass.h>
#include <libkern/OSObject.h>

#include <libkern/OSArray.h>
#include <libkern/OSBoolean.h>
#include <libkern/OSCollection.h>
#include <libkern/OSCollectionIterator.h>
#include <libkern/OSData.h>
#include <libkern/OSDictionary.h>
#include <libkern/OSIterator.h>
#include <libkern/OSNumber.h>
#include <libkern/OSOrderedSet.h>
#include <libkern/OSSet.h>
#include <libkern/OSString.h>
#include <libkern/OSSymbol.h>

/*
 * Registers libkern's own classes, once; any thread. Nobody needs to call it to use libkern: the first allocation of
 * an object and the first registration of a module do.
 */
void OSLibkern_initialize(void);

#endif
