/* SPDX-License-Identifier: MIT */
#ifndef TESTS_HARNESS_FRAMEWORKHOOKS_H
#define TESTS_HARNESS_FRAMEWORKHOOKS_H

#include "harness.h"

extern const TestHooks frameworkTestHooks;

#endif
