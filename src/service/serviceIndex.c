/* SPDX-License-Identifier: MIT */
/*
 * The index of registered services: by class, by name and by BSD Name; entry IDs are the registry's (SEMANTICS 3.47).
 * What a lookup costs depends on what it finds, not on how many services there are; filing and taking out are O(1).
 *
 * By class. Each class that has registered services, its own or a subclass's, has a ClassRecord: a list of members in
 * the order of first registration, a member being a service or the record of a subclass. A walk from a record visits
 * its services in the order that clients are promised. Records come with the first member and go with the last.
 *
 *     IOService record:  IOResources@1  [IOMedia record]@2  IOPlatformDevice@3 ...      @n: the member's sequence
 *                                        disk0@1  disk0s1@2
 *
 * By text. The table of serviceKeyTable.c gives all services of a name. The results are put into the order above by
 * comparing sequences from the root record down. A service whose class has a compareName of its own
 * answers to names that nobody knows: those are in a list that every lookup by name goes through.
 *
 * The index lock guards everything here. Services are weak: they leave when they become inactive, at the latest when
 * they are freed; a walk takes a reference only of those whose free has not begun.
 */
#include "service/IOServicePrivate.h"
#include "service/serviceKeyTable.h"

#include <stdlib.h>

enum { kRecordBuckets = 256 };

struct ClassRecord {
    const OSMetaClass *metaClass;
    const OSSymbol    *name;         /* borrowed from the class, which has instances */
    ClassRecord       *superRecord;  /* NULL: IOService's */
    uint64_t           sequence;     /* among the super record's members */
    uint64_t           lastSequence; /* of its own members */
    /* Members in order, services and subclass records merged by sequence. */
    IOService   *firstService, *lastService;
    ClassRecord *firstRecord, *lastRecord;
    ClassRecord *next, *previous; /* in the super record's list */
    ClassRecord *nextByName;      /* in its bucket of recordsByName */
};

static pthread_mutex_t indexLock = PTHREAD_MUTEX_INITIALIZER;
static ClassRecord    *rootRecord;  /* indexLock; IOService's, NULL while nothing is registered */
static ClassRecord    *recordsByName[kRecordBuckets]; /* indexLock */
static IOService      *firstCustom; /* indexLock */

/* --- by class --------------------------------------------------------------------------------------------------- */

static ClassRecord *recordOf(const OSMetaClass *metaClass)
{
    return metaClass->serviceIndex;
}

static ClassRecord **findRecord(const OSSymbol *name)
{
    ClassRecord **link = &recordsByName[keyTable_hash(name) % kRecordBuckets];
    while (*link && (*link)->name != name)
        link = &(*link)->nextByName;
    return link;
}

static void linkRecord(ClassRecord *record, ClassRecord *superRecord)
{
    record->superRecord = superRecord;
    record->sequence    = ++superRecord->lastSequence;
    record->previous    = superRecord->lastRecord;
    *(record->previous ? &record->previous->next : &superRecord->firstRecord) = record;
    superRecord->lastRecord                                                   = record;
}

static void dropIfEmpty(ClassRecord *record)
{
    while (record && !record->firstService && !record->firstRecord) {
        ClassRecord *superRecord = record->superRecord;
        if (superRecord) {
            *(record->previous ? &record->previous->next : &superRecord->firstRecord) = record->next;
            *(record->next ? &record->next->previous : &superRecord->lastRecord)      = record->previous;
        } else {
            rootRecord = NULL;
        }
        *findRecord(record->name)                        = record->nextByName;
        ((OSMetaClass *)record->metaClass)->serviceIndex = NULL;
        IOFree(record, sizeof *record);
        record = superRecord;
    }
}

/* The record of a class, with those of its superclasses up to IOService; NULL without memory. */
static ClassRecord *makeRecord(const OSMetaClass *metaClass)
{
    ClassRecord *superRecord = NULL;
    for (unsigned depth = IOService_class.depth; depth <= metaClass->depth; depth++) {
        const OSMetaClass *at     = metaClass->ancestors[depth];
        ClassRecord       *record = recordOf(at);
        if (!record) {
            record = IOMallocZero(sizeof *record);
            if (!record) {
                dropIfEmpty(superRecord);
                return NULL;
            }
            record->metaClass = at;
            record->name      = at->symbol;
            if (superRecord)
                linkRecord(record, superRecord);
            else
                rootRecord = record;
            *findRecord(record->name)         = record;
            ((OSMetaClass *)at)->serviceIndex = record;
        }
        superRecord = record;
    }
    return superRecord;
}

