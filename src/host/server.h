/* SPDX-License-Identifier: MIT */
/* The server: accepts clients on a listening socket and receives their control packets, all on one thread. */
#ifndef HOST_SERVER_H
#define HOST_SERVER_H

#include <stdbool.h>
#include <stdint.h>

/*
 * A listening SOCK_SEQPACKET socket at a path, replacing what a dead host left there.
 *   Returns   the descriptor, or -1 with errno set: EADDRINUSE when another host serves there, ENOTSOCK when what is
 *             there is not a socket, ENAMETOOLONG ...
 */
int HostServer_listen(const char *path);

/*
 * Serves until stopDescriptor becomes readable; then every client is ended and its objects given back.
 *   Returns   0, or an errno: the server could not be set up
 *   Context   one thread, one server per process. Both descriptors stay the caller's
 */
int HostServer_run(int listenDescriptor, int stopDescriptor);

/* Tells the server that a client's memory is gone. */
void HostServer_clientGone(void);

#endif
