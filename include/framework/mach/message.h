/* SPDX-License-Identifier: MIT */
/*
 * Messages (mach/message.h): a header, then for a complex message a body with descriptors, then inline bytes. Sizes
 * are in bytes and count the header. A receiver's buffer has room for the trailer behind the message as well.
 */
#ifndef _MACH_MESSAGE_H
#define _MACH_MESSAGE_H

#include <sys/cdefs.h>

#include <stdint.h>

#include <mach/kern_return.h>
#include <mach/mach_types.h>
#include <mach/port.h>

__BEGIN_DECLS

typedef natural_t    mach_msg_timeout_t; /* milliseconds */
typedef unsigned int mach_msg_bits_t;
typedef natural_t    mach_msg_size_t;
typedef integer_t    mach_msg_id_t;
typedef integer_t    mach_msg_option_t;
typedef integer_t    mach_msg_return_t;
typedef unsigned int mach_msg_priority_t;
typedef unsigned int mach_msg_type_name_t;
typedef unsigned int mach_msg_copy_options_t;
typedef unsigned int mach_msg_descriptor_type_t;
typedef unsigned int mach_msg_trailer_type_t;
typedef unsigned int mach_msg_trailer_size_t;

#define MACH_MSG_TIMEOUT_NONE ((mach_msg_timeout_t)0)
#define MACH_MSG_SIZE_MAX     ((mach_msg_size_t)~0u)

/* msgh_bits: how the remote and the local port of the header are transferred, and whether descriptors follow. */
#define MACH_MSGH_BITS_ZERO        0x00000000
#define MACH_MSGH_BITS_REMOTE_MASK 0x0000001f
#define MACH_MSGH_BITS_LOCAL_MASK  0x00001f00
#define MACH_MSGH_BITS_VOUCHER_MASK 0x001f0000
#define MACH_MSGH_BITS_COMPLEX     0x80000000U
#define MACH_MSGH_BITS_USER        0x801f1f1fU
#define MACH_MSGH_BITS(remote, local)   ((remote) | ((local) << 8))
#define MACH_MSGH_BITS_SET(remote, local, voucher, other) \
    (((remote) & MACH_MSGH_BITS_REMOTE_MASK) | (((local) << 8) & MACH_MSGH_BITS_LOCAL_MASK) | \
     (((voucher) << 16) & MACH_MSGH_BITS_VOUCHER_MASK) | ((other) & ~0x001f1f1fU))
#define MACH_MSGH_BITS_REMOTE(bits)     ((bits) & MACH_MSGH_BITS_REMOTE_MASK)
#define MACH_MSGH_BITS_LOCAL(bits)      (((bits) & MACH_MSGH_BITS_LOCAL_MASK) >> 8)
#define MACH_MSGH_BITS_PORTS(bits)      ((bits) & (MACH_MSGH_BITS_REMOTE_MASK | MACH_MSGH_BITS_LOCAL_MASK))
#define MACH_MSGH_BITS_OTHER(bits)      ((bits) & ~(MACH_MSGH_BITS_REMOTE_MASK | MACH_MSGH_BITS_LOCAL_MASK))
#define MACH_MSGH_BITS_IS_COMPLEX(bits) (((bits) & MACH_MSGH_BITS_COMPLEX) != 0)

/* How a port right goes into a message. */
#define MACH_MSG_TYPE_MOVE_RECEIVE   16
#define MACH_MSG_TYPE_MOVE_SEND      17
#define MACH_MSG_TYPE_MOVE_SEND_ONCE 18
#define MACH_MSG_TYPE_COPY_SEND      19
#define MACH_MSG_TYPE_MAKE_SEND      20
#define MACH_MSG_TYPE_MAKE_SEND_ONCE 21
#define MACH_MSG_TYPE_COPY_RECEIVE   22
/* How it appears in a received one. */
#define MACH_MSG_TYPE_PORT_NONE      0
#define MACH_MSG_TYPE_PORT_NAME      15
#define MACH_MSG_TYPE_PORT_RECEIVE   MACH_MSG_TYPE_MOVE_RECEIVE
#define MACH_MSG_TYPE_PORT_SEND      MACH_MSG_TYPE_MOVE_SEND
#define MACH_MSG_TYPE_PORT_SEND_ONCE MACH_MSG_TYPE_MOVE_SEND_ONCE