static void fileByClass(IOService *self, ClassRecord *record)
{
    IOServicePrivate *core = coreOf(self);
    core->classRecord      = record;
    core->classSequence    = ++record->lastSequence;
    core->classPrevious    = record->lastService;
    core->classNext        = NULL;
    *(core->classPrevious ? &coreOf(core->classPrevious)->classNext : &record->firstService) = self;
    record->lastService                                                                      = self;
}

static void unfileByClass(IOService *self)
{
    IOServicePrivate *core   = coreOf(self);
    ClassRecord      *record = core->classRecord;
    *(core->classPrevious ? &coreOf(core->classPrevious)->classNext : &record->firstService) = core->classNext;
    *(core->classNext ? &coreOf(core->classNext)->classPrevious : &record->lastService)      = core->classPrevious;
    core->classRecord                                                                        = NULL;
    dropIfEmpty(record);
}

/* --- by text ---------------------------------------------------------------------------------------------------- */

static bool comparesNamesItself(const IOService *self)
{
    return OSMethodsOf(IOService, self)->compareName != IOService_super()->compareName;
}

static void fileCustom(IOService *self)
{
    IOServicePrivate *core = coreOf(self);
    core->isCustom         = true;
    core->customPrevious   = NULL;
    core->customNext       = firstCustom;
    if (firstCustom)
        coreOf(firstCustom)->customPrevious = self;
    firstCustom = self;
}

static void unfileCustom(IOService *self)
{
    IOServicePrivate *core = coreOf(self);
    if (!core->isCustom)
        return;
    *(core->customPrevious ? &coreOf(core->customPrevious)->customNext : &firstCustom) = core->customNext;
    if (core->customNext)
        coreOf(core->customNext)->customPrevious = core->customPrevious;
    core->isCustom = false;
}

/* --- filing ----------------------------------------------------------------------------------------------------- */

/* The keys of a service as they are now; owned. */
typedef struct ServiceTexts {
    const OSSymbol *name;
    const OSSymbol *bsdName;
} ServiceTexts;

static ServiceTexts copyTexts(const IOService *self)
{
    OSObject *bsdName = IORegistryEntry_copyPropertyForSymbol(entryOf(self), serviceKeys.bsdName);
    OSString *text    = OSDynamicCast(OSString, bsdName);
    ServiceTexts texts = {
        .name    = IORegistryEntry_copyName(entryOf(self), NULL),
        .bsdName = text ? OSSymbol_withString(text) : NULL,
    };
    OSRelease(bsdName);
    return texts;
}

/* Swaps the node's key for the new one (taken over, may be NULL); the old one is left in *text, to be released. */
static void refileNode(IndexNode *node, const OSSymbol **text)
{
    const OSSymbol *key = *text;
    *text               = keyTable_unfile(node);
    if (key)
        keyTable_file(node, key);
}

static void releaseTexts(ServiceTexts *texts)
{
    OSRelease(texts->name);
    OSRelease(texts->bsdName);
}

/*
 * The texts are read without the lock, which a thread may want that holds the lock of the properties. Of several threads
 * here the last one to announce itself files what it read, because nobody read anything newer; if something changed
 * since, the thread that is told of it is still to come.
 */
void serviceIndex_refile(IOService *self)
{
    IOServicePrivate *core = coreOf(self);
    if (!core)
        return; /* a property is set while init runs */
    pthread_mutex_lock(&indexLock);
    uint64_t turn    = ++core->textTurn;
    bool     isFiled = core->classRecord != NULL;
    pthread_mutex_unlock(&indexLock);
    if (!isFiled)
        return;
    ServiceTexts texts = copyTexts(self);
    pthread_mutex_lock(&indexLock);
    if (core->classRecord && core->textTurn == turn) {
        refileNode(&core->bsdNode, &texts.bsdName);
        if (!core->isCustom)
            refileNode(&core->nameNode, &texts.name);
    }
    pthread_mutex_unlock(&indexLock);
    releaseTexts(&texts);
}

static void fileMatchNodes(IOServicePrivate *core)
{
    for (unsigned i = 0; i < core->matchNodeCount; i++)
        keyTable_file(&core->matchNodes[i],
                      OSRetain(OSDynamicCast(OSSymbol, OSArray_getObject(core->matchNames, i))));
}

