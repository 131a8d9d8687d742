/* SPDX-License-Identifier: MIT */
/*
 * IOKitLib: how a program finds services, reads the registry, asks for notifications and calls drivers
 * (IOKit/IOKitLib.h). The names, arguments and results are those of Apple's IOKitLib.
 *
 * Handles. An io_object_t is a name in a table of this process. A function that returns one gives a reference, which
 * the caller drops with IOObjectRelease, whatever the function is called (Get..., Copy..., Create..., Next). 0 is no
 * object. Handles may be used from any thread.
 *
 * Ownership. Create and Copy return Core Foundation objects that the caller releases. A function that consumes a
 * matching dictionary says so; it does so on failure too.
 *
 * mainPort arguments take kIOMainPortDefault (0) or what IOMainPort returned. Names that go in have at most 127 bytes;
 * Apple's prototypes write them as const io_name_t, which is the same type.
 *
 * Results. 0 (kIOReturnSuccess) or a code of IOReturn.h, from the host, the service or the driver. A handle that is not
 * held, or whose host is gone, gives MACH_SEND_INVALID_DEST.
 *
 * Every function may be called from any thread and may block until the host answers.
 */
#ifndef _IOKIT_IOKITLIB_H
#define _IOKIT_IOKITLIB_H

#include <sys/cdefs.h>
#include <sys/types.h>

#include <mach/mach_init.h>
#include <mach/mach_types.h>
#include <mach/message.h>

#include <CoreFoundation/CFBase.h>
#include <CoreFoundation/CFDictionary.h>
#include <CoreFoundation/CFRunLoop.h>

#include <IOKit/IOKitKeys.h>
#include <IOKit/IOTypes.h>
#include <IOKit/OSMessageNotification.h>

__BEGIN_DECLS

/* Receives the notifications of one program part; see IONotificationPortCreate. */
typedef struct IONotificationPort *IONotificationPortRef;

/* refcon as given when the notification was asked for; the iterator is borrowed and must be emptied to hear again. */
typedef void (*IOServiceMatchingCallback)(void *refcon, io_iterator_t iterator);

/* The service is borrowed. The argument is a scalar, or points to up to 64 bytes that are valid during the call. */
typedef void (*IOServiceInterestCallback)(void *refcon, io_service_t service, uint32_t messageType,
                                          void *messageArgument);

/* How the result of an asynchronous call arrives, by the number of its arguments: 0, 1, 2, more. */
typedef void (*IOAsyncCallback0)(void *refcon, IOReturn result);
typedef void (*IOAsyncCallback1)(void *refcon, IOReturn result, void *arg0);
typedef void (*IOAsyncCallback2)(void *refcon, IOReturn result, void *arg0, void *arg1);
typedef void (*IOAsyncCallback)(void *refcon, IOReturn result, void **args, uint32_t numArgs);

/* ---- The main port ---- */

/* Both 0. The second is the older name. */
extern const mach_port_t kIOMainPortDefault;
extern const mach_port_t kIOMasterPortDefault;

/* The port through which the host is reached. bootstrapPort is ignored. Always kIOReturnSuccess; nothing to release. */
kern_return_t IOMainPort(mach_port_t bootstrapPort, mach_port_t *mainPort);
kern_return_t IOMasterPort(mach_port_t bootstrapPort, mach_port_t *mainPort);

/* ---- Notification ports ---- */

/*
 * A port on which notifications arrive. It delivers through one of: the run-loop source, or mach_msg on its Mach port
 * with IODispatchCalloutFromMessage; nothing is called until one of them is serviced.
 *   Returns    a port to be destroyed, or NULL without memory
 */
IONotificationPortRef IONotificationPortCreate(mach_port_t mainPort);

/* Invalidates the run-loop source and destroys the port. The iterators and notification objects that deliver to it
 * stay the caller's to release. */
void IONotificationPortDestroy(IONotificationPortRef notify);

/* The port's source, made on first use, to be added to run loops; owned by the port. NULL without memory. */
CFRunLoopSourceRef IONotificationPortGetRunLoopSource(IONotificationPortRef notify);

/* The Mach port behind it, for mach_msg; owned by the notification port. */
mach_port_t IONotificationPortGetMachPort(IONotificationPortRef notify);

