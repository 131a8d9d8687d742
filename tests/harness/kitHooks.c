/* SPDX-License-Identifier: MIT */
/* The hooks of suites that link the kit: every class must have as many instances after a test as before. */
#include "harness.h"

#include <stdio.h>

#include <libkern/libkern.h>

typedef struct Text {
    char  *next;
    size_t room;
} Text;

static bool describeClass(const OSMetaClass *metaClass, void *context)
{
    Text    *text  = context;
    uint32_t count = OSMetaClass_getInstanceCount(metaClass);
    if (count == 0)
        return true;
    int length = snprintf(text->next, text->room, "%s %u\n", OSMetaClass_getClassName(metaClass), count);
    if (length < 0 || (size_t)length >= text->room)
        return false;
    text->next += length;
    text->room -= (size_t)length;
    return true;
}

static void describeClasses(char *buffer, size_t size)
{
    Text text = {buffer, size};
    buffer[0] = 0;
    OSMetaClass_applyToClasses(describeClass, &text);
}

/* OSLibkern_initialize: the names of the classes are objects too, and are made with the first one. */
const TestHooks kitTestHooks = {.setUp = OSLibkern_initialize, .describeObjects = describeClasses};