bool serviceIndex_add(IOService *self)
{
    IOServicePrivate *core = coreOf(self);
    pthread_mutex_lock(&indexLock);
    bool         isFiled = core->classRecord != NULL;
    ClassRecord *record  = NULL;
    if (!isFiled && keyTable_ensure())
        record = makeRecord(OSObject_getMetaClass(OSObjectOf(self)));
    if (record) {
        fileByClass(self, record);
        if (comparesNamesItself(self))
            fileCustom(self);
        else
            fileMatchNodes(core);
    }
    pthread_mutex_unlock(&indexLock);
    if (record)
        serviceIndex_refile(self);
    return isFiled || record;
}

/* Takes the service out of everything but its class; the match names keep their symbols alive. */
static void unfileMatchNodes(IOServicePrivate *core)
{
    for (unsigned i = 0; i < core->matchNodeCount; i++)
        OSRelease(keyTable_unfile(&core->matchNodes[i])); /* matchNames has a reference: nothing is freed here */
}

void serviceIndex_remove(IOService *self)
{
    IOServicePrivate *core  = coreOf(self);
    ServiceTexts      texts = {0};
    pthread_mutex_lock(&indexLock);
    if (core->classRecord) {
        unfileByClass(self);
        unfileCustom(self);
        unfileMatchNodes(core);
        texts.name    = keyTable_unfile(&core->nameNode);
        texts.bsdName = keyTable_unfile(&core->bsdNode);
    }
    pthread_mutex_unlock(&indexLock);
    releaseTexts(&texts);
}

void serviceIndex_freeNodes(IOService *self)
{
    IOServicePrivate *core = coreOf(self);
    serviceIndex_remove(self);
    IOFree(core->matchNodes, core->matchNodeCount * sizeof core->matchNodes[0]);
    OSSafeReleaseNULL(core->matchNames);
}

/* --- match names ------------------------------------------------------------------------------------------------ */

/* The strings of an array as symbols, +1; NULL without memory. */
static OSArray *internAll(OSArray *names)
{
    OSArray *symbols = OSArray_withCapacity(OSArray_getCount(names) ? OSArray_getCount(names) : 1);
    for (unsigned i = 0; symbols && i < OSArray_getCount(names); i++) {
        OSString       *text   = OSDynamicCast(OSString, OSArray_getObject(names, i));
        const OSSymbol *symbol = text ? OSSymbol_withString(text) : NULL;
        if (text && (!symbol || !OSArray_setObject(symbols, OSObjectOf(symbol))))
            OSSafeReleaseNULL(symbols);
        OSRelease(symbol);
    }
    return symbols;
}

bool IOService_setMatchNames(IOService *self, OSArray *names)
{
    IOServicePrivate *core    = coreOf(self);
    OSArray          *symbols = names ? internAll(names) : NULL;
    unsigned          count   = symbols ? OSArray_getCount(symbols) : 0;
    IndexNode        *nodes   = count ? IOMallocZero(count * sizeof nodes[0]) : NULL;
    if ((names && !symbols) || (count && !nodes)) {
        OSRelease(symbols);
        return false;
    }
    pthread_mutex_lock(&indexLock);
    OSArray   *oldNames = core->matchNames;
    IndexNode *oldNodes = core->matchNodes;
    unsigned   oldCount = core->matchNodeCount;
    unfileMatchNodes(core);
    core->matchNames     = symbols;
    core->matchNodes     = nodes;
    core->matchNodeCount = count;
    for (unsigned i = 0; i < count; i++)
        nodes[i].service = self;
    if (core->classRecord && !core->isCustom)
        fileMatchNodes(core);
    pthread_mutex_unlock(&indexLock);
    OSRelease(oldNames);
    IOFree(oldNodes, oldCount * sizeof oldNodes[0]);
    return true;
}

OSArray *serviceIndex_copyMatchNames(const IOService *self)
{
    pthread_mutex_lock(&indexLock);
    OSArray *names = OSRetain(coreOf(self)->matchNames);
    pthread_mutex_unlock(&indexLock);
    return names;
}

/* --- finding ---------------------------------------------------------------------------------------------------- */

typedef struct Finder {
    const IndexQuery *query;
    ServiceList      *list;
} Finder;

static bool isFull(const Finder *finder)
{
    return finder->query->limit && finder->list->count >= finder->query->limit;
}