/* Asks that whoever waits for this port is favoured by the scheduler. Linux has no such thing: succeeds, no effect. */
kern_return_t IONotificationPortSetImportanceReceiver(IONotificationPortRef notify);

/* Decodes one message that mach_msg received on a notification port, calls its callback on this thread, and drops the
 * references that the message carried. A message of another kind is ignored. The other arguments are ignored. */
void IODispatchCalloutFromMessage(void *unused, mach_msg_header_t *msg, void *reference);

/*
 * Takes a simple notification message apart. Each pointer may be NULL; content points into the message.
 *   index      0; others give kIOReturnNoResources
 *   Returns    kIOReturnBadMessageID for a message of another kind, kIOReturnNoResources for a short one
 */
kern_return_t OSGetNotificationFromMessage(mach_msg_header_t *msg, uint32_t index, uint32_t *type,
                                           uintptr_t *reference, void **content, vm_size_t *size);

/* A new Mach port to receive messages of that id: kOSNotificationMessageID or kOSAsyncCompleteMessageID, else
 * kIOReturnBadArgument. The caller destroys it with mach_port_mod_refs or mach_port_destroy. */
kern_return_t IOCreateReceivePort(uint32_t msgType, mach_port_t *recvPort);

/* ---- Objects ---- */

/* Drops or adds one reference. KERN_SUCCESS for 0 when releasing; KERN_INVALID_NAME for a name that is not held. */
kern_return_t IOObjectRelease(io_object_t object);
kern_return_t IOObjectRetain(io_object_t object);

/* The object's class: the most derived, or what its property IOClassNameOverride says. */
kern_return_t IOObjectGetClass(io_object_t object, io_name_t className);
CFStringRef   IOObjectCopyClass(io_object_t object);

/* The superclass of a class of that name, and the identifier of the bundle it came from. NULL if there is none. */
CFStringRef IOObjectCopySuperclassForClass(CFStringRef classname);
CFStringRef IOObjectCopyBundleIdentifierForClass(CFStringRef classname);

/* Whether the object is of the class or of one derived from it, or names it in IOUserClasses or IOClassNameOverride. */
boolean_t IOObjectConformsTo(io_object_t object, const char *className);

/* Whether two handles of this process stand for the same object. */
boolean_t IOObjectIsEqualTo(io_object_t object, io_object_t anObject);

/* The references of the host to the object, and of this process to the handle. 0 on error. */
uint32_t IOObjectGetKernelRetainCount(io_object_t object);
uint32_t IOObjectGetRetainCount(io_object_t object);
uint32_t IOObjectGetUserRetainCount(io_object_t object);

/* ---- Iterators ---- */

/* The next object, to be released, or 0 at the end or when the iterator is not valid any more. */
io_object_t IOIteratorNext(io_iterator_t iterator);

/* Starts over; an iterator that lost its validity is valid again. */
void IOIteratorReset(io_iterator_t iterator);

/* Whether the registry has not changed under the iterator. */
boolean_t IOIteratorIsValid(io_iterator_t iterator);

/* ---- Matching dictionaries: new, mutable, the caller's; no look-up is made ---- */

CFMutableDictionaryRef IOServiceMatching(const char *name) CF_RETURNS_RETAINED;
CFMutableDictionaryRef IOServiceNameMatching(const char *name) CF_RETURNS_RETAINED;
CFMutableDictionaryRef IORegistryEntryIDMatching(uint64_t entryID) CF_RETURNS_RETAINED;

/* By the name of a node below /dev or of a network interface. NULL for a NULL name. options: 0. */
CFMutableDictionaryRef IOBSDNameMatching(mach_port_t mainPort, uint32_t options, const char *bsdName)
    CF_RETURNS_RETAINED;

/* By a path in the plane IODeviceTree, without the plane's name. NULL when it is too long. options: 0. */
CFMutableDictionaryRef IOOpenFirmwarePathMatching(mach_port_t mainPort, uint32_t options, const char *path)
    CF_RETURNS_RETAINED;

