/* SPDX-License-Identifier: MIT */
/*
 * bundleLoader: takes executables in and out.
 *
 *   unloaded ---- bundle_load: linked, classes registered ----> loaded ---- OSKext_removeKextWithIdentifier ----> unloaded
 *      |                                                          ^
 *      +---- bundle_load, or a scan: something is wrong ---> refused ---- bundle_load again
 *
 * The loading lock serialises all of it, dlopen included; the bundles lock is taken for each change of a bundle's state.
 * The catalogue and the services are told afterwards, with no lock held. A loaded bundle holds its dependencies: each
 * counts its loaded dependants and cannot be unloaded before they are.
 *
 * docs/adr/0010-bundle-linking.md says how the dynamic linker finds a bundle's libraries.
 */
#include "OSKextPrivate.h"

#include <dlfcn.h>
#include <limits.h>
#include <link.h>
#include <string.h>

#include <IOKit/IOKitKeys.h>
#include <IOKit/IOLib.h>

#include "IOCataloguePrivate.h"

static uint32_t lastLoadTag = 100; /* the loading lock; the kit's modules stay below */

/* ---- One executable ---- */

typedef struct Extent {
    uintptr_t base;  /* in: the object's load address */
    uintptr_t start; /* out: its lowest and the end of its highest segment */
    uintptr_t end;
} Extent;

static int measureObject(struct dl_phdr_info *info, size_t size, void *context)
{
    Extent *extent = context;
    if (info->dlpi_addr != extent->base)
        return 0;
    for (unsigned i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
        uintptr_t         start   = info->dlpi_addr + segment->p_vaddr;
        if (segment->p_type != PT_LOAD)
            continue;
        if (extent->end == 0 || start < extent->start)
            extent->start = start;
        if (start + segment->p_memsz > extent->end)
            extent->end = start + segment->p_memsz;
    }
    return 1;
}

/* Where the executable stands in memory, for clients to look at. */
static void measure(OSKext *kext)
{
    struct link_map *map;
    if (dlinfo(kext->handle, RTLD_DI_LINKMAP, &map) != 0)
        return;
    Extent extent = {.base = map->l_addr};
    dl_iterate_phdr(measureObject, &extent);
    kext->loadAddress = extent.start;
    kext->loadSize    = extent.end - extent.start;
}

static OSReturn checkClasses(const OSClassList *list, char *reason)
{
    if (!list || !list->classes || list->count == 0)
        return refuse(reason, kOSKextReturnNotLoadable, "its executable exports no OSModuleClasses");
    if (list->count > kBundleClassesMax)
        return refuse(reason, kOSKextReturnNotLoadable, "its executable exports more than %d classes", kBundleClassesMax);
    for (size_t i = 0; i < list->count; i++)
        if (!list->classes[i] || !list->classes[i]->name)
            return refuse(reason, kOSKextReturnNotLoadable, "its executable exports a class without a name");
    return kOSReturnSuccess;
}

static const char *findTakenName(const OSClassList *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const OSMetaClass *other = OSMetaClass_getMetaClassWithName(list->classes[i]->name);
        if (other)
            return list->classes[i]->name;
        for (size_t j = 0; j < i; j++)
            if (strcmp(list->classes[i]->name, list->classes[j]->name) == 0)
                return list->classes[i]->name;
    }
    return "?";
}

static OSReturn registerClasses(OSKext *kext, char *reason)
{
    OSReturn result = OSMetaClass_registerModule(OSSymbol_getCStringNoCopy(kext->identifier), kext->classes);
    switch (result) {
    case kOSReturnSuccess:
        return result;
    case kOSMetaClassDuplicateClass:
        return refuse(reason, result, "its class name %.80s is taken", findTakenName(kext->classes));
    case kOSMetaClassNoSuper:
        return refuse(reason, result, "the superclass of one of its classes is in no bundle it depends on");
    case kOSMetaClassNoDicts:
        return refuse(reason, result, "no memory");
    default:
        return refuse(reason, result, "its classes cannot be registered (0x%x)", (unsigned)result);
    }
}

