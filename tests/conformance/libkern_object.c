/* SPDX-License-Identifier: MIT */
/* OSObject and OSMetaClass: SEMANTICS 1.1 to 1.16. */
#include "harness.h"

#include <string.h>

#include <IOKit/IOLib.h>
#include <libkern/OSSerialize.h>
#include <libkern/libkern.h>

/* Two classes of a module of the tests: a base with a field and a slot, and one derived from it. */
OSDeclareBaseClass(TestShape);
struct TestShapeMethods {
    OSObject_METHODS
    int (*corners)(const TestShape *self);
};
struct TestShape {
    OSObject super;
    int      tag;
};

OSDeclareClass(TestSquare);
struct TestSquare {
    TestShape super;
    int       side;
};

static int freedSquares;

static int TestShape_corners_(const TestShape *self)
{
    return self->tag;
}

static int TestSquare_corners(const TestShape *self)
{
    return 4 + TestShape_super()->corners(self);
}

static void TestSquare_free(OSObject *object)
{
    freedSquares++;
    TestShape_super()->free(object);
}

OSDefineBaseClass(TestShape, OSObject, .corners = TestShape_corners_);
OSDefineClass(TestSquare, TestShape, .free = TestSquare_free, .corners = TestSquare_corners);

static OSMetaClass *const shapes[]  = {&TestSquare_class, &TestShape_class}; /* the subclass first, on purpose */
static const OSClassList  shapeList = {shapes, 2};

static void registerShapes(void)
{
    assert_int_equal(OSMetaClass_registerModule("test.shapes", &shapeList), kOSReturnSuccess);
}

static void unregisterShapes(void)
{
    assert_int_equal(OSMetaClass_unregisterModule(&shapeList), kOSReturnSuccess);
}

TEST(1_1_new_object)
{
    registerShapes();
    TestSquare *square = OSTypeAlloc(TestSquare);
    assert_int_equal(OSObject_getRetainCount(OSObjectOf(square)), 1);
    assert_int_equal(square->side, 0);
    assert_int_equal(square->super.tag, 0);
    OSObject_retainForCollection(OSObjectOf(square));
    assert_int_equal(OSObject_getRetainCount(OSObjectOf(square)), 2); /* the low half only */
    OSObject_releaseForCollection(OSObjectOf(square));
    OSRelease(square);
    unregisterShapes();
}

TEST(1_2_collection_references)
{
    OSNumber *number = OSNumber_withNumber(1, 8);
    OSObject *object = OSObjectOf(number);
    OSRetain(number);
    assert_int_equal(atomic_load(&object->retainCount), 2);
    OSObject_retainForCollection(object);
    assert_int_equal(atomic_load(&object->retainCount), 0x10003);
    OSRelease(number);
    assert_int_equal(atomic_load(&object->retainCount), 0x10002);
    OSObject_releaseForCollection(object);
    assert_int_equal(atomic_load(&object->retainCount), 1);
    OSRelease(number);
}

TEST(1_3_over_release)
{
    OSNumber *number = OSNumber_withNumber(1, 8);
    OSArray  *array  = OSArray_withCapacity(1);
    OSArray_setObject(array, OSObjectOf(number));
    OSArray_setObject(array, OSObjectOf(number));
    OSRelease(number);
    OSRelease(number); /* one too many: 1 reference, 2 of collections */
}

TEST(1_3_over_release_of_the_last)
{
    OSNumber *number = OSNumber_withNumber(1, 8);
    OSArray  *array  = OSArray_withCapacity(1);
    OSArray_setObject(array, OSObjectOf(number));
    OSRelease(number);
    OSRelease(number);
}

static OSNumber *volatile immortal; /* keeps what a test pegs reachable for LeakSanitizer; volatile: nobody reads it */

TEST(1_4_pegged)
{
    OSNumber *number = immortal = OSNumber_withNumber(1, 8);
    OSObject_peg(OSObjectOf(number));
    for (int i = 0; i < 3; i++)
        OSRelease(number);
    assert_int_equal(OSNumber_unsigned8BitValue(number), 1);
    assert_int_equal(OSObject_getRetainCount(OSObjectOf(number)), 0xfffe);
    OSRetain(number);
    assert_int_equal(OSObject_getRetainCount(OSObjectOf(number)), 0xfffe);
    assert_true(OSObject_tryRetain(OSObjectOf(number)));
}

/* A count that reaches the peg stays there. */
TEST(1_4_count_runs_into_the_peg)
{
    OSNumber *number = immortal = OSNumber_withNumber(1, 8);
    for (int i = 1; i < 0xfffe; i++)
        OSRetain(number);
    for (int i = 0; i < 0x20000; i++)
        OSRelease(number);
    assert_int_equal(OSNumber_unsigned8BitValue(number), 1);
}

