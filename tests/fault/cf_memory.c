/* SPDX-License-Identifier: MIT */
/* CoreFoundation without memory: each operation, with each of its allocations failing, gives all or nothing. */
#include "frameworkHooks.h"

#include <string.h>

#include <CoreFoundation/CoreFoundation.h>
#include <IOKit/IOCFSerialize.h>
#include <IOKit/IOCFUnserialize.h>
#include <IOKit/IOLib.h>

static const char text[] =
    "<dict><key>a</key><array><string>one</string><integer size=\"8\">0x2</integer><data>AAEC</data>"
    "</array><key>b</key><dict><key>c</key><true/><key>d</key><string>four</string></dict></dict>";

typedef CFTypeRef (*Operation)(CFTypeRef object);

/* Fails the n-th allocation for each n, until the operation makes fewer. */
static void failEach(Operation operation, CFTypeRef argument)
{
    CFTypeRef expected = operation(argument);
    assert_non_null(expected);
    for (uint64_t n = 1;; n++) {
        IOAllocation_failNth(n);
        CFTypeRef result = operation(argument);
        uint64_t made = IOAllocation_failNth(0);
        if (result) {
            assert_true(CFEqual(result, expected));
            CFRelease(result);
        }
        if (made < n) {
            assert_non_null(result);
            break;
        }
        assert_true(n < 1000);
    }
    CFRelease(expected);
}

static CFTypeRef unserialize(CFTypeRef unused)
{
    return IOCFUnserialize(text, NULL, 0, NULL);
}

static CFTypeRef throughBinary(CFTypeRef object)
{
    CFDataRef data = IOCFSerialize(object, kIOCFSerializeToBinary);
    CFTypeRef back =
        data ? IOCFUnserializeBinary((const char *)CFDataGetBytePtr(data), (size_t)CFDataGetLength(data), NULL, 0, NULL)
             : NULL;
    if (data)
        CFRelease(data);
    return back;
}

static CFTypeRef throughXML(CFTypeRef object)
{
    CFErrorRef error = NULL;
    CFDataRef data = CFPropertyListCreateData(NULL, object, kCFPropertyListXMLFormat_v1_0, 0, &error);
    CFTypeRef back = data ? CFPropertyListCreateWithData(NULL, data, 0, NULL, &error) : NULL;
    if (data)
        CFRelease(data);
    if (error)
        CFRelease(error);
    return back;
}

static CFTypeRef copyDeeply(CFTypeRef object)
{
    return CFPropertyListCreateDeepCopy(NULL, object, kCFPropertyListMutableContainersAndLeaves);
}

static CFTypeRef format(CFTypeRef object)
{
    return CFStringCreateWithFormat(NULL, NULL, CFSTR("%d caf\xc3\xa9 %s"), 5, "some text that is long enough to grow");
}

TEST(unserialize_text)
{
    failEach(unserialize, NULL);
}

TEST(copies_and_round_trips)
{
    CFTypeRef object = unserialize(NULL);
    failEach(throughBinary, object);
    failEach(throughXML, object);
    failEach(copyDeeply, object);
    CFRelease(object);
}

TEST(strings)
{
    failEach(format, NULL);
}

TEST_MAIN_WITH(frameworkTestHooks, RUN(unserialize_text), RUN(copies_and_round_trips), RUN(strings))
