/* SPDX-License-Identifier: MIT */
/* An executable without OSModuleClasses. */
extern const int noClassList;
const int        noClassList = 1;
