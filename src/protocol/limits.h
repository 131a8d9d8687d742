/* SPDX-License-Identifier: MIT */
/* Every limit of the boundary, in one place. The host enforces them; the client's side refuses early with the same. */
#ifndef PROTOCOL_LIMITS_H
#define PROTOCOL_LIMITS_H

enum {
    kProtocolMagic = 0x544b4f49, /* "IOKT" */
    kProtocolVersion = 2,        /* a hello with another number is refused */

    /* Strings, in bytes with their NUL (device_types.h). */
    kLimitName = 128,
    kLimitString = 512,
    kLimitPath = 4096,

    /* Counts of one call. */
    kLimitScalars = 16,
    kLimitReferences = 8,
    kLimitTrapWords = 6,

    /* Bytes of one argument. */
    kLimitInband = 4096,
    kLimitProperties = 4 << 20, /* a property list that a client sends */
    kLimitReplyList = 64 << 20, /* a property list that the host sends */
    kLimitOutOfLine = 64 << 20, /* a structure of an external method */

    /* Bytes of one message, header included. */
    kLimitMessage = kLimitOutOfLine + (64 << 10),

    /* Of one client (connection). */
    kLimitSlots = 32,               /* calls at the same time */
    kLimitHandles = 1 << 17,        /* names held */
    kLimitUserReferences = 1 << 24, /* references to one name */
    kLimitNotifications = 4096,     /* notification objects alive */
    kLimitBacklog = 1024,           /* messages waiting for one of its ports */
    kLimitPending = 1024,           /* services waiting in one matching notification (SEMANTICS 4.41) */
    kLimitConnections = 512,        /* open user clients; fewer than a provider takes (SEMANTICS 4.2) */
    kLimitPayloads = 256 << 20,     /* bytes of messages longer than a slot, being served at the same time */

    /* Of the host. */
    kLimitClients = 1024,

    /* Names of host objects stay below this; local receive ports of a client begin here. */
    kNameOfLocalPorts = 0x40000000,
};

#endif
