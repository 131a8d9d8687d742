/* SPDX-License-Identifier: MIT */
/* logCapture: stderr in a memory file, for tests that look at the log. */
#include "logCapture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { kTextMax = 64 * 1024 };

static int  memory = -1, before = -1;
static char text[kTextMax];

static void require(int condition, const char *what)
{
    if (condition)
        return;
    perror(what);
    abort();
}

void logCapture_begin(void)
{
    fflush(stderr);
    before = dup(STDERR_FILENO);
    memory = memfd_create("log", MFD_CLOEXEC);
    require(before >= 0 && memory >= 0 && dup2(memory, STDERR_FILENO) >= 0, "logCapture_begin");
}

const char *logCapture_end(void)
{
    fflush(stderr);
    require(dup2(before, STDERR_FILENO) >= 0, "logCapture_end");
    ssize_t length = pread(memory, text, kTextMax - 1, 0);
    require(length >= 0, "logCapture_end");
    text[length] = 0;
    close(before);
    close(memory);
    return text;
}

static unsigned countLines(const char *lines, const char *wanted, int whole)
{
    unsigned count = 0;
    for (size_t length; *lines; lines += length + (lines[length] != 0)) {
        length      = strcspn(lines, "\n");
        char *line  = strndup(lines, length);
        int   found = whole ? strcmp(line, wanted) == 0 : strstr(line, wanted) != NULL;
        free(line);
        count += found != 0;
    }
    return count;
}

unsigned logCapture_countContaining(const char *lines, const char *part)
{
    return countLines(lines, part, 0);
}

unsigned logCapture_countLines(const char *lines, const char *line)
{
    return countLines(lines, line, 1);
}
