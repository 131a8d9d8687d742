/* SPDX-License-Identifier: MIT */
/*
 * The bytes of a notification message (IOKit/OSMessageNotification.h).
 *
 * A message is a Mach message with the id kOSNotificationMessageID: its header, for an interest message a port
 * descriptor (the service), then an OSNotificationHeader64, then content that depends on the type. The notification
 * itself, the iterator of a matching message, is the message's remote port. The reference words are those that the
 * client gave when it asked for the notification: one word of its own, or after an unused word 0 the callback and its
 * refcon.
 */
#ifndef _IOKIT_OSMESSAGENOTIFICATION_H
#define _IOKIT_OSMESSAGENOTIFICATION_H

#include <IOKit/IOTypes.h>

/* OSNotificationHeader64.type. */
enum {
    kFirstIOKitNotificationType          = 100,
    kIOServicePublishNotificationType    = 100,
    kIOServiceMatchedNotificationType    = 101,
    kIOServiceTerminatedNotificationType = 102,
    kIOAsyncCompletionNotificationType   = 150,
    kIOServiceMessageNotificationType    = 160,
    kLastIOKitNotificationType           = 199,

    /* The top two bits are the two lowest of the size of an interest message's argument: the content is filled up to a
     * multiple of 4. */
    kIOKitNoticationTypeMask         = 0x00000fff,
    kIOKitNoticationTypeSizeAdjShift = 30,
    kIOKitNoticationMsgSizeMask      = 3,
};

/* Message ids, and the most arguments that an asynchronous result carries. */
enum {
    kOSNotificationMessageID  = 53,
    kOSAsyncCompleteMessageID = 57,
    kMaxAsyncArgs             = 16,
};

/* What the words of a reference are, for each kind of notification. */
enum {
    kIOAsyncReservedIndex = 0,
    kIOAsyncReservedCount = 1,

    kIOAsyncCalloutFuncIndex   = 1,
    kIOAsyncCalloutRefconIndex = 2,
    kIOAsyncCalloutCount       = 3,

    kIOMatchingCalloutFuncIndex   = 1,
    kIOMatchingCalloutRefconIndex = 2,
    kIOMatchingCalloutCount       = 3,

    kIOInterestCalloutFuncIndex    = 1,
    kIOInterestCalloutRefconIndex  = 2,
    kIOInterestCalloutServiceIndex = 3,
    kIOInterestCalloutCount        = 4,
};

enum {
    kOSAsyncRef64Count = 8,
    kOSAsyncRef64Size  = 64, /* bytes */
    kOSAsyncRefCount   = 8,
    kOSAsyncRefSize    = 32, /* bytes */
};

typedef io_user_reference_t OSAsyncReference64[kOSAsyncRef64Count];
typedef natural_t           OSAsyncReference[kOSAsyncRefCount];

typedef struct OSNotificationHeader64 {
    natural_t          size; /* of the content, padding included; bytes */
    natural_t          type;
    OSAsyncReference64 reference;
    unsigned char      content[];
} OSNotificationHeader64;

/* The same with 32-bit references; nothing here sends it. */
typedef struct OSNotificationHeader {
    natural_t        size;
    natural_t        type;
    OSAsyncReference reference;
    unsigned char    content[];
} OSNotificationHeader;

/* Content of kIOServiceMessageNotificationType: a scalar argument, or up to 64 bytes that begin at messageArgument. */
#pragma pack(push, 4)
typedef struct IOServiceInterestContent64 {
    natural_t           messageType;
    io_user_reference_t messageArgument[1];
} IOServiceInterestContent64;

typedef struct IOServiceInterestContent {
    natural_t messageType;
    void     *messageArgument[1];
} IOServiceInterestContent;
#pragma pack(pop)

/* Content of kIOAsyncCompletionNotificationType. */
typedef struct IOAsyncCompletionContent {
    IOReturn result;
    void    *args[] __attribute__((packed));
} IOAsyncCompletionContent;

#endif
