/* SPDX-License-Identifier: MIT */
/* handleTable.c and senders.c, one by one and on several threads. */
#include "harness.h"

#include <pthread.h>
#include <string.h>

#include <IOKit/IOLib.h>
#include <libkern/libkern.h>

#include "host/handleTable.h"
#include "host/senders.h"
#include "protocol/limits.h"

OSDeclareClass(Thing);
struct Thing {
    OSObject super;
};
OSDefineClass(Thing, OSObject, .free = NULL);

static void registerThing(void)
{
    static OSMetaClass *const classes[] = {&Thing_class};
    static const OSClassList list = {classes, 1};
    assert_int_equal(OSMetaClass_registerModule("test.handles", &list), 0);
}

static uint32_t things(void)
{
    return OSMetaClass_getInstanceCount(&Thing_class);
}

static OSObject *makeThing(void)
{
    OSObject *thing = OSObjectOf(OSTypeAlloc(Thing));
    assert_non_null(thing);
    return thing;
}

TEST(one_object_one_name)
{
    HandleTable *table = HandleTable_create(100);
    OSObject *thing = makeThing();
    mach_port_t first = 0, again = 0, other = 0;
    HandleKind kind;
    assert_int_equal(HandleTable_add(table, OSRetain(thing), kHandleObject, &first), 0);
    assert_int_equal(HandleTable_add(table, OSRetain(thing), kHandleObject, &again), 0);
    assert_int_equal(HandleTable_add(table, OSRetain(thing), kHandleConnect, &other), 0);
    assert_int_equal(first, again);
    assert_int_not_equal(first, other); /* another right to the same object */
    assert_true(first > 0 && first < kNameOfLocalPorts && other > 0 && other < kNameOfLocalPorts);
    OSObject *found = HandleTable_copyObject(table, other, &kind);
    assert_ptr_equal(found, thing);
    assert_int_equal(kind, kHandleConnect);
    OSRelease(found);
    OSRelease(thing);
    HandleTable_destroy(table);
    assert_int_equal(things(), 0);
}

TEST(references_are_counted)
{
    HandleTable *table = HandleTable_create(100);
    mach_port_t name = 0;
    uint32_t count = 0;
    assert_int_equal(HandleTable_add(table, makeThing(), kHandleObject, &name), 0);
    assert_int_equal(HandleTable_modify(table, name, 2), 0);
    assert_int_equal(HandleTable_getReferences(table, name, &count), 0);
    assert_int_equal(count, 3);
    assert_int_equal(HandleTable_modify(table, name, -4), KERN_INVALID_VALUE);
    assert_int_equal(HandleTable_modify(table, name, kLimitUserReferences), KERN_UREFS_OVERFLOW);
    assert_int_equal(HandleTable_modify(table, name, -2), 0);
    assert_int_equal(things(), 1);
    assert_int_equal(HandleTable_release(table, name), 0);
    assert_int_equal(things(), 0);
    assert_int_equal(HandleTable_release(table, name), KERN_INVALID_NAME);
    assert_int_equal(HandleTable_release(table, 0), KERN_INVALID_NAME);
    assert_int_equal(HandleTable_release(table, 0xffffffff), KERN_INVALID_NAME);
    HandleTable_destroy(table);
}

TEST(names_come_back_late_and_changed)
{
    enum { kTimes = 20000 };
    HandleTable *table = HandleTable_create(100);
    mach_port_t first = 0, name = 0;
    HandleKind kind;
    assert_int_equal(HandleTable_add(table, makeThing(), kHandleObject, &first), 0);
    assert_int_equal(HandleTable_release(table, first), 0);
    for (int i = 0; i < kTimes; i++) {
        assert_int_equal(HandleTable_add(table, makeThing(), kHandleObject, &name), 0);
        assert_int_not_equal(name, first);
        assert_null(HandleTable_copyObject(table, first, &kind));
        assert_int_equal(HandleTable_release(table, name), 0);
    }
    HandleTable_destroy(table);
}