/* Whether each class exists that the bundle's own personalities want from this bundle. */
static OSReturn checkPersonalityClasses(const OSKext *kext, char *reason)
{
    OSDictionary *all = OSDynamicCast(OSDictionary, OSDictionary_getObject(kext->info, kIOKitPersonalitiesKey));
    for (unsigned i = 0; all && i < OSDictionary_getCount(all); i++) {
        OSDictionary *dict   = OSDynamicCast(OSDictionary, OSDictionary_getValueAtIndex(all, i));
        OSString     *module = OSDynamicCast(OSString, OSDictionary_getObject(dict, kCFBundleIdentifierKey));
        OSString     *name   = OSDynamicCast(OSString, OSDictionary_getObject(dict, kIOClassKey));
        if (module && !OSSymbol_isEqualTo(kext->identifier, OSObjectOf(module)))
            continue;
        if (!OSMetaClass_getMetaClassWithName(OSString_getCStringNoCopy(name)))
            return refuse(reason, kOSKextReturnNotLoadable, "its personality %.80s wants the class %.80s, which does not exist",
                          OSSymbol_getCStringNoCopy(OSDictionary_getKeyAtIndex(all, i)), OSString_getCStringNoCopy(name));
    }
    return kOSReturnSuccess;
}

static void closeExecutable(OSKext *kext)
{
    if (kext->handle)
        dlclose(kext->handle);
    kext->handle      = NULL;
    kext->classes     = NULL;
    kext->loadAddress = 0;
    kext->loadSize    = 0;
}

/* The bundle's folder need not be part of the reason. */
static const char *withoutPath(const char *text, const char *path)
{
    size_t length = strlen(path);
    return text && strncmp(text, path, length) == 0 && strncmp(text + length, ": ", 2) == 0 ? text + length + 2 : text;
}

/* The executable's own list of classes: dlsym also finds those of the libraries it is linked to. */
static const OSClassList *findClassList(void *handle)
{
    void            *list = dlsym(handle, "OSModuleClasses");
    struct link_map *own = NULL, *owner = NULL;
    Dl_info          info;
    if (!list || dlinfo(handle, RTLD_DI_LINKMAP, &own) != 0 ||
        dladdr1(list, &info, (void **)&owner, RTLD_DL_LINKMAP) == 0)
        return NULL;
    return own == owner ? list : NULL;
}

static OSReturn openExecutable(OSKext *kext, char *reason)
{
    char path[PATH_MAX];
    if (!bundle_executablePath(kext, path, sizeof path))
        return refuse(reason, kOSKextReturnNotFound, "its executable's path is too long");
    kext->handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!kext->handle)
        return refuse(reason, kOSKextReturnLinkError, "its executable cannot be linked: %s", withoutPath(dlerror(), path));
    kext->classes   = findClassList(kext->handle);
    OSReturn result = checkClasses(kext->classes, reason);
    if (result == kOSReturnSuccess)
        result = registerClasses(kext, reason);
    if (result == kOSReturnSuccess) {
        result = checkPersonalityClasses(kext, reason);
        if (result != kOSReturnSuccess)
            (void)OSMetaClass_unregisterModule(kext->classes); /* nothing was made of them yet */
    }
    if (result == kOSReturnSuccess)
        measure(kext);
    else
        closeExecutable(kext);
    return result;
}

/* ---- States; the loading lock is held ---- */

static void setLoaded(OSKext *kext, OSArray *libraries)
{
    bundles_lock();
    for (unsigned i = 0; i < OSArray_getCount(libraries); i++)
        OSDynamicCast(OSKext, OSArray_getObject(libraries, i))->dependants++;
    kext->dependencies = libraries;
    kext->loadTag      = ++lastLoadTag;
    atomic_store(&kext->state, kOSKextLoaded);
    bundles_unlock();
}

