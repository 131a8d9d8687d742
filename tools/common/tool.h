/* SPDX-License-Identifier: MIT */
/* What the command-line tools share: --help, --version, and how they fail. */
#ifndef TOOLS_COMMON_TOOL_H
#define TOOLS_COMMON_TOOL_H

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>

#include <IOKit/IOReturn.h>

/* Values of the long options that every tool has; a tool's own long options without a letter start above them. */
enum { kOptionHelp = 256, kOptionVersion, kOptionFirstOwn };

#define TOOL_OPTIONS {"help", no_argument, NULL, kOptionHelp}, {"version", no_argument, NULL, kOptionVersion}

/*
 * One tool, as main describes it.
 *   synopsis      the line behind "usage: "
 *   description   what follows it in the help text, with its newline at the end
 *   usageStatus   exit status for wrong arguments
 */
typedef struct tool {
    const char *name;
    const char *synopsis;
    const char *description;
    int         usageStatus;
} tool;

/* Answers --help and --version on stdout and exits with 0. Returns for any other option. */
void tool_handle_common(const tool *self, int option);

/* Prints the usage on stderr and exits with the tool's usageStatus. */
_Noreturn void tool_wrong_usage(const tool *self);

/* Prints "name: message" on stderr and exits with the status. */
_Noreturn void tool_fail(const tool *self, int status, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Prints "name: message" on stderr. */
void tool_warn(const tool *self, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* "no host is running at PATH; start iokitd, or use iokit-run". Static. */
const char *tool_no_host_text(void);

/* As tool_fail with that text when no host answers, else with the other one: what the host did not give. */
_Noreturn void tool_fail_by_host(const tool *self, int status, const char *otherwise);

/* Flushes stdout; when that fails, or wrote to a full disk or a closed pipe before, says so and returns EX_IOERR, else
 * the status. To be the last thing main does. */
int tool_finish(const tool *self, int status);

/* A result of I/O Kit, libkern or Mach in words, for messages. The text is static. */
const char *tool_result_text(kern_return_t result);

#endif