/* Nothing here names devices by Open Firmware paths with a BSD name: KERN_FAILURE when the path leads to none. */
kern_return_t IOServiceOFPathToBSDName(mach_port_t mainPort, const char *openFirmwarePath, io_name_t bsdName);

/* ---- Finding services ---- */

/* The first registered service that matches, or 0. Consumes the dictionary. */
io_service_t IOServiceGetMatchingService(mach_port_t mainPort, CFDictionaryRef matching CF_RELEASES_ARGUMENT);

/*
 * Every registered service that matches.
 *   matching   consumed
 *   existing   an iterator, or 0 when nothing matches
 *   Returns    kIOReturnBadArgument for a NULL dictionary, kIOReturnUnsupported for one that cannot be serialised
 */
kern_return_t IOServiceGetMatchingServices(mach_port_t mainPort, CFDictionaryRef matching CF_RELEASES_ARGUMENT,
                                           io_iterator_t *existing);

/*
 * Calls back when services appear, match or terminate.
 *   notificationType   one of IOKitKeys.h, else kIOReturnUnsupported
 *   matching           consumed
 *   notification       an iterator that holds what matches already. Nothing is called before it has been emptied, and
 *                      each call back must empty it again. Releasing it cancels.
 */
kern_return_t IOServiceAddMatchingNotification(IONotificationPortRef notifyPort, const char *notificationType,
                                               CFDictionaryRef matching CF_RELEASES_ARGUMENT,
                                               IOServiceMatchingCallback callback, void *refCon,
                                               io_iterator_t *notification);

/* The same on a Mach port of the caller's: reference comes back in word 0 of the message. */
kern_return_t IOServiceAddNotification(mach_port_t mainPort, const char *notificationType,
                                       CFDictionaryRef matching CF_RELEASES_ARGUMENT, mach_port_t wakePort,
                                       uintptr_t reference, io_iterator_t *notification);

/*
 * Calls back for the messages of one service.
 *   interestType   kIOGeneralInterest, kIOBusyInterest ...
 *   notification   releasing it cancels
 *   Returns        kIOReturnUnsupported for another type, and when the service has been terminated
 */
kern_return_t IOServiceAddInterestNotification(IONotificationPortRef notifyPort, io_service_t service,
                                               const char *interestType, IOServiceInterestCallback callback,
                                               void *refCon, io_object_t *notification);

/* Whether the service matches. Does not consume the dictionary. */
kern_return_t IOServiceMatchPropertyTable(io_service_t service, CFDictionaryRef matching, boolean_t *matches);

/* ---- Services ---- */

/* How many reasons there are to expect that the service, or one above it, is about to change. 0: quiet. */
kern_return_t IOServiceGetBusyState(io_service_t service, uint32_t *busyState);
kern_return_t IOKitGetBusyState(mach_port_t mainPort, uint32_t *busyState);

/* Waits until the service, or the whole registry, is quiet: kIOReturnTimeout after waitTime. NULL waits for ever.
 * options: 0. */
kern_return_t IOServiceWaitQuiet(io_service_t service, mach_timespec_t *waitTime);
kern_return_t IOKitWaitQuiet(mach_port_t mainPort, mach_timespec_t *waitTime);
kern_return_t IOKitWaitQuietWithOptions(mach_port_t mainPort, mach_timespec_t *waitTime, IOOptionBits options);

/* Asks the driver to look at its device again. kIOReturnUnsupported unless the driver knows how. */
kern_return_t IOServiceRequestProbe(io_service_t service, uint32_t options);

/* ---- Connections ---- */

/*
 * Opens a connection to the service's driver.
 *   owningTask   mach_task_self()
 *   type         the driver's to interpret
 *   connect      to be closed with IOServiceClose
 *   Returns      kIOReturnUnsupported when the service has no user client, kIOReturnBadArgument for another task, or
 *                the driver's answer: kIOReturnNotPrivileged, kIOReturnExclusiveAccess ...
 */
kern_return_t IOServiceOpen(io_service_t service, task_port_t owningTask, uint32_t type, io_connect_t *connect);

/* Closes the connection and drops the reference that IOServiceOpen gave. */
kern_return_t IOServiceClose(io_connect_t connect);

/* More references to a connection. Dropping the last one closes it as a dead client's is. */
kern_return_t IOConnectAddRef(io_connect_t connect);
kern_return_t IOConnectRelease(io_connect_t connect);