#define MACH_MSG_PORT_DESCRIPTOR         0
#define MACH_MSG_OOL_DESCRIPTOR          1
#define MACH_MSG_OOL_PORTS_DESCRIPTOR    2
#define MACH_MSG_OOL_VOLATILE_DESCRIPTOR 3
#define MACH_MSG_PHYSICAL_COPY           0
#define MACH_MSG_VIRTUAL_COPY            1

#pragma pack(push, 4)
typedef struct {
    mach_msg_bits_t  msgh_bits;
    mach_msg_size_t  msgh_size;
    mach_port_t      msgh_remote_port; /* sending: the destination; received: where to reply */
    mach_port_t      msgh_local_port;  /* sending: where to reply; received: the port it came to */
    mach_port_name_t msgh_voucher_port;
    mach_msg_id_t    msgh_id;
} mach_msg_header_t;

typedef struct {
    mach_msg_size_t msgh_descriptor_count;
} mach_msg_body_t;

typedef struct {
    mach_msg_header_t header;
    mach_msg_body_t   body;
} mach_msg_base_t;

typedef struct {
    natural_t                  pad1;
    mach_msg_size_t            pad2;
    unsigned int               pad3 : 24;
    mach_msg_descriptor_type_t type : 8;
} mach_msg_type_descriptor_t;

typedef struct {
    mach_port_t                name;
    mach_msg_size_t            pad1;
    unsigned int               pad2 : 16;
    mach_msg_type_name_t       disposition : 8;
    mach_msg_descriptor_type_t type : 8;
} mach_msg_port_descriptor_t;

typedef struct {
    void                      *address;
    boolean_t                  deallocate : 8;
    mach_msg_copy_options_t    copy : 8;
    unsigned int               pad1 : 8;
    mach_msg_descriptor_type_t type : 8;
    mach_msg_size_t            size;
} mach_msg_ool_descriptor_t;

typedef struct {
    void                      *address;
    boolean_t                  deallocate : 8;
    mach_msg_copy_options_t    copy : 8;
    mach_msg_type_name_t       disposition : 8;
    mach_msg_descriptor_type_t type : 8;
    mach_msg_size_t            count;
} mach_msg_ool_ports_descriptor_t;

typedef union {
    mach_msg_port_descriptor_t      port;
    mach_msg_ool_descriptor_t       out_of_line;
    mach_msg_ool_ports_descriptor_t ool_ports;
    mach_msg_type_descriptor_t      type;
} mach_msg_descriptor_t;

typedef struct {
    mach_msg_trailer_type_t msgh_trailer_type;
    mach_msg_trailer_size_t msgh_trailer_size;
} mach_msg_trailer_t;

typedef struct {
    mach_msg_header_t header;
} mach_msg_empty_send_t;

typedef struct {
    mach_msg_header_t  header;
    mach_msg_trailer_t trailer;
} mach_msg_empty_rcv_t;

typedef union {
    mach_msg_empty_send_t send;
    mach_msg_empty_rcv_t  rcv;
} mach_msg_empty_t;
#pragma pack(pop)

#define MACH_MSG_TRAILER_FORMAT_0     0
#define MACH_MSG_TRAILER_MINIMUM_SIZE sizeof(mach_msg_trailer_t)
#define MAX_TRAILER_SIZE              68
/* A message's size as the trailer finds it: rounded up to 4. */
#define round_msg(size) (((mach_msg_size_t)(size) + 3) & ~3u)

#define MACH_MSG_OPTION_NONE 0x00000000
#define MACH_SEND_MSG        0x00000001
#define MACH_RCV_MSG         0x00000002
#define MACH_RCV_LARGE       0x00000004 /* a message that does not fit stays in the queue */
#define MACH_SEND_TIMEOUT    0x00000010
#define MACH_SEND_INTERRUPT  0x00000040
#define MACH_SEND_ALWAYS     0x00010000
#define MACH_RCV_TIMEOUT     0x00000100
#define MACH_RCV_NOTIFY      0x00000000
#define MACH_RCV_INTERRUPT   0x00000400 /* a signal ends the wait */
#define MACH_RCV_OVERWRITE   0x00000000
#define MACH_RCV_TRAILER_NULL        0
#define MACH_RCV_TRAILER_TYPE(x)     (((x) & 0xf) << 28)
#define MACH_RCV_TRAILER_ELEMENTS(x) (((x) & 0xf) << 24)

