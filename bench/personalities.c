/* SPDX-License-Identifier: MIT */
/*
 * Matching one nub against the alias table of a Linux kernel as personalities, beside libkmod's look-up of the nub's
 * modalias in the same table. Every row of modules.alias becomes a personality in the documented keys of its bus; the nubs
 * have the properties of real devices. Ours is what a matching pass does before it probes: find the candidates, match each
 * passively, the family's keys included. libkmod has its indexes mapped beforehand. Both must name the same modules.
 *
 *     bench-personalities FOLDER [ROUNDS]
 *
 * FOLDER holds modules.alias and modules.alias.bin; bench/kernel-aliases.sh gets a Debian kernel's and prints its folder.
 * The rounds are interleaved; the medians are nanoseconds for one nub. The goal is a ratio below 1.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libkmod.h>

#include <IOKit/IOCatalogue.h>
#include <IOKit/IOKitInitialize.h>
#include <IOKit/IOLib.h>
#include <IOKit/IOService.h>
#include <libkern/OSKextLib.h>
#include <libkern/libkern.h>

enum { kRoundsMax = 1001, kDefaultRounds = 201, kCallsPerRound = 20, kModulesMax = 16 };

/* ---- Nub classes, with the matching of their families ------------------------------------------------------------- */

OSDeclareClass(IOPCIDevice);
struct IOPCIDevice {
    IOService super;
    uint32_t  primary, secondary, classCode; /* configuration words 0x00, 0x2c, 0x08 */
};

static bool wordsMatch(OSDictionary *table, const char *key, uint32_t defaultMask, uint32_t value)
{
    OSString *string = OSDynamicCast(OSString, OSDictionary_getObject(table, key));
    if (!string)
        return true;
    for (const char *text = OSString_getCStringNoCopy(string); *text;) {
        char    *end;
        uint32_t wanted = (uint32_t)strtoul(text, &end, 16), mask = defaultMask;
        if (*end == '&')
            mask = (uint32_t)strtoul(end + 1, &end, 16);
        if ((value & mask) == (wanted & mask))
            return true;
        text = end + strspn(end, " ");
    }
    return false;
}

static bool pciMatch(IOService *service, OSDictionary *table, int32_t *score)
{
    IOPCIDevice *nub = OSRequiredCast(IOPCIDevice, service);
    return wordsMatch(table, "IOPCIPrimaryMatch", UINT32_MAX, nub->primary) &&
           wordsMatch(table, "IOPCISecondaryMatch", UINT32_MAX, nub->secondary) &&
           wordsMatch(table, "IOPCIClassMatch", 0xffffff00, nub->classCode);
}

OSDefineClass(IOPCIDevice, IOService, .matchPropertyTable = pciMatch);

static bool numbersMatch(IOService *service, OSDictionary *table, const char *const *keys)
{
    for (; *keys; keys++)
        if (!IOService_compareProperty(service, table, *keys))
            return false;
    return true;
}

OSDeclareClass(IOUSBHostInterface);
struct IOUSBHostInterface {
    IOService super;
};

static const char *const usbKeys[] = {"idVendor",           "idProduct",          "bDeviceClass",
                                      "bDeviceSubClass",    "bDeviceProtocol",    "bInterfaceClass",
                                      "bInterfaceSubClass", "bInterfaceProtocol", "bInterfaceNumber", NULL};

static bool usbMatch(IOService *service, OSDictionary *table, int32_t *score)
{
    return numbersMatch(service, table, usbKeys);
}

OSDefineClass(IOUSBHostInterface, IOService, .matchPropertyTable = usbMatch);

OSDeclareClass(IOHIDDevice);
struct IOHIDDevice {
    IOService super;
};

static const char *const hidKeys[] = {"Bus", "Group", "VendorID", "ProductID", NULL};

static bool hidMatch(IOService *service, OSDictionary *table, int32_t *score)
{
    return numbersMatch(service, table, hidKeys);
}

OSDefineClass(IOHIDDevice, IOService, .matchPropertyTable = hidMatch);

OSDeclareClass(IOACPIPlatformDevice);
struct IOACPIPlatformDevice {
    IOService super;
};
OSDefineClass(IOACPIPlatformDevice, IOService);