/* The service on which it was opened, to be released. */
kern_return_t IOConnectGetService(io_connect_t connect, io_service_t *service);

/* Tells the driver of the first connection about the second. */
kern_return_t IOConnectAddClient(io_connect_t connect, io_connect_t client);

/* Hands properties to the driver of the connection. kIOReturnUnsupported when they cannot be serialised or the driver
 * takes none. */
kern_return_t IOConnectSetCFProperties(io_connect_t connect, CFTypeRef properties);
kern_return_t IOConnectSetCFProperty(io_connect_t connect, CFStringRef propertyName, CFTypeRef property);

/*
 * Calls a method of the driver and waits for its result.
 *   selector         which method; the driver's numbering
 *   input            inputCnt scalars, at most 16
 *   inputStruct      inputStructCnt bytes
 *   output           room for *outputCnt scalars, at most 16; *outputCnt comes back as how many there are. NULL
 *                    outputCnt: none
 *   outputStruct     room for *outputStructCnt bytes, which comes back as how many there are. NULL outputStructCnt:
 *                    none. *outputStructCnt == kIOConnectMethodVarOutputSize: outputStruct is a void ** that receives
 *                    a buffer of any size, to be given back with vm_deallocate.
 *   Returns          the driver's result, or kIOReturnBadArgument when the counts are not those it declares; more than
 *                    16 scalars give MIG_ARRAY_TOO_LARGE
 */
kern_return_t IOConnectCallMethod(mach_port_t connection, uint32_t selector, const uint64_t *input, uint32_t inputCnt,
                                  const void *inputStruct, size_t inputStructCnt, uint64_t *output,
                                  uint32_t *outputCnt, void *outputStruct, size_t *outputStructCnt);

/* The same with scalars only, and with structures only. */
kern_return_t IOConnectCallScalarMethod(mach_port_t connection, uint32_t selector, const uint64_t *input,
                                        uint32_t inputCnt, uint64_t *output, uint32_t *outputCnt);
kern_return_t IOConnectCallStructMethod(mach_port_t connection, uint32_t selector, const void *inputStruct,
                                        size_t inputStructCnt, void *outputStruct, size_t *outputStructCnt);

/* ---- The registry ---- */

/* The root, above every plane's tree. To be released; 0 on error. */
io_registry_entry_t IORegistryGetRootEntry(mach_port_t mainPort);

/* The entry at a path "Plane:/name@location/...", or at an alias, or 0. The second takes paths of any length. */
io_registry_entry_t IORegistryEntryFromPath(mach_port_t mainPort, const char *path);
io_registry_entry_t IORegistryEntryCopyFromPath(mach_port_t mainPort, CFStringRef path);

/* Options of the iterators and of IORegistryEntrySearchCFProperty. */
enum {
    kIORegistryIterateRecursively = 0x00000001, /* go into each entry on the way */
    kIORegistryIterateParents     = 0x00000002, /* towards the root, not away from it */
};

/* Goes over a plane, from the root's children or from the children (or parents) of an entry. kIOReturnBadArgument for a
 * plane that does not exist. */
kern_return_t IORegistryCreateIterator(mach_port_t mainPort, const char *plane, IOOptionBits options,
                                       io_iterator_t *iterator);
kern_return_t IORegistryEntryCreateIterator(io_registry_entry_t entry, const char *plane, IOOptionBits options,
                                            io_iterator_t *iterator);

/* Goes into the entry that was returned last, and back out; kIOReturnNoDevice at the level where it started. */
kern_return_t IORegistryIteratorEnterEntry(io_iterator_t iterator);
kern_return_t IORegistryIteratorExitEntry(io_iterator_t iterator);

/* The entry's name, and its name or location in a plane (NULL or "": no plane's in particular). kIOReturnNotFound when
 * there is no location. */
kern_return_t IORegistryEntryGetName(io_registry_entry_t entry, io_name_t name);
kern_return_t IORegistryEntryGetNameInPlane(io_registry_entry_t entry, const char *plane, io_name_t name);
kern_return_t IORegistryEntryGetLocationInPlane(io_registry_entry_t entry, const char *plane, io_name_t location);