#define MACH_MSG_SUCCESS            0x00000000
#define MACH_MSG_MASK               0x00003e00
#define MACH_MSG_IPC_SPACE          0x00002000
#define MACH_MSG_VM_SPACE           0x00001000
#define MACH_SEND_IN_PROGRESS       0x10000001
#define MACH_SEND_INVALID_DATA      0x10000002
#define MACH_SEND_INVALID_DEST      0x10000003
#define MACH_SEND_TIMED_OUT         0x10000004
#define MACH_SEND_INVALID_VOUCHER   0x10000005
#define MACH_SEND_INTERRUPTED       0x10000007
#define MACH_SEND_MSG_TOO_SMALL     0x10000008
#define MACH_SEND_INVALID_REPLY     0x10000009
#define MACH_SEND_INVALID_RIGHT     0x1000000a
#define MACH_SEND_INVALID_NOTIFY    0x1000000b
#define MACH_SEND_INVALID_MEMORY    0x1000000c
#define MACH_SEND_NO_BUFFER         0x1000000d
#define MACH_SEND_TOO_LARGE         0x1000000e
#define MACH_SEND_INVALID_TYPE      0x1000000f
#define MACH_SEND_INVALID_HEADER    0x10000010
#define MACH_SEND_INVALID_TRAILER   0x10000011
#define MACH_SEND_INVALID_RT_OOL_SIZE 0x10000015
#define MACH_RCV_IN_PROGRESS        0x10004001
#define MACH_RCV_INVALID_NAME       0x10004002
#define MACH_RCV_TIMED_OUT          0x10004003
#define MACH_RCV_TOO_LARGE          0x10004004
#define MACH_RCV_INTERRUPTED        0x10004005
#define MACH_RCV_PORT_CHANGED       0x10004006
#define MACH_RCV_INVALID_NOTIFY     0x10004007
#define MACH_RCV_INVALID_DATA       0x10004008
#define MACH_RCV_PORT_DIED          0x10004009
#define MACH_RCV_IN_SET             0x1000400a
#define MACH_RCV_HEADER_ERROR       0x1000400b
#define MACH_RCV_BODY_ERROR         0x1000400c
#define MACH_RCV_INVALID_TYPE       0x1000400d
#define MACH_RCV_SCATTER_SMALL      0x1000400e
#define MACH_RCV_INVALID_TRAILER    0x1000400f
#define MACH_RCV_IN_PROGRESS_TIMED  0x10004011

/*
 * Sends, receives, or both, in that order.
 *   msg       the message to send, and the buffer for the received one
 *   option    MACH_SEND_MSG and MACH_RCV_MSG, with their modifiers
 *   send_size bytes of the message to send
 *   rcv_size  bytes of the buffer; the message, rounded up to 4, and an 8-byte trailer must fit
 *   rcv_name  a port, or port set, whose receive right this process has
 *   timeout   milliseconds, with MACH_SEND_TIMEOUT or MACH_RCV_TIMEOUT; else it waits for ever
 *   notify    MACH_PORT_NULL
 * Returns     MACH_MSG_SUCCESS or a MACH_SEND_.../MACH_RCV_... code. MACH_RCV_TOO_LARGE leaves the size that it would
 *             take in msgh_size; the message is gone unless MACH_RCV_LARGE is given.
 * Context     any thread; several may receive from one port, each message goes to one
 * Apple       destinations are ports of this process; messages carry port rights and inline bytes only
 */
mach_msg_return_t mach_msg(mach_msg_header_t *msg, mach_msg_option_t option, mach_msg_size_t send_size,
                           mach_msg_size_t rcv_size, mach_port_name_t rcv_name, mach_msg_timeout_t timeout,
                           mach_port_name_t notify);
mach_msg_return_t mach_msg_send(mach_msg_header_t *msg);
/* Into a buffer whose msgh_size and msgh_local_port say its size and the port. */
mach_msg_return_t mach_msg_receive(mach_msg_header_t *msg);
/* Gives back the port rights that a received message brought and its receiver does not keep. */
void mach_msg_destroy(mach_msg_header_t *msg);

__END_DECLS

#endif
