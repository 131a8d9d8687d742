/* SPDX-License-Identifier: MIT */
/*
 * The handles of one client: small integers (mach_port_t) that stand for objects, each with a count of the client's
 * references. One object has one name as long as it is held; a freed name comes back late, and with other low bits.
 */
#ifndef HOST_HANDLETABLE_H
#define HOST_HANDLETABLE_H

#include <IOKit/IOTypes.h>
#include <libkern/OSObject.h>

typedef struct HandleTable HandleTable;

/* What a handle is good for: an open connection to a user client is not the user client as a registry entry. */
typedef enum HandleKind {
    kHandleObject,
    kHandleConnect,
} HandleKind;

/* limit: most names held at once. NULL without memory. */
HandleTable *HandleTable_create(uint32_t limit);
/* Takes NULL. Gives every handle back first. */
void HandleTable_destroy(HandleTable *self);

/*
 * A reference to the object's name, made if there is none. Consumes the caller's reference to the object, always.
 *   Returns   KERN_SUCCESS; KERN_RESOURCE_SHORTAGE: the limit is reached, the table has ended, or no memory;
 *             KERN_UREFS_OVERFLOW
 *   Context   any thread, no locks held: a refused object may be freed here
 */
kern_return_t HandleTable_add(HandleTable *self, OSObject *object, HandleKind kind, mach_port_t *ret_name);

/* The object of a name, +1; NULL when it is not held. */
OSObject *HandleTable_copyObject(HandleTable *self, mach_port_t name, HandleKind *ret_kind);

/*
 * More or fewer references of the client; the last takes the name away.
 *   Returns   KERN_SUCCESS; KERN_INVALID_NAME when it is not held; KERN_INVALID_VALUE when fewer are held than delta
 * takes, KERN_UREFS_OVERFLOW when more than the limit would be: nothing changed then Context   any thread, no locks
 * held: the object may be freed here
 */
kern_return_t HandleTable_modify(HandleTable *self, mach_port_t name, int32_t delta);
/* The same with -1. */
kern_return_t HandleTable_release(HandleTable *self, mach_port_t name);
kern_return_t HandleTable_getReferences(HandleTable *self, mach_port_t name, uint32_t *ret_count);

/* The client is gone: gives every handle back; the table takes no more. */
void HandleTable_end(HandleTable *self);

uint32_t HandleTable_getCount(HandleTable *self);

#endif