/* "Plane:/..."; kIOReturnBadArgument when the entry is not in the plane or the path is longer than an io_string_t. The
 * second has no limit and returns NULL on error. */
kern_return_t IORegistryEntryGetPath(io_registry_entry_t entry, const char *plane, io_string_t path);
CFStringRef   IORegistryEntryCopyPath(io_registry_entry_t entry, const char *plane);

/* A number that no other entry has had since the host started. 0 on error. */
kern_return_t IORegistryEntryGetRegistryEntryID(io_registry_entry_t entry, uint64_t *entryID);

/* All properties, or one (NULL when it is not there), to be released. options: 0. */
kern_return_t IORegistryEntryCreateCFProperties(io_registry_entry_t entry, CFMutableDictionaryRef *properties,
                                                CFAllocatorRef allocator, IOOptionBits options);
CFTypeRef     IORegistryEntryCreateCFProperty(io_registry_entry_t entry, CFStringRef key, CFAllocatorRef allocator,
                                              IOOptionBits options);

/* The property of the entry or, with kIORegistryIterateRecursively, of the nearest of its children in the plane, or of
 * its parents with kIORegistryIterateParents too. */
CFTypeRef IORegistryEntrySearchCFProperty(io_registry_entry_t entry, const char *plane, CFStringRef key,
                                          CFAllocatorRef allocator, IOOptionBits options) CF_RETURNS_RETAINED;

/*
 * The bytes of a property: of data, of a string with its NUL, of a number little-endian in its size, "Yes" or "No".
 *   size       in: room in the buffer, bytes; out: how many there are
 *   Returns    kIOReturnNoResources: no such property. kIOReturnIPCError: too little room. kIOReturnBadArgument: it is
 *              none of these types.
 */
kern_return_t IORegistryEntryGetProperty(io_registry_entry_t entry, const char *propertyName,
                                         io_struct_inband_t buffer, uint32_t *size);

/* Hands properties to the entry, which decides; kIOReturnUnsupported unless it takes them. */
kern_return_t IORegistryEntrySetCFProperties(io_registry_entry_t entry, CFTypeRef properties);
kern_return_t IORegistryEntrySetCFProperty(io_registry_entry_t entry, CFStringRef propertyName, CFTypeRef property);

/* Children and parents in a plane; the iterator is 0 for a plane that does not exist. The Entry forms return the first,
 * to be released, or kIOReturnNoDevice. */
kern_return_t IORegistryEntryGetChildIterator(io_registry_entry_t entry, const char *plane,
                                              io_iterator_t *iterator);
kern_return_t IORegistryEntryGetChildEntry(io_registry_entry_t entry, const char *plane,
                                           io_registry_entry_t *child);
kern_return_t IORegistryEntryGetParentIterator(io_registry_entry_t entry, const char *plane,
                                               io_iterator_t *iterator);
kern_return_t IORegistryEntryGetParentEntry(io_registry_entry_t entry, const char *plane,
                                            io_registry_entry_t *parent);

/* Whether the entry is attached in the plane (NULL: in any). */
boolean_t IORegistryEntryInPlane(io_registry_entry_t entry, const char *plane);

/* ---- The catalogue of personalities; flags in IOKitServer.h ---- */

/* size bytes of a property list, XML or binary. A caller without the privilege is told success and changes nothing. */
kern_return_t IOCatalogueSendData(mach_port_t mainPort, uint32_t flag, const char *buffer, uint32_t size);

/* Terminates the services of a module or of a class. */
kern_return_t IOCatalogueTerminate(mach_port_t mainPort, uint32_t flag, char *description);

/* A serialised property list of size bytes, to be given back with vm_deallocate. */
kern_return_t IOCatalogueGetData(mach_port_t mainPort, uint32_t flag, char **buffer, uint32_t *size);

/* Tells the catalogue that a module has been loaded: services that its personalities could match are matched again.
 * Always kIOReturnSuccess. */
kern_return_t IOCatalogueModuleLoaded(mach_port_t mainPort, char *name);

kern_return_t IOCatalogueReset(mach_port_t mainPort, uint32_t flag);

__END_DECLS

#endif