/* Takes the service when it is in the states asked for; false without memory. */
static bool take(const Finder *finder, IOService *service)
{
    uint32_t state = service_state(service);
    if ((state & finder->query->state) != finder->query->state || (state & kIOServiceInactiveState))
        return true;
    return serviceList_appendIfAlive(finder->list, service);
}

static bool takeClass(const Finder *finder, const ClassRecord *record)
{
    IOService         *service = record->firstService;
    const ClassRecord *child   = record->firstRecord;
    while ((service || child) && !isFull(finder)) {
        bool isService = service && (!child || coreOf(service)->classSequence < child->sequence);
        if (isService ? !take(finder, service) : !takeClass(finder, child))
            return false;
        if (isService)
            service = coreOf(service)->classNext;
        else
            child = child->next;
    }
    return true;
}

static bool takeRing(const Finder *finder, const OSSymbol *key)
{
    IndexNode *head = keyTable_find(key);
    IndexNode *node = head;
    bool       ok   = true;
    while (ok && node) {
        ok   = take(finder, node->service);
        node = node->ringNext == head ? NULL : node->ringNext;
    }
    return ok;
}

static bool takeNames(const Finder *finder, const OSArray *names)
{
    bool ok = true;
    for (unsigned i = 0; ok && i < OSArray_getCount(names); i++)
        ok = takeRing(finder, OSDynamicCast(OSSymbol, OSArray_getObject(names, i)));
    for (IOService *service = firstCustom; ok && service; service = coreOf(service)->customNext)
        ok = take(finder, service);
    return ok;
}

/* The sequences from below the root record down to the service; returns how many. */
static unsigned pathOf(const IOService *service, uint64_t path[kOSMetaClassDepthMax + 1])
{
    unsigned length = 0;
    for (const ClassRecord *at = coreOf(service)->classRecord; at && at->superRecord; at = at->superRecord)
        length++;
    unsigned at = length;
    for (const ClassRecord *record = coreOf(service)->classRecord; record && record->superRecord;
         record                    = record->superRecord)
        path[--at] = record->sequence;
    path[length] = coreOf(service)->classSequence;
    return length + 1;
}

static int compareOrder(const void *first, const void *second)
{
    uint64_t a[kOSMetaClassDepthMax + 1], b[kOSMetaClassDepthMax + 1];
    unsigned lengthA = pathOf(*(IOService *const *)first, a);
    unsigned lengthB = pathOf(*(IOService *const *)second, b);
    for (unsigned i = 0; i < lengthA && i < lengthB; i++)
        if (a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;
    return lengthA < lengthB ? -1 : lengthA > lengthB;
}

/* Puts what a lookup by text found into the order of the classes, each service once. What falls out is released by
 * spare, when the lock is gone. */
static bool sortFound(ServiceList *list, size_t from, ServiceList *spare)
{
    size_t kept = from;
    if (list->count - from < 2)
        return true;
    qsort(&list->items[from], list->count - from, sizeof list->items[0], compareOrder);
    for (size_t i = from; i < list->count; i++) {
        if (i > from && list->items[i] == list->items[kept - 1]) {
            if (!serviceList_append(spare, list->items[i]))
                return false;
            OSRelease(list->items[i]); /* spare has one */
        } else {
            list->items[kept++] = list->items[i];
        }
    }
    list->count = kept;
    return true;
}

static bool takeByID(const Finder *finder, IndexQuery *query)
{
    query->found       = IORegistryEntry_copyByID(query->entryID);
    IOService *service = OSDynamicCast(IOService, query->found);
    return !service || take(finder, service);
}

bool serviceIndex_copyServices(IndexQuery *query, ServiceList *list)
{
    Finder      finder = {query, list};
    ServiceList spare  = {0};
    size_t      before = list->count;
    bool        ok     = true;
    if (query->isEmpty)
        return true;
    if (query->entryID)
        return takeByID(&finder, query);
    pthread_mutex_lock(&indexLock);
    if (query->bsdName) {
        ok = takeRing(&finder, query->bsdName) && sortFound(list, before, &spare);
    } else if (query->names) {
        ok = takeNames(&finder, query->names) && sortFound(list, before, &spare);
    } else {
        const ClassRecord *record = query->className ? *findRecord(query->className) : rootRecord;
        ok                        = !record || takeClass(&finder, record);
        record                    = query->alsoCompatible ? recordOf(&IOServiceCompatibility_class) : NULL;
        ok                        = ok && (!record || takeClass(&finder, record));
    }
    pthread_mutex_unlock(&indexLock);
    serviceList_clear(&spare);
    return ok;
}