static bool     retainInFree;
static OSObject *seenInFree;

static void TestGrave_free(OSObject *object)
{
    seenInFree = object;
    OSRelease(object); /* silently nothing */
    assert_false(OSObject_tryRetain(object));
    if (retainInFree)
        OSRetain(object);
    OSObject_super()->free(object);
}

OSDeclareClass(TestGrave);
struct TestGrave {
    OSObject super;
};
OSDefineClass(TestGrave, OSObject, .free = TestGrave_free);

static OSMetaClass *const graves[]  = {&TestGrave_class};
static const OSClassList  graveList = {graves, 1};

TEST(1_4_being_freed)
{
    assert_int_equal(OSMetaClass_registerModule("test.graves", &graveList), kOSReturnSuccess);
    TestGrave *grave = OSTypeAlloc(TestGrave);
    OSObject  *object = OSObjectOf(grave);
    OSRelease(grave);
    assert_ptr_equal(seenInFree, object);
    assert_int_equal(OSMetaClass_unregisterModule(&graveList), kOSReturnSuccess);
}

TEST(1_4_retain_while_being_freed)
{
    retainInFree = true;
    t1_4_being_freed();
}

TEST(1_5_free_when)
{
    registerShapes();
    TestSquare *square = OSTypeAlloc(TestSquare);
    OSRetain(square);
    OSRetain(square);
    OSObject_releaseFreeWhen(OSObjectOf(square), 2); /* 2 left: not below 2 */
    assert_int_equal(freedSquares, 0);
    OSObject_releaseFreeWhen(OSObjectOf(square), 2); /* 1 left */
    assert_int_equal(freedSquares, 1);
    unregisterShapes();
}

TEST(1_6_free_and_equality)
{
    registerShapes();
    TestSquare *one = OSTypeAlloc(TestSquare), *two = OSTypeAlloc(TestSquare);
    assert_true(OSObject_isEqualTo(OSObjectOf(one), OSObjectOf(one)));
    assert_false(OSObject_isEqualTo(OSObjectOf(one), OSObjectOf(two)));
    assert_false(OSObject_isEqualTo(OSObjectOf(one), NULL));
    assert_int_equal(OSMetaClass_getInstanceCount(&TestSquare_class), 2);
    size_t bytes = IOAllocatedBytes(kIOAllocationInstance);
    OSRelease(one);
    assert_int_equal(OSMetaClass_getInstanceCount(&TestSquare_class), 1);
    assert_int_equal(bytes - IOAllocatedBytes(kIOAllocationInstance), sizeof(TestSquare));
    OSRelease(two);
    unregisterShapes();
}

TEST(1_7_not_serializable)
{
    registerShapes();
    TestSquare  *square     = OSTypeAlloc(TestSquare);
    OSSerialize *serializer = OSSerialize_withCapacity(64);
    assert_true(OSObject_serialize(OSObjectOf(square), serializer));
    assert_string_equal(OSSerialize_text(serializer), "<string ID=\"0\">TestSquare is not serializable</string>");
    OSRelease(serializer);
    OSRelease(square);
    unregisterShapes();
}

TEST(1_8_instance_counts)
{
    registerShapes();
    uint32_t    roots = OSMetaClass_getInstanceCount(&OSObject_class);
    TestSquare *one = OSTypeAlloc(TestSquare), *two = OSTypeAlloc(TestSquare);
    assert_int_equal(OSMetaClass_getInstanceCount(&TestSquare_class), 2);
    assert_int_equal(OSMetaClass_getInstanceCount(&TestShape_class), 1); /* one subclass that has any */
    assert_int_equal(OSMetaClass_getInstanceCount(&OSObject_class), roots + 1);
    TestShape *shape = OSTypeAlloc(TestShape);
    assert_int_equal(OSMetaClass_getInstanceCount(&TestShape_class), 2);
    assert_int_equal(OSMetaClass_getInstanceCount(&OSObject_class), roots + 1);
    OSRelease(one);
    assert_int_equal(OSMetaClass_getInstanceCount(&TestShape_class), 2);
    OSRelease(two);
    assert_int_equal(OSMetaClass_getInstanceCount(&TestShape_class), 1);
    OSRelease(shape);
    assert_int_equal(OSMetaClass_getInstanceCount(&OSObject_class), roots);
    unregisterShapes();
}

