/* SPDX-License-Identifier: MIT */
/*
 * Waiting for a word of shared memory to change: spin while that has been paying off, then sleep in a futex.
 * Used by both sides of a slot. A Waiter belongs to the one thread that waits.
 */
#ifndef PROTOCOL_WAITER_H
#define PROTOCOL_WAITER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct Waiter {
    uint32_t budget; /* nanoseconds that the next wait may spin; 0: it sleeps at once */
    uint32_t short_; /* sleeps in a row that spinning would have saved */
} Waiter;

/*
 * Returns when the word is not old any more, or *ended.
 *   sleeping   set while this side sleeps, so that the other wakes it
 */
void Waiter_wait(Waiter *self, _Atomic(uint32_t) *word, uint32_t old, _Atomic(uint32_t) *sleeping,
                 const _Atomic(bool) *ended);

/* Writes the word and wakes the other side if it sleeps. */
void Waiter_post(_Atomic(uint32_t) *word, uint32_t value, const _Atomic(uint32_t) *sleeping);

/* Changes the word, whatever it is, and wakes whoever sleeps on it: for the end of a connection. */
void Waiter_disturb(_Atomic(uint32_t) *word);

#endif
