/* SPDX-License-Identifier: MIT */
/* What the command-line tools share. No state but a text. */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include <IOKit/IOKitLib.h>
#include <mach/mach_error.h>
#include <mach/message.h>

#include "src/protocol/hostPath.h"
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

const char *tool_no_host_text(void)
{
    static char text[PATH_MAX + 100];
    char        path[PATH_MAX];
    (void)hostPath(path, sizeof path);
    snprintf(text, sizeof text, "no host is running at %s; start iokitd, or use iokit-run", path);
    return text;
}

_Noreturn void tool_fail_by_host(const tool *self, int status, const char *otherwise)
{
    uint32_t busy;
    bool     isThere = IOKitGetBusyState(kIOMainPortDefault, &busy) != MACH_SEND_INVALID_DEST;
    tool_fail(self, status, "%s", isThere ? otherwise : tool_no_host_text());
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
