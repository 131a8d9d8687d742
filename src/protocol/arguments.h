/* SPDX-License-Identifier: MIT */
/*
 * Walking the argument sequence of a row of routines.def. A sequence is (kind, name, limit)(kind, name, limit)...; a
 * walk is a pair of macros that expand one element and name each other, so that each element is followed by the next:
 *
 *     #define EACH_PUT_A(kind, name, limit) PUT_##kind(name, limit) EACH_PUT_B
 *     #define EACH_PUT_B(kind, name, limit) PUT_##kind(name, limit) EACH_PUT_A
 *     #define EACH_PUT_A_END
 *     #define EACH_PUT_B_END
 *
 * ARGUMENTS(EACH_PUT, sequence) is then PUT_kind(name, limit) for each element.
 */
#ifndef PROTOCOL_ARGUMENTS_H
#define PROTOCOL_ARGUMENTS_H

#define ARGUMENTS(walk, sequence)       ARGUMENTS_END(walk##_A sequence)
#define ARGUMENTS_END(...)              ARGUMENTS_END_(__VA_ARGS__)
#define ARGUMENTS_END_(...)             __VA_ARGS__##_END

#endif
