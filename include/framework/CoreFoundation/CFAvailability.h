/* SPDX-License-Identifier: MIT */
/* Compiler adaptation: enumerations with a fixed type, nullability and availability annotations. */
#ifndef __COREFOUNDATION_CFAVAILABILITY__
#define __COREFOUNDATION_CFAVAILABILITY__

#include <Availability.h>
#include <TargetConditionals.h>

#ifndef __has_feature
#define __has_feature(x) 0
#endif
#ifndef __has_extension
#define __has_extension(x) __has_feature(x)
#endif
#ifndef __has_attribute
#define __has_attribute(x) 0
#endif

/* Names of macOS's sys/cdefs.h, for clients that are compiled as they are there. */
#ifdef __APPLE__
#ifndef __printflike
#define __printflike(format, first) __attribute__((__format__(__printf__, format, first)))
#endif
#ifndef __dead2
#define __dead2 __attribute__((__noreturn__))
#endif
#ifndef __unused
#define __unused __attribute__((__unused__))
#endif
#endif

#ifndef __clang__
#ifndef _Nullable
#define _Nullable
#endif
#ifndef _Nonnull
#define _Nonnull
#endif
#ifndef _Null_unspecified
#define _Null_unspecified
#endif
#endif

#define CF_ASSUME_NONNULL_BEGIN
#define CF_ASSUME_NONNULL_END
#define CF_IMPLICIT_BRIDGING_ENABLED
#define CF_IMPLICIT_BRIDGING_DISABLED
#define CF_BRIDGED_TYPE(...)
#define CF_BRIDGED_MUTABLE_TYPE(...)
#define CF_RELATED_TYPE(...)
#define CF_RETURNS_RETAINED
#define CF_RETURNS_NOT_RETAINED
#define CF_CONSUMED
#define CF_RELEASES_ARGUMENT
#define CF_AVAILABLE(...)
#define CF_AVAILABLE_MAC(...)
#define CF_DEPRECATED(...)
#define CF_ENUM_AVAILABLE(...)
#define CF_SWIFT_NAME(...)
#define CF_NOESCAPE
#define CF_REFINED_FOR_SWIFT

#if !defined(__cplusplus) && (__has_feature(objc_fixed_enum) || __has_extension(c_fixed_enum))
#define OPENIOKIT_NAMED_ENUM(type, name)   enum name : type name; enum name : type
#define OPENIOKIT_UNNAMED_ENUM(type)       enum : type
#define OPENIOKIT_NAMED_OPTIONS(type, name) enum name : type name; enum name : type
#else
#define OPENIOKIT_NAMED_ENUM(type, name)   type name; enum
#define OPENIOKIT_UNNAMED_ENUM(type)       enum
#define OPENIOKIT_NAMED_OPTIONS(type, name) type name; enum
#endif
#define OPENIOKIT_PICK_ENUM(first, second, chosen, ...) chosen
/* typedef CF_ENUM(type, name) { ... }; or CF_ENUM(type) { ... }; */
#define CF_ENUM(...) \
    OPENIOKIT_PICK_ENUM(__VA_ARGS__, OPENIOKIT_NAMED_ENUM, OPENIOKIT_UNNAMED_ENUM, )(__VA_ARGS__)
#define CF_CLOSED_ENUM(type, name) OPENIOKIT_NAMED_ENUM(type, name)
#define CF_OPTIONS(type, name)     OPENIOKIT_NAMED_OPTIONS(type, name)

#endif
