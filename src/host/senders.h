/* SPDX-License-Identifier: MIT */
/*
 * Who can still send to an object, counted over all clients (SEMANTICS 5.9): all handles to one object, in every
 * client, stand on one retain of it. When the last goes, an open user client learns clientDied and a notification
 * stops; then the retain is given back.
 */
#ifndef HOST_SENDERS_H
#define HOST_SENDERS_H

#include <stdbool.h>

#include "handleTable.h"

/* A client's table got its first reference. Consumes the caller's reference to the object when it returns true; false
 * without memory, nothing changed. */
bool Senders_add(OSObject *object, HandleKind kind);

/* A client's table lost its last reference. May call the driver and may free the object: no locks held. */
void Senders_remove(OSObject *object, HandleKind kind);

/* A handle to a new object could not be made: when nobody has one, the object ends as if the last had gone. The caller
 * has a reference, and no locks. */
void Senders_discard(OSObject *object, HandleKind kind);

/* A table's last reference is going; before anything else, with the object alive; connectRoutines.c. */
void senderLeaves(OSObject *object, HandleKind kind);

/* What happens when the last sender is gone, before the retain is given back; connectRoutines.c. */
void noMoreSenders(OSObject *object, HandleKind kind);

#endif