static OSMetaClass *const classes[] = {&IOPCIDevice_class, &IOUSBHostInterface_class, &IOHIDDevice_class,
                                       &IOACPIPlatformDevice_class};

/* ---- Rows of modules.alias as personalities ------------------------------------------------------------------------ */

static void require(bool condition, const char *what)
{
    if (condition)
        return;
    fprintf(stderr, "bench-personalities: %s\n", what);
    exit(1);
}

static void setString(OSDictionary *dict, const char *key, const char *value)
{
    OSString *string = OSString_withCString(value);
    require(string && OSDictionary_setObject(dict, key, OSObjectOf(string)), "no memory");
    OSRelease(string);
}

static void setNumber(OSDictionary *dict, const char *key, uint32_t value)
{
    OSNumber *number = OSNumber_withNumber(value, 32);
    require(number && OSDictionary_setObject(dict, key, OSObjectOf(number)), "no memory");
    OSRelease(number);
}

/* Reads "<name><hex>" or "<name>*"; digits are in capitals, names are not. False when something else stands there. */
static bool readField(const char **text, const char *name, bool *given, uint32_t *value)
{
    static const char digits[] = "0123456789ABCDEF";
    if (strncmp(*text, name, strlen(name)) != 0)
        return false;
    *text += strlen(name);
    *given = **text != '*';
    *value = 0;
    *text += !*given;
    for (const char *digit; **text && (digit = strchr(digits, **text)); (*text)++)
        *value = *value << 4 | (uint32_t)(digit - digits);
    return true;
}

/* A word of which some fields are given; shift and bits say where each stands. */
typedef struct Word {
    uint32_t value, mask;
} Word;

static void addField(Word *word, bool given, uint32_t value, unsigned shift, uint32_t bits)
{
    if (!given)
        return;
    word->value |= (value & bits) << shift;
    word->mask |= bits << shift;
}

static void setWord(OSDictionary *dict, const char *key, const Word *word)
{
    char text[32];
    if (word->mask == 0)
        return;
    snprintf(text, sizeof text, word->mask == UINT32_MAX ? "0x%08x" : "0x%08x&0x%08x", word->value, word->mask);
    setString(dict, key, text);
}

static bool convertPCI(OSDictionary *dict, const char *text)
{
    static const struct {
        const char *name;
        unsigned    word, shift;
        uint32_t    bits;
    } fields[] = {{"v", 0, 0, 0xffff}, {"d", 0, 16, 0xffff}, {"sv", 1, 0, 0xffff}, {"sd", 1, 16, 0xffff},
                  {"bc", 2, 24, 0xff}, {"sc", 2, 16, 0xff},  {"i", 2, 8, 0xff}};
    Word     words[3] = {{0}};
    bool     given;
    uint32_t value;
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (!readField(&text, fields[i].name, &given, &value))
            return false;
        addField(&words[fields[i].word], given, value, fields[i].shift, fields[i].bits);
    }
    setString(dict, kIOProviderClassKey, "IOPCIDevice");
    setWord(dict, "IOPCIPrimaryMatch", &words[0]);
    setWord(dict, "IOPCISecondaryMatch", &words[1]);
    setWord(dict, "IOPCIClassMatch", &words[2]);
    return true;
}

/* names: in the alias; keys: in the personality, NULL where the field is a pattern that no key can hold. */
static bool convertNumbers(OSDictionary *dict, const char *text, const char *const *names, const char *const *keys)
{
    for (; *names; names++, keys++) {
        bool     given;
        uint32_t value;
        if (!readField(&text, *names, &given, &value))
            return *text == 0 || strcmp(text, "*") == 0;
        if (!*keys)
            text += strcspn(text, "d"); /* bcdDevice may be a pattern of digits; the next field follows */
        else if (given)
            setNumber(dict, *keys, value);
    }
    return true;
}

static bool convertUSB(OSDictionary *dict, const char *text)
{
    static const char *const names[] = {"v", "p", "d", "dc", "dsc", "dp", "ic", "isc", "ip", "in", NULL};
    static const char *const keys[]  = {"idVendor",        "idProduct",          NULL,
                                        "bDeviceClass",    "bDeviceSubClass",    "bDeviceProtocol",
                                        "bInterfaceClass", "bInterfaceSubClass", "bInterfaceProtocol",
                                        "bInterfaceNumber"};
    setString(dict, kIOProviderClassKey, "IOUSBHostInterface");
    return convertNumbers(dict, text, names, keys);
}

