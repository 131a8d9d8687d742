/* SPDX-License-Identifier: MIT */
/*
 * The hooks of suites that link the framework's objects: every class must have as many instances after a test as
 * before. The main thread's run loop is made first: it stays for the life of the program.
 */
#include "harness.h"

#include <stdio.h>

#include <CoreFoundation/CoreFoundation.h>
#include <libkern/OSMetaClass.h>

#include "frameworkHooks.h"

typedef struct Text {
    char *next;
    size_t room;
} Text;

static bool describeClass(const OSMetaClass *metaClass, void *context)
{
    Text *text = context;
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

static void makeMainLoop(void)
{
    CFRunLoopGetMain();
}

const TestHooks frameworkTestHooks = {.setUp = makeMainLoop, .describeObjects = describeClasses};