TEST(1_9_allocation_by_name)
{
    registerShapes();
    OSObject *object = OSMetaClass_allocClassWithName("TestSquare");
    assert_string_equal(OSObject_getClassName(object), "TestSquare");
    OSRelease(object);
    assert_null(OSMetaClass_allocClassWithName("TestCircle"));
    assert_null(OSMetaClass_allocClassWithName("OSObject"));
    assert_null(OSMetaClass_allocClassWithName("OSCollection"));
    assert_null(OSMetaClass_alloc(&OSIterator_class));
    assert_null(OSMetaClass_allocClassWithName("OSMetaClass"));
    unregisterShapes();
    assert_null(OSMetaClass_allocClassWithName("TestSquare"));
}

TEST(1_9_allocation_of_an_unregistered_class)
{
    OSTypeAlloc(TestSquare);
}

TEST(1_10_casts)
{
    registerShapes();
    TestSquare *square = OSTypeAlloc(TestSquare);
    OSObject   *object = OSObjectOf(square);
    assert_ptr_equal(OSDynamicCast(TestSquare, object), square);
    assert_ptr_equal(OSDynamicCast(TestShape, object), square);
    assert_ptr_equal(OSDynamicCast(OSObject, object), square);
    assert_null(OSDynamicCast(OSString, object));
    assert_null(OSDynamicCast(OSMetaClass, object));
    assert_ptr_equal(OSMetaClass_checkMetaCastWithName("TestShape", object), square);
    assert_null(OSMetaClass_checkMetaCastWithName("TestCircle", object));
    assert_null(OSMetaClass_checkMetaCast(&TestShape_class, NULL));
    assert_null(OSMetaClass_checkMetaCastWithName("TestShape", NULL));
    assert_int_equal(OSObject_getRetainCount(object), 1);
    assert_int_equal(TestSquare_corners(&square->super), 4);
    assert_int_equal(OSMethodsOf(TestShape, square)->corners(&square->super), 4);
    OSRelease(square);

    TestShape *shape = OSTypeAlloc(TestShape);
    assert_null(OSDynamicCast(TestSquare, shape)); /* not downwards */
    OSRelease(shape);
    unregisterShapes();
}

TEST(1_10_metaclasses_cast_like_objects)
{
    assert_ptr_equal(OSDynamicCast(OSMetaClass, &OSString_class.super), &OSString_class);
    assert_null(OSDynamicCast(OSString, &OSString_class.super));
    assert_string_equal(OSObject_getClassName(&OSString_class.super), "OSMetaClass");
}

TEST(1_11_required_cast)
{
    OSNumber *number = OSNumber_withNumber(1, 8);
    assert_null(OSRequiredCast(OSString, (OSObject *)NULL));
    assert_ptr_equal(OSRequiredCast(OSNumber, OSObjectOf(number)), number);
    (void)OSRequiredCast(OSString, OSObjectOf(number));
}

TEST(1_12_metaclasses_ignore_references)
{
    OSRetain(&OSString_class.super);
    for (int i = 0; i < 4; i++)
        OSRelease(&OSString_class.super);
    assert_int_equal(OSObject_getRetainCount(&OSString_class.super), 0);
    assert_ptr_equal(OSMetaClass_getMetaClassWithName("OSString"), &OSString_class);
}

/* A second class of a name that is taken. */
static OSMetaClass impostor = {.super        = OSMetaClass_pegged,
                               .name         = "OSString",
                               .superClass   = &OSObject_class,
                               .instanceSize = sizeof(OSObject)};

TEST(1_13_duplicate_class)
{
    OSMetaClass *const classes[] = {&TestShape_class, &impostor, &TestSquare_class};
    const OSClassList  list      = {classes, 3};
    assert_int_equal(OSMetaClass_registerModule("test.impostor", &list), kOSMetaClassDuplicateClass);
    assert_null(OSMetaClass_getMetaClassWithName("TestShape"));
    assert_null(OSMetaClass_getMetaClassWithName("TestSquare"));
    assert_ptr_equal(OSMetaClass_getMetaClassWithName("OSString"), &OSString_class);
    registerShapes(); /* nothing of the failed attempt is in the way */
    assert_int_equal(OSMetaClass_registerModule("test.shapes", &shapeList), kOSMetaClassDuplicateClass);
    assert_ptr_equal(OSMetaClass_getMetaClassWithName("TestShape"), &TestShape_class);
    unregisterShapes();
}

TEST(1_13_superclass_missing)
{
    OSMetaClass *const classes[] = {&TestSquare_class};
    const OSClassList  list      = {classes, 1};
    assert_int_equal(OSMetaClass_registerModule("test.orphan", &list), kOSMetaClassNoSuper);
    assert_null(OSMetaClass_getMetaClassWithName("TestSquare"));
}