static bool convertHID(OSDictionary *dict, const char *text)
{
    static const char *const names[] = {"b", "g", "v", "p", NULL};
    static const char *const keys[]  = {"Bus", "Group", "VendorID", "ProductID"};
    setString(dict, kIOProviderClassKey, "IOHIDDevice");
    return convertNumbers(dict, text, names, keys);
}

/* "acpi*:PNP0303:*" */
static bool convertACPI(OSDictionary *dict, const char *text)
{
    char name[64];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(text, ":"), text);
    setString(dict, kIOProviderClassKey, "IOACPIPlatformDevice");
    setString(dict, kIONameMatchKey, name);
    return true;
}

/* Another bus: its name as the provider's class, the rest as the device's name. */
static bool convertOther(OSDictionary *dict, const char *alias)
{
    char   class[64];
    size_t length = strcspn(alias, ":*-");
    snprintf(class, sizeof class, "Linux_%.*s", (int)length, alias);
    setString(dict, kIOProviderClassKey, class);
    setString(dict, kIONameMatchKey, alias[length] ? alias + length + 1 : alias);
    return true;
}

static bool convert(OSDictionary *dict, const char *alias)
{
    if (strncmp(alias, "pci:", 4) == 0)
        return convertPCI(dict, alias + 4);
    if (strncmp(alias, "usb:", 4) == 0)
        return convertUSB(dict, alias + 4);
    if (strncmp(alias, "hid:", 4) == 0)
        return convertHID(dict, alias + 4);
    if (strncmp(alias, "acpi*:", 6) == 0)
        return convertACPI(dict, alias + 6);
    return convertOther(dict, alias);
}

/* Counts the rows; those that say more than keys can are left out. */
static unsigned readTable(const char *folder, unsigned *ret_leftOut)
{
    char     path[4096], line[1024], alias[512], moduleName[128];
    OSArray *all = OSArray_withCapacity(30000);
    snprintf(path, sizeof path, "%s/modules.alias", folder);
    FILE *file = fopen(path, "r");
    require(file && all, "no modules.alias in that folder; bench/kernel-aliases.sh gets one");
    while (fgets(line, sizeof line, file)) {
        if (sscanf(line, "alias %511s %127s", alias, moduleName) != 2)
            continue;
        OSDictionary *dict = OSDictionary_withCapacity(8);
        setString(dict, kIOClassKey, moduleName);
        setString(dict, kCFBundleIdentifierKey, moduleName);
        if (convert(dict, alias))
            require(OSArray_setObject(all, OSObjectOf(dict)), "no memory");
        else
            ++*ret_leftOut;
        OSRelease(dict);
    }
    fclose(file);
    unsigned count = OSArray_getCount(all);
    require(IOCatalogue_addDrivers(all, false), "the catalogue is full");
    OSRelease(all);
    return count;
}

/* ---- The nubs ------------------------------------------------------------------------------------------------------ */

typedef struct Nub {
    const char *what;
    const char *modalias;
    IOService  *service; /* owned */
} Nub;

static void setData(IOService *service, const char *key, uint32_t value)
{
    require(IORegistryEntry_setPropertyData(&service->super, key, &value, 4), "no memory");
}

static IOService *makePCI(uint32_t primary, uint32_t secondary, uint32_t code)
{
    IOPCIDevice *nub = OSTypeAlloc(IOPCIDevice);
    require(nub && IOService_init(&nub->super, NULL), "no memory");
    nub->primary   = primary;
    nub->secondary = secondary;
    nub->classCode = code << 8;
    setData(&nub->super, "vendor-id", primary & 0xffff);
    setData(&nub->super, "device-id", primary >> 16);
    setData(&nub->super, "subsystem-vendor-id", secondary & 0xffff);
    setData(&nub->super, "subsystem-id", secondary >> 16);
    setData(&nub->super, "class-code", code);
    return &nub->super;
}

