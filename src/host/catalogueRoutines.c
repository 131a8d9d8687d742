/* SPDX-License-Identifier: MIT */
/*
 * Routines on the catalogue and the bundles (SEMANTICS 5.54, 10.39). Changing them is for root and for whoever runs the
 * host; a client without that privilege that sends data is told it succeeded, as on macOS.
 */
#include <unistd.h>

#include <IOKit/IOCatalogue.h>
#include <IOKit/IOKitServer.h>
#include <IOKit/IOLib.h>
#include <libkern/OSDictionary.h>
#include <libkern/OSKext.h>
#include <libkern/OSSerialize.h>
#include <libkern/OSString.h>
#include <libkern/OSUnserialize.h>

#include "client.h"
#include "routines.h"

enum { kFirstCapacity = 4096 }; /* bytes of a serializer */

static bool mayManage(const HostClient *client)
{
    uid_t uid = IOTask_getUID(client->task);
    return uid == 0 || uid == geteuid();
}

static kern_return_t bufferOf(OSSerialize *serializer, kern_return_t result, BufferOut *ret_buffer)
{
    if (result == kIOReturnSuccess)
        *ret_buffer =
            (BufferOut){OSSerialize_text(serializer), OSSerialize_getLength(serializer), OSObjectOf(serializer)};
    else
        OSRelease(serializer);
    return result;
}

kern_return_t handle_io_catalog_send_data(HostClient *client, struct io_catalog_send_data_arguments *arguments)
{
    bool wantsData = arguments->flag != kIOCatalogRemoveKernelLinker__Removed &&
                     arguments->flag != kIOCatalogKextdActive && arguments->flag != kIOCatalogKextdFinishedLaunching;
    if (wantsData && arguments->data.size == 0)
        return kIOReturnBadArgument;
    if (!mayManage(client)) {
        IOLog("iokitd: %s[%d] may not change the catalogue; ignored", IOTask_getName(client->task),
              (int)IOTask_getPID(client->task));
        return kIOReturnSuccess;
    }
    OSObject *data = NULL;
    if (arguments->data.size && !(data = OSUnserializeXMLSized(arguments->data.bytes, arguments->data.size, NULL)))
        return kIOReturnNoMemory; /* Apple's word for a list that cannot be read */
    IOReturn result = IOCatalogue_sendData(arguments->flag, data);
    OSRelease(data);
    return result;
}

kern_return_t handle_io_catalog_terminate(HostClient *client, struct io_catalog_terminate_arguments *arguments)
{
    return mayManage(client) ? IOCatalogue_terminate(arguments->flag, arguments->name) : kIOReturnNotPrivileged;
}

kern_return_t handle_io_catalog_get_data(HostClient *client, struct io_catalog_get_data_arguments *arguments)
{
    (void)client;
    OSSerialize *serializer = OSSerialize_withCapacity(kFirstCapacity);
    if (!serializer)
        return kIOReturnNoMemory;
    return bufferOf(serializer, IOCatalogue_serializeData(arguments->flag, serializer), &arguments->data);
}

kern_return_t handle_io_catalog_get_gen_count(HostClient *client, struct io_catalog_get_gen_count_arguments *arguments)
{
    (void)client;
    arguments->genCount = (uint32_t)IOCatalogue_getGenerationCount();
    return kIOReturnSuccess;
}

kern_return_t handle_io_catalog_module_loaded(HostClient *client, struct io_catalog_module_loaded_arguments *arguments)
{
    (void)client;
    IOCatalogue_moduleHasLoaded(arguments->name);
    return kIOReturnSuccess;
}

kern_return_t handle_io_catalog_reset(HostClient *client, struct io_catalog_reset_arguments *arguments)
{
    if (!mayManage(client))
        return kIOReturnNotPrivileged;
    if (arguments->flag != kIOCatalogResetDefault)
        return kIOReturnBadArgument;
    IOCatalogue_reset();
    return kIOReturnSuccess;
}

/* ---- Bundles ---- */

static kern_return_t loadPath(const char *path)
{
    OSString *identifier = NULL;
    OSReturn result = OSKext_addKextWithPath(path, &identifier, NULL);
    if (result == kOSReturnSuccess)
        result = OSKext_loadKextWithIdentifier(OSString_getCStringNoCopy(identifier), NULL);
    OSRelease(identifier);
    return result;
}

kern_return_t handle_kext_load(HostClient *client, struct kext_load_arguments *arguments)
{
    const char *what = arguments->identifier_or_path;
    if (!mayManage(client))
        return kIOReturnNotPrivileged;
    return what[0] == '/' ? loadPath(what) : OSKext_loadKextWithIdentifier(what, NULL);
}

kern_return_t handle_kext_unload(HostClient *client, struct kext_unload_arguments *arguments)
{
    return mayManage(client) ? OSKext_removeKextWithIdentifier(arguments->identifier, true) : kIOReturnNotPrivileged;
}

kern_return_t handle_kext_copy_info(HostClient *client, struct kext_copy_info_arguments *arguments)
{
    (void)client;
    OSDictionary *info = OSKext_copyLoadedKextInfo(NULL, NULL);
    OSSerialize *serializer = info ? OSSerialize_binaryWithCapacity(kFirstCapacity, NULL, NULL) : NULL;
    kern_return_t result = kIOReturnNoMemory;
    if (serializer)
        result = bufferOf(serializer,
                          OSObject_serialize(OSObjectOf(info), serializer) ? kIOReturnSuccess : kIOReturnNoMemory,
                          &arguments->info);
    OSRelease(info);
    return result;
}
