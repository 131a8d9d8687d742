/* SPDX-License-Identifier: MIT */
/*
 * Port rights (mach/port.h). A name stands for one or more rights of this process: the receive right of a port (one
 * holder), and counted send rights. Names of 0x40000000 and above are ports of this process; lower ones are handles to
 * objects of the host, which look like send rights.
 */
#ifndef _MACH_PORT_H
#define _MACH_PORT_H

#include <mach/mach_types.h>

#define MACH_PORT_VALID(name) (((name) != MACH_PORT_NULL) && ((name) != MACH_PORT_DEAD))

typedef natural_t            mach_port_right_t;
typedef natural_t            mach_port_type_t;
typedef natural_t            mach_port_urefs_t;
typedef int                  mach_port_delta_t;
typedef natural_t            mach_port_seqno_t;
typedef natural_t            mach_port_msgcount_t;
typedef mach_port_type_t    *mach_port_type_array_t;
typedef mach_port_name_t    *mach_port_name_array_t;
typedef mach_port_t         *mach_port_array_t;
typedef mach_port_t          mach_port_poly_t;

#define MACH_PORT_RIGHT_SEND      ((mach_port_right_t)0)
#define MACH_PORT_RIGHT_RECEIVE   ((mach_port_right_t)1)
#define MACH_PORT_RIGHT_SEND_ONCE ((mach_port_right_t)2)
#define MACH_PORT_RIGHT_PORT_SET  ((mach_port_right_t)3)
#define MACH_PORT_RIGHT_DEAD_NAME ((mach_port_right_t)4)
#define MACH_PORT_RIGHT_NUMBER    ((mach_port_right_t)6)

#define MACH_PORT_TYPE(right)    ((mach_port_type_t)(1u << ((right) + 16)))
#define MACH_PORT_TYPE_NONE      ((mach_port_type_t)0)
#define MACH_PORT_TYPE_SEND      MACH_PORT_TYPE(MACH_PORT_RIGHT_SEND)
#define MACH_PORT_TYPE_RECEIVE   MACH_PORT_TYPE(MACH_PORT_RIGHT_RECEIVE)
#define MACH_PORT_TYPE_SEND_ONCE MACH_PORT_TYPE(MACH_PORT_RIGHT_SEND_ONCE)
#define MACH_PORT_TYPE_PORT_SET  MACH_PORT_TYPE(MACH_PORT_RIGHT_PORT_SET)
#define MACH_PORT_TYPE_DEAD_NAME MACH_PORT_TYPE(MACH_PORT_RIGHT_DEAD_NAME)
#define MACH_PORT_TYPE_SEND_RECEIVE (MACH_PORT_TYPE_SEND | MACH_PORT_TYPE_RECEIVE)

#endif