static void setUnloaded(OSKext *kext)
{
    bundles_lock();
    OSArray *libraries = kext->dependencies;
    for (unsigned i = 0; i < OSArray_getCount(libraries); i++)
        OSDynamicCast(OSKext, OSArray_getObject(libraries, i))->dependants--;
    kext->dependencies = NULL;
    kext->loadTag      = 0;
    atomic_store(&kext->state, kOSKextUnloaded);
    bundles_unlock();
    OSRelease(libraries);
}

static OSReturn loadOne(OSKext *kext, char *reason)
{
    bundles_lock();
    OSArray *libraries = bundle_copyLibraries_locked(kext);
    bundles_unlock();
    if (!libraries)
        return refuse(reason, kOSKextReturnNoMemory, "no memory");
    OSReturn result = kext->executable ? openExecutable(kext, reason) : kOSReturnSuccess;
    if (result == kOSReturnSuccess)
        setLoaded(kext, libraries);
    else
        OSRelease(libraries);
    return result;
}

/* ---- Loading with dependencies ---- */

/* A load that is under way or done. */
typedef struct Load {
    OSArray *loaded; /* owned; OSKext: what it loaded, in order */
    OSKext  *failed; /* owned; the dependency that was refused, or NULL */
    char     failure[kOSKextReasonSize];
} Load;

/* order: the bundle itself is the last. */
static OSReturn loadInOrder(OSArray *order, Load *load, char *reason)
{
    unsigned count = OSArray_getCount(order);
    for (unsigned i = 0; i < count; i++) {
        OSKext *kext = OSDynamicCast(OSKext, OSArray_getObject(order, i));
        if (kext->state == kOSKextLoaded)
            continue;
        if (!OSArray_setObject(load->loaded, OSObjectOf(kext)))
            return refuse(reason, kOSKextReturnNoMemory, "no memory");
        bool     isLast = i + 1 == count;
        OSReturn result = loadOne(kext, isLast ? reason : load->failure);
        if (result == kOSReturnSuccess)
            continue;
        OSArray_removeObject(load->loaded, OSArray_getCount(load->loaded) - 1);
        if (isLast)
            return result;
        load->failed = OSRetain(kext);
        return refuse(reason, kOSKextReturnDependencyLoadError, "depends on %s, which cannot be loaded",
                      OSSymbol_getCStringNoCopy(kext->identifier));
    }
    return kOSReturnSuccess;
}

static OSReturn loadWithDependencies(OSKext *kext, Load *load, char *reason)
{
    OSReturn result;
    load->loaded = OSArray_withCapacity(8);
    if (!load->loaded)
        return refuse(reason, kOSKextReturnNoMemory, "no memory");
    bundles_lock();
    OSArray *order = bundle_resolve_locked(kext, reason, &result);
    bundles_unlock();
    if (order)
        result = loadInOrder(order, load, reason);
    OSRelease(order);
    return result;
}

static void tellLoaded(OSKext *kext)
{
    OSArray *personalities = OSArray_withCapacity(4);
    if (!personalities || !bundle_appendPersonalities(kext, personalities) ||
        !IOCatalogue_addDrivers(personalities, false))
        IOLog("OSKext: no memory for the personalities of %s", kext->path);
    OSRelease(personalities);
    IOCatalogue_moduleHasLoaded(OSSymbol_getCStringNoCopy(kext->identifier));
}

static void tellRefused(OSKext *kext, const char *reason)
{
    logRefusal(kext->path, reason);
    catalogue_withdrawModule(OSSymbol_getCStringNoCopy(kext->identifier));
}

static void setRefused(OSKext *kext)
{
    bundles_lock();
    atomic_store(&kext->state, kOSKextRefused);
    bundles_unlock();
}