TEST(the_limit_holds_and_refused_objects_go)
{
    enum { kLimit = 1000 };
    HandleTable *table = HandleTable_create(kLimit);
    mach_port_t names[kLimit], extra = 77;
    for (int i = 0; i < kLimit; i++)
        assert_int_equal(HandleTable_add(table, makeThing(), kHandleObject, &names[i]), 0);
    assert_int_equal(HandleTable_add(table, makeThing(), kHandleObject, &extra), KERN_RESOURCE_SHORTAGE);
    assert_int_equal(extra, 77);
    assert_int_equal(things(), kLimit);
    assert_int_equal(HandleTable_getCount(table), kLimit);
    for (int i = 0; i < kLimit; i += 2)
        assert_int_equal(HandleTable_release(table, names[i]), 0);
    for (int i = 0; i < kLimit; i += 2)
        assert_int_equal(HandleTable_add(table, makeThing(), kHandleObject, &names[i]), 0);
    HandleTable_end(table);
    assert_int_equal(things(), 0);
    assert_int_equal(HandleTable_add(table, makeThing(), kHandleObject, &extra), KERN_RESOURCE_SHORTAGE);
    assert_int_equal(things(), 0);
    HandleTable_destroy(table);
}

TEST(senders_are_one_retain_over_all_tables)
{
    HandleTable *a = HandleTable_create(10), *b = HandleTable_create(10);
    OSObject *thing = makeThing();
    mach_port_t nameA = 0, nameB = 0;
    assert_int_equal(HandleTable_add(a, OSRetain(thing), kHandleObject, &nameA), 0);
    assert_int_equal(HandleTable_add(b, OSRetain(thing), kHandleObject, &nameB), 0);
    assert_int_equal(OSObject_getRetainCount(thing), 2);
    assert_int_equal(HandleTable_release(a, nameA), 0);
    assert_int_equal(OSObject_getRetainCount(thing), 2);
    assert_int_equal(HandleTable_release(b, nameB), 0);
    assert_int_equal(OSObject_getRetainCount(thing), 1);
    OSRelease(thing);
    HandleTable_destroy(a);
    HandleTable_destroy(b);
}

/* Each allocation fails once: the table stays whole, and nothing is lost. */
TEST(without_memory)
{
    for (uint64_t n = 1, failed = 1; failed; n++) {
        HandleTable *table = HandleTable_create(1000);
        mach_port_t name = 0;
        OSObject *all[100];
        failed = 0;
        for (int i = 0; i < 100; i++)
            all[i] = makeThing();
        (void)IOAllocation_failNth(n);
        for (int i = 0; i < 100; i++)
            failed += HandleTable_add(table, all[i], kHandleObject, &name) != 0;
        (void)IOAllocation_failNth(0);
        assert_int_equal(HandleTable_getCount(table), 100 - failed);
        assert_int_equal(things(), 100 - failed);
        HandleTable_destroy(table);
        assert_int_equal(things(), 0);
    }
    assert_null(((void)IOAllocation_failNth(1), HandleTable_create(10)));
    assert_null(((void)IOAllocation_failNth(2), HandleTable_create(10)));
    assert_null(((void)IOAllocation_failNth(3), HandleTable_create(10)));
    (void)IOAllocation_failNth(0);
}

enum { kThreads = 4, kRounds = 3000 };
static HandleTable *shared;
static OSObject *common;

static void *addAndRelease(void *argument)
{
    for (int i = 0; i < kRounds; i++) {
        mach_port_t mine, ours;
        HandleKind kind;
        if (HandleTable_add(shared, makeThing(), kHandleObject, &mine) != 0 ||
            HandleTable_add(shared, OSRetain(common), kHandleObject, &ours) != 0)
            return "add";
        OSObject *thing = HandleTable_copyObject(shared, mine, &kind);
        if (!thing || HandleTable_release(shared, mine) != 0 || HandleTable_release(shared, ours) != 0)
            return "release";
        OSRelease(thing);
    }
    return NULL;
}

TEST(several_threads)
{
    pthread_t threads[kThreads];
    void *wrong;
    shared = HandleTable_create(1000);
    common = makeThing();
    for (int i = 0; i < kThreads; i++)
        pthread_create(&threads[i], NULL, addAndRelease, NULL);
    for (int i = 0; i < kThreads; i++) {
        pthread_join(threads[i], &wrong);
        assert_null(wrong);
    }
    assert_int_equal(HandleTable_getCount(shared), 0);
    OSRelease(common);
    HandleTable_destroy(shared);
    assert_int_equal(things(), 0);
}

/* The tests count Things themselves. */
static const TestHooks hooks = {.setUp = registerThing};
TEST_MAIN_WITH(hooks, RUN(one_object_one_name), RUN(references_are_counted), RUN(names_come_back_late_and_changed),
               RUN(the_limit_holds_and_refused_objects_go), RUN(senders_are_one_retain_over_all_tables),
               RUN(without_memory), RUN(several_threads))
