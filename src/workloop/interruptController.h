/* SPDX-License-Identifier: MIT */
/* What a service's interrupt calls of its controller. vector: one that hasVector has said yes to. */
#ifndef WORKLOOP_INTERRUPTCONTROLLER_H
#define WORKLOOP_INTERRUPTCONTROLLER_H

#include "workloopPrivate.h"

bool interruptController_hasVector(const IOInterruptController *self, unsigned vector);
int interruptController_getType(IOInterruptController *self, unsigned vector);
IOReturn interruptController_register(IOInterruptController *self, unsigned vector, IOService *nub, int source,
                                      OSObject *target, IOInterruptAction handler, void *refCon);
void interruptController_unregister(IOInterruptController *self, unsigned vector);
IOReturn interruptController_enable(IOInterruptController *self, unsigned vector);
void interruptController_disable(IOInterruptController *self, unsigned vector);
void interruptController_cause(IOInterruptController *self, unsigned vector);

#endif
