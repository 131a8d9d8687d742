/* SPDX-License-Identifier: MIT */
/* What a fuzz target is: one function, called with any bytes, in libFuzzer's convention. */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Returns 0. Aborts when something is wrong with what the bytes did. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
