/* SPDX-License-Identifier: MIT */
/* The PCI keys of personalities, as functions of numbers and text: testable without a device. */
#ifndef FAMILIES_PCI_IOPCIMATCH_H
#define FAMILIES_PCI_IOPCIMATCH_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Whether one of the words of a matching key matches a register.
 *   text          hex words separated by spaces, each "value" or "value&mask", with or without 0x
 *   defaultMask   for words without one
 *   value         the register's content
 * A word that is not hex ends the text.
 */
bool IOPCIMatch_wordMatches(const char *text, uint32_t defaultMask, uint32_t value);

#endif