/* values: one for each key. */
static IOService *makeNumbers(const OSMetaClass *metaClass, const char *const *keys, const uint32_t *values)
{
    IOService *nub = OSRequiredCast(IOService, OSMetaClass_alloc(metaClass));
    require(nub && IOService_init(nub, NULL), "no memory");
    for (unsigned i = 0; keys[i]; i++)
        require(IORegistryEntry_setPropertyNumber(&nub->super, keys[i], values[i], 32), "no memory");
    return nub;
}

static IOService *makeACPI(const char *name)
{
    IOACPIPlatformDevice *nub = OSTypeAlloc(IOACPIPlatformDevice);
    require(nub && IOService_init(&nub->super, NULL), "no memory");
    IORegistryEntry_setName(&nub->super.super, name, NULL);
    return &nub->super;
}

/* ---- The two sides ------------------------------------------------------------------------------------------------- */

/* The modules a nub is matched to, each once, sorted; the texts live as long as the table. */
typedef struct Modules {
    char     names[kModulesMax][64];
    unsigned count;
} Modules;

static void addModule(Modules *modules, const char *name)
{
    for (unsigned i = 0; i < modules->count; i++)
        if (strcmp(modules->names[i], name) == 0)
            return;
    require(modules->count < kModulesMax, "too many modules for one nub");
    snprintf(modules->names[modules->count++], sizeof modules->names[0], "%s", name);
}

static int compareNames(const void *left, const void *right)
{
    return strcmp(left, right);
}

/* modules: NULL when only the time is wanted. */
static void matchOurs(IOService *nub, Modules *modules)
{
    OSOrderedSet *set = IOCatalogue_findDriversForService(nub, NULL);
    for (unsigned i = 0; i < OSOrderedSet_getCount(set); i++) {
        OSDictionary *table = OSRequiredCast(OSDictionary, OSOrderedSet_getObject(set, i));
        if (IOService_matchPassive(nub, table, kIOServiceMatchClassDone) && modules) {
            OSString *name = OSRequiredCast(OSString, OSDictionary_getObject(table, kIOClassKey));
            addModule(modules, OSString_getCStringNoCopy(name));
        }
    }
    OSRelease(set);
}

static void matchTheirs(struct kmod_ctx *context, const char *modalias, Modules *modules)
{
    struct kmod_list *list = NULL, *item;
    require(kmod_module_new_from_lookup(context, modalias, &list) >= 0, "kmod_module_new_from_lookup");
    kmod_list_foreach(item, list)
    {
        struct kmod_module *found = kmod_module_get_module(item);
        if (modules)
            addModule(modules, kmod_module_get_name(found));
        kmod_module_unref(found);
    }
    kmod_module_unref_list(list);
}

static void compareSides(struct kmod_ctx *context, const Nub *nub)
{
    Modules ours = {.count = 0}, theirs = {.count = 0};
    matchOurs(nub->service, &ours);
    matchTheirs(context, nub->modalias, &theirs);
    qsort(ours.names, ours.count, sizeof ours.names[0], compareNames);
    qsort(theirs.names, theirs.count, sizeof theirs.names[0], compareNames);
    bool same = ours.count == theirs.count;
    for (unsigned i = 0; same && i < ours.count; i++)
        same = strcmp(ours.names[i], theirs.names[i]) == 0;
    if (same)
        return;
    for (unsigned i = 0; i < ours.count; i++)
        fprintf(stderr, "ours: %s\n", ours.names[i]);
    for (unsigned i = 0; i < theirs.count; i++)
        fprintf(stderr, "libkmod's: %s\n", theirs.names[i]);
    require(false, nub->what);
}

/* ---- Measuring ----------------------------------------------------------------------------------------------------- */

