/* SPDX-License-Identifier: MIT */
/*
 * A remembered name stays right because the table revokes: it takes a name away first, then the records of all threads
 * (senderLeaves). A thread leaves its record first, then looks whether the name is still held; one of the two sees the
 * other, for both take the table's lock and the user client's.
 */
#include "slotTarget.h"

IOUserClient *SlotTarget_enter(SlotTarget *self, mach_port_t name)
{
    return name == self->name ? IOUserClientCaller_enter(&self->caller) : NULL;
}

void SlotTarget_leave(SlotTarget *self)
{
    IOUserClientCaller_leave(&self->caller);
}

static bool isHeld(HandleTable *handles, mach_port_t name, const IOUserClient *userClient)
{
    HandleKind kind = kHandleObject;
    OSObject *object = HandleTable_copyObject(handles, name, &kind);
    bool held = object == OSObjectOf(userClient) && kind == kHandleConnect;
    OSRelease(object);
    return held;
}

void SlotTarget_remember(SlotTarget *self, HandleTable *handles, mach_port_t name, IOUserClient *userClient)
{
    if (self->name != name) {
        SlotTarget_forget(self);
        self->name = name;
    } else if (IOUserClientCaller_adopt(&self->caller, userClient) && !isHeld(handles, name, userClient)) {
        IOUserClientCaller_forget(&self->caller);
    }
}

void SlotTarget_forget(SlotTarget *self)
{
    IOUserClientCaller_forget(&self->caller);
    self->name = MACH_PORT_NULL;
}