/* Outside of all locks: what the load did, to the log and the catalogue. */
static void report(OSKext *kext, OSReturn result, const Load *load, const char *reason)
{
    for (unsigned i = 0; load->loaded && i < OSArray_getCount(load->loaded); i++)
        tellLoaded(OSDynamicCast(OSKext, OSArray_getObject(load->loaded, i)));
    if (load->failed)
        tellRefused(load->failed, load->failure);
    if (result != kOSReturnSuccess)
        tellRefused(kext, reason);
    else if (OSArray_getCount(load->loaded) == 0) /* it was loaded already; whoever asked is to look again */
        IOCatalogue_moduleHasLoaded(OSSymbol_getCStringNoCopy(kext->identifier));
}

static OSKext *copyKext(const OSSymbol *identifier)
{
    bundles_lock();
    OSKext *kext = OSRetain(bundles_find_locked(identifier));
    bundles_unlock();
    return kext;
}

OSReturn bundle_load(const OSSymbol *identifier, char *reason)
{
    Load load                       = {0};
    char ownReason[kOSKextReasonSize] = "";
    reason                          = reason ? reason : ownReason;
    loading_lock();
    OSKext *kext = copyKext(identifier);
    if (!kext) {
        loading_unlock();
        IOCatalogue_moduleHasLoaded(OSSymbol_getCStringNoCopy(identifier)); /* as much as it ever will */
        return refuse(reason, kOSKextReturnNotFound, "%s is not known", OSSymbol_getCStringNoCopy(identifier));
    }
    OSReturn result = loadWithDependencies(kext, &load, reason);
    if (load.failed)
        setRefused(load.failed);
    if (result != kOSReturnSuccess)
        setRefused(kext);
    loading_unlock();
    report(kext, result, &load, reason);
    OSRelease(load.failed);
    OSRelease(load.loaded);
    OSRelease(kext);
    return result;
}

/* ---- Unloading ---- */

/* The loading lock is held. */
static OSReturn unloadOne(OSKext *kext)
{
    if (kext->state != kOSKextLoaded)
        return kOSKextReturnNotFound;
    if (kext->isKernelComponent || kext->dependants > 0)
        return kOSKextReturnInUse;
    OSReturn result = kext->classes ? OSMetaClass_unregisterModule(kext->classes) : kOSReturnSuccess;
    if (result != kOSReturnSuccess)
        return result;
    setUnloaded(kext);
    closeExecutable(kext);
    return kOSReturnSuccess;
}

OSReturn OSKext_removeKextWithIdentifier(const char *identifier, bool terminate)
{
    const OSSymbol *symbol = identifier ? OSSymbol_existingSymbolForCString(identifier) : NULL;
    if (terminate && symbol && OSKext_isKextWithIdentifierLoaded(identifier)) {
        OSRelease(symbol);
        return IOCatalogue_terminateDriversForModule(identifier, true);
    }
    loading_lock();
    OSKext  *kext   = symbol ? copyKext(symbol) : NULL;
    OSReturn result = kext ? unloadOne(kext) : kOSKextReturnNotFound;
    loading_unlock();
    OSRelease(kext);
    OSRelease(symbol);
    return result;
}

static OSKext *copyUnloadable(void)
{
    OSKext *kext, *found = NULL;
    bundles_lock();
    for (unsigned i = 0; !found && (kext = bundles_at_locked(i)); i++)
        if (kext->state == kOSKextLoaded && !kext->isKernelComponent && kext->dependants == 0 &&
            !(kext->classes && OSMetaClass_moduleHasInstances(kext->classes)))
            found = OSRetain(kext);
    bundles_unlock();
    return found;
}

void bundles_unloadAll(void)
{
    OSKext *kext;
    bool    progress = true;
    loading_lock();
    while (progress && (kext = copyUnloadable())) {
        progress = unloadOne(kext) == kOSReturnSuccess;
        OSRelease(kext);
    }
    loading_unlock();
}