static int compareTimes(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

static double median(uint64_t *times, unsigned rounds)
{
    qsort(times, rounds, sizeof *times, compareTimes);
    return (double)times[rounds / 2] / kCallsPerRound;
}

static void measure(struct kmod_ctx *context, const Nub *nub, unsigned rounds)
{
    static uint64_t ours[kRoundsMax], theirs[kRoundsMax];
    compareSides(context, nub);
    for (unsigned round = 0; round < rounds; round++) {
        uint64_t start = IOUptimeNanoseconds();
        for (unsigned i = 0; i < kCallsPerRound; i++)
            matchOurs(nub->service, NULL);
        uint64_t between = IOUptimeNanoseconds();
        for (unsigned i = 0; i < kCallsPerRound; i++)
            matchTheirs(context, nub->modalias, NULL);
        ours[round]   = between - start;
        theirs[round] = IOUptimeNanoseconds() - between;
    }
    Modules modules = {.count = 0};
    matchOurs(nub->service, &modules);
    OSOrderedSet *set = IOCatalogue_findDriversForService(nub->service, NULL);
    double        a = median(ours, rounds), b = median(theirs, rounds);
    printf("%-34s %8.0f %10.0f %7.3f %11u %8u\n", nub->what, a, b, a / b, OSOrderedSet_getCount(set), modules.count);
    OSRelease(set);
}

int main(int argc, char **argv)
{
    unsigned leftOut = 0, rounds = argc > 2 ? (unsigned)atoi(argv[2]) : kDefaultRounds;
    if (argc < 2 || argc > 3 || rounds == 0 || rounds > kRoundsMax) {
        fprintf(stderr, "usage: bench-personalities FOLDER [ROUNDS]\nbench/kernel-aliases.sh gets a folder\n");
        return 64;
    }
    require(IOKit_initialize() == kIOReturnSuccess, "IOKit_initialize");
    require(OSMetaClass_registerModule("org.openiokit.bench", &(OSClassList){classes, sizeof classes / sizeof classes[0]}) ==
                kOSReturnSuccess,
            "the classes");
    unsigned         count   = readTable(argv[1], &leftOut);
    const char      *none    = NULL;
    struct kmod_ctx *context = kmod_new(argv[1], &none);
    require(context && kmod_load_resources(context) >= 0, "libkmod cannot read the folder");

    Nub nubs[] = {
        {"PCI 8086:1533 (network)", "pci:v00008086d00001533sv00008086sd00000001bc02sc00i00",
         makePCI(0x15338086, 0x00018086, 0x020000)},
        {"PCI 1af4:1000 (virtio)", "pci:v00001AF4d00001000sv00001AF4sd00000001bc02sc00i00",
         makePCI(0x10001af4, 0x00011af4, 0x020000)},
        {"PCI 144d:a808 (NVMe, by class)", "pci:v0000144Dd0000A808sv0000144Dsd0000A801bc01sc08i02",
         makePCI(0xa808144d, 0xa801144d, 0x010802)},
        {"PCI 1234:11e8 (nothing matches)", "pci:v00001234d000011E8sv00001AF4sd00001100bc00scFFi00",
         makePCI(0x11e81234, 0x11001af4, 0x00ff00)},
        {"USB 0403:6001 (serial)", "usb:v0403p6001d0600dc00dsc00dp00icFFiscFFipFFin00",
         makeNumbers(&IOUSBHostInterface_class, usbKeys, (uint32_t[]){0x0403, 0x6001, 0, 0, 0, 0xff, 0xff, 0xff, 0})},
        {"USB 0781:5581 (storage, by class)", "usb:v0781p5581d0100dc00dsc00dp00ic08isc06ip50in00",
         makeNumbers(&IOUSBHostInterface_class, usbKeys, (uint32_t[]){0x0781, 0x5581, 0, 0, 0, 8, 6, 0x50, 0})},
        {"HID 046d:c52b (receiver)", "hid:b0003g0001v0000046Dp0000C52B",
         makeNumbers(&IOHIDDevice_class, hidKeys, (uint32_t[]){3, 1, 0x046d, 0xc52b})},
        {"ACPI ELAN062C (touchpad)", "acpi:ELAN062C:", makeACPI("ELAN062C")},
    };
    printf("%u personalities (%u rows say more than keys can), %u rounds of %u; nanoseconds for one nub\n", count, leftOut,
           rounds, kCallsPerRound);
    printf("%-34s %8s %10s %7s %11s %8s\n", "nub", "ours", "libkmod", "ratio", "candidates", "modules");
    for (size_t i = 0; i < sizeof nubs / sizeof nubs[0]; i++) {
        measure(context, &nubs[i], rounds);
        OSRelease(nubs[i].service);
    }
    kmod_unref(context);
    IOCatalogue_shutdown();
    return 0;
}
