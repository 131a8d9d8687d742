/* SPDX-License-Identifier: MIT */
/* logCapture: what a test's program writes to stderr, as text. */
#ifndef TESTS_HARNESS_LOGCAPTURE_H
#define TESTS_HARNESS_LOGCAPTURE_H

/* From now on stderr goes to memory. */
void logCapture_begin(void);
/* Ends that, and gives what was written: valid until the next begin. Any thread's lines are there, whole. */
const char *logCapture_end(void);
/* How many lines of the text contain part, and how many are exactly line. */
unsigned logCapture_countContaining(const char *text, const char *part);
unsigned logCapture_countLines(const char *text, const char *line);

#endif
