/* SPDX-License-Identifier: MIT */
/*
 * The system's pthread.h under macOS's rules: pthread_setname_np names the calling thread, and there are no barriers: a
 * client that brings its own has the names to itself.
 */
#include_next <pthread.h>

#ifndef OPENIOKIT_DARWIN_PTHREAD_H
#define OPENIOKIT_DARWIN_PTHREAD_H

#define pthread_barrier_t           openiokit_client_pthread_barrier_t
#define pthread_barrierattr_t       openiokit_client_pthread_barrierattr_t
#define pthread_barrier_init        openiokit_client_pthread_barrier_init
#define pthread_barrier_destroy     openiokit_client_pthread_barrier_destroy
#define pthread_barrier_wait        openiokit_client_pthread_barrier_wait
#define pthread_barrierattr_init    openiokit_client_pthread_barrierattr_init
#define pthread_barrierattr_destroy openiokit_client_pthread_barrierattr_destroy

#ifdef _GNU_SOURCE
static inline int openiokit_pthread_setname_np(const char *name)
{
    return pthread_setname_np(pthread_self(), name);
}
#define pthread_setname_np(name) openiokit_pthread_setname_np(name)
#endif

#endif
