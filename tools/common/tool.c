/* SPDX-License-Identifier: MIT */
/* What the command-line tools share. No state. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include <mach/mach_error.h>

#include "tool.h"

static void print_usage(const tool *self, FILE *file)
{
    fprintf(file, "usage: %s %s\n%s", self->name, self->synopsis, self->description);
}

void tool_handle_common(const tool *self, int option)
{
    if (option == kOptionHelp)
        print_usage(self, stdout);
    else if (option == kOptionVersion)
        printf("%s (OpenIOKit) %s\n", self->name, OPENIOKIT_VERSION);
    else
        return;
    exit(tool_finish(self, EX_OK));
}

_Noreturn void tool_wrong_usage(const tool *self)
{
    print_usage(self, stderr);
    exit(self->usageStatus);
}

static void print_message(const tool *self, const char *format, va_list arguments)
{
    fflush(stdout); /* keeps both streams in order on a terminal */
    fprintf(stderr, "%s: ", self->name);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
}

_Noreturn void tool_fail(const tool *self, int status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    print_message(self, format, arguments);
    va_end(arguments);
    exit(status);
}

void tool_warn(const tool *self, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    print_message(self, format, arguments);
    va_end(arguments);
}

int tool_finish(const tool *self, int status)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    tool_warn(self, "cannot write: %s", strerror(errno));
    return EX_IOERR;
}

const char *tool_result_text(kern_return_t result)
{
    return mach_error_string(result);
}