TEST(1_14_unload_with_instances)
{
    registerShapes();
    TestSquare *square = OSTypeAlloc(TestSquare);
    assert_true(OSMetaClass_moduleHasInstances(&shapeList));
    assert_int_equal(OSMetaClass_unregisterModule(&shapeList), kOSMetaClassHasInstances);
    assert_ptr_equal(OSMetaClass_getMetaClassWithName("TestShape"), &TestShape_class);
    OSRelease(square);
    assert_false(OSMetaClass_moduleHasInstances(&shapeList));
    unregisterShapes();
    assert_null(OSMetaClass_getMetaClassWithName("TestShape"));
    registerShapes(); /* and loads again */
    assert_ptr_equal(OSMetaClass_getMetaClassWithName("TestSquare"), &TestSquare_class);
    unregisterShapes();
}

TEST(1_14_unload_with_a_subclass_elsewhere)
{
    OSMetaClass *const base[] = {&TestShape_class}, *const derived[] = {&TestSquare_class};
    const OSClassList  baseList = {base, 1}, derivedList = {derived, 1};
    assert_int_equal(OSMetaClass_registerModule("test.base", &baseList), kOSReturnSuccess);
    assert_int_equal(OSMetaClass_registerModule("test.derived", &derivedList), kOSReturnSuccess);
    assert_int_equal(OSMetaClass_unregisterModule(&baseList), kOSMetaClassHasInstances);
    assert_int_equal(OSMetaClass_unregisterModule(&derivedList), kOSReturnSuccess);
    assert_int_equal(OSMetaClass_unregisterModule(&baseList), kOSReturnSuccess);
}

TEST(1_15_class_dictionary)
{
    registerShapes();
    TestSquare   *square = OSTypeAlloc(TestSquare);
    OSDictionary *dict   = OSDictionary_withCapacity(1);
    assert_true(OSMetaClass_serializeClassDictionary(dict));
    OSDictionary *classes = OSDynamicCast(OSDictionary, OSDictionary_getObject(dict, "Classes"));
    OSNumber     *count   = OSDynamicCast(OSNumber, OSDictionary_getObject(classes, "TestShape"));
    assert_int_equal(OSNumber_numberOfBits(count), 32);
    assert_int_equal(OSNumber_unsigned32BitValue(count), 1);
    count = OSDynamicCast(OSNumber, OSDictionary_getObject(classes, "OSBoolean"));
    assert_int_equal(OSNumber_unsigned32BitValue(count), 2);
    OSRelease(dict);
    OSRelease(square);
    unregisterShapes();
}

TEST(1_16_return_codes)
{
    assert_int_equal(kOSReturnSuccess, 0);
    assert_int_equal((uint32_t)kOSReturnError, 0xdc000001u);
    const int codes[] = {kOSMetaClassInternal,     kOSMetaClassHasInstances, kOSMetaClassNoInit,    kOSMetaClassNoTempData,
                         kOSMetaClassNoDicts,      kOSMetaClassNoKModSet,    kOSMetaClassNoInsKModSet, kOSMetaClassNoSuper,
                         kOSMetaClassInstNoSuper,  kOSMetaClassDuplicateClass, kOSMetaClassNoKext};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        assert_int_equal((uint32_t)codes[i], 0xdc004001u + i);
}

TEST_MAIN(RUN(1_1_new_object), RUN(1_2_collection_references), ABORTS(1_3_over_release, "OSNumber"),
          ABORTS(1_3_over_release_of_the_last, "corrupts the registry"), RUN_KEEPS(1_4_pegged),
          RUN_KEEPS(1_4_count_runs_into_the_peg), RUN(1_4_being_freed),
          ABORTS(1_4_retain_while_being_freed, "TestGrave retained while it is being freed"), RUN(1_5_free_when),
          RUN(1_6_free_and_equality), RUN(1_7_not_serializable), RUN(1_8_instance_counts), RUN(1_9_allocation_by_name),
          ABORTS(1_9_allocation_of_an_unregistered_class, "no module has registered"), RUN(1_10_casts),
          RUN(1_10_metaclasses_cast_like_objects), ABORTS(1_11_required_cast, "a OSNumber is not a OSString"),
          RUN(1_12_metaclasses_ignore_references), RUN(1_13_duplicate_class), RUN(1_13_superclass_missing),
          RUN(1_14_unload_with_instances), RUN(1_14_unload_with_a_subclass_elsewhere), RUN(1_15_class_dictionary),
          RUN(1_16_return_codes))
