/* SPDX-License-Identifier: MIT */
/*
 * Reading property lists: by us, by expat alone (handlers that do nothing) and by libplist where it is installed; and
 * the same in our binary form. Three inputs: 5,000 personalities in XML as people write it; the same as OSSerialize
 * writes it, without white space and with an ID for each object; and 1,000 times a list of one personality. The rounds
 * are interleaved; medians and ratios.
 *
 *     bench-plist [ROUNDS]
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <expat.h>
#ifdef HAVE_LIBPLIST
#include <plist/plist.h>
#endif

#include <IOKit/IOLib.h>
#include <libkern/OSSerialize.h>
#include <libkern/OSUnserialize.h>
#include <libkern/libkern.h>

enum { kPersonalities = 5000, kRoundsMax = 101, kDefaultRounds = 21 };

typedef struct input {
    const char *name;
    unsigned    times; /* read in one round */
    char       *xml; /* owned; NUL-terminated */
    size_t      xmlLength;
    char       *binary; /* owned */
    size_t      binaryLength;
} input;

typedef struct reader {
    const char *name;
    void (*run)(const input *input); /* reads it once and gives the result back; the clock is its own */
    double milliseconds[kRoundsMax];
} reader;

static uint64_t started;
static double   elapsed; /* milliseconds of the round up to here */

static void startClock(void)
{
    started = IOUptimeNanoseconds();
}

static void stopClock(void)
{
    elapsed += (double)(IOUptimeNanoseconds() - started) / 1e6;
}

static void writePersonality(FILE *file, unsigned i)
{
    fprintf(file, "\t\t<dict>\n");
    fprintf(file, "\t\t\t<key>CFBundleIdentifier</key>\n\t\t\t<string>org.example.driver.family%u</string>\n", i % 97);
    fprintf(file, "\t\t\t<key>IOClass</key>\n\t\t\t<string>ExampleDriver%u</string>\n", i);
    fprintf(file, "\t\t\t<key>IOProviderClass</key>\n\t\t\t<string>%s</string>\n",
            i % 2 ? "IOPCIDevice" : "IOUSBHostDevice");
    fprintf(file, "\t\t\t<key>IOPCIMatch</key>\n\t\t\t<string>0x%04x8086&amp;0xffffffff</string>\n", i);
    fprintf(file, "\t\t\t<key>IOProbeScore</key>\n\t\t\t<integer>%u</integer>\n", i * 10);
    fprintf(file, "\t\t\t<key>idVendor</key>\n\t\t\t<integer size=\"32\">0x%x</integer>\n", 0x1000 + i);
    fprintf(file, "\t\t\t<key>IOMatchCategory</key>\n\t\t\t<string>IODefaultMatchCategory</string>\n");
    fprintf(file, "\t\t\t<key>Enabled</key>\n\t\t\t<true/>\n");
    fprintf(file, "\t\t\t<key>Table</key>\n\t\t\t<data>AAECAwQFBgcICQoLDA0ODw==</data>\n");
    fprintf(file,
            "\t\t\t<key>Names</key>\n\t\t\t<array>\n\t\t\t\t<string>pci%x,%x</string>\n\t\t\t\t<string>edu</string>\n"
            "\t\t\t</array>\n",
            i, i * 3);
    fprintf(file, "\t\t</dict>\n");
}

static void makeXML(input *input, unsigned personalities)
{
    FILE *file = open_memstream(&input->xml, &input->xmlLength);
    fprintf(file, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                  "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" "
                  "\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n<plist version=\"1.0\">\n<array>\n");
    for (unsigned i = 0; i < personalities; i++)
        writePersonality(file, i);
    fprintf(file, "</array>\n</plist>\n");
    fclose(file);
}

static char *serialized(const input *input, bool binary, size_t *ret_length)
{
    OSObject    *list       = OSUnserializeXML(input->xml, NULL);
    OSSerialize *serializer =
        binary ? OSSerialize_binaryWithCapacity(4096, NULL, NULL) : OSSerialize_withCapacity(4096);
    if (!list || !serializer || !OSObject_serialize(list, serializer))
        panic("the list cannot be read and written");
    *ret_length = OSSerialize_getLength(serializer);
    char *bytes = malloc(*ret_length);
    memcpy(bytes, OSSerialize_text(serializer), *ret_length);
    OSRelease(serializer);
    OSRelease(list);
    return bytes;
}

static void ignoreStart(void *data, const XML_Char *name, const XML_Char **attributes)
{
}

static void ignoreEnd(void *data, const XML_Char *name)
{
}

static void ignoreText(void *data, const XML_Char *text, int length)
{
}

static void runExpat(const input *input)
{
    startClock();
    XML_Parser parser = XML_ParserCreate(NULL);
    XML_SetElementHandler(parser, ignoreStart, ignoreEnd);
    XML_SetCharacterDataHandler(parser, ignoreText);
    if (XML_Parse(parser, input->xml, (int)input->xmlLength, XML_TRUE) != XML_STATUS_OK)
        panic("expat refused the list");
    XML_ParserFree(parser);
    stopClock();
}

static void runXML(const input *input)
{
    startClock();
    OSObject *list = OSUnserializeXML(input->xml, NULL);
    stopClock();
    OSRelease(list);
}

static void runBinary(const input *input)
{
    startClock();
    OSObject *list = OSUnserializeBinary(input->binary, input->binaryLength, NULL);
    stopClock();
    OSRelease(list);
}

#ifdef HAVE_LIBPLIST
static void runLibplist(const input *input)
{
    plist_t list = NULL;
    startClock();
    plist_from_xml(input->xml, (uint32_t)input->xmlLength, &list);
    stopClock();
    plist_free(list);
}
#endif

static int compareDoubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void runRounds(reader *readers, size_t count, const input *input, int rounds)
{
    for (int round = -1; round < rounds; round++) { /* the first one warms up */
        for (size_t i = 0; i < count; i++) {
            elapsed = 0;
            for (unsigned time = 0; time < input->times; time++)
                readers[i].run(input);
            if (round >= 0)
                readers[i].milliseconds[round] = elapsed;
        }
    }
}

static void printMedians(reader *readers, size_t count, const input *input, int rounds)
{
    printf("%s: %u x %zu bytes of XML, %zu bytes of binary; medians of %d rounds\n", input->name, input->times,
           input->xmlLength, input->binaryLength, rounds);
    for (size_t i = 0; i < count; i++) {
        qsort(readers[i].milliseconds, (size_t)rounds, sizeof(double), compareDoubles);
        double median = readers[i].milliseconds[rounds / 2];
        printf("  %-20s %8.2f ms  %5.2f x expat\n", readers[i].name, median,
               median / readers[0].milliseconds[rounds / 2]);
    }
}

int main(int argc, char **argv)
{
    static reader readers[] = {
        {.name = "expat alone", .run = runExpat},
        {.name = "OSUnserializeXML", .run = runXML},
        {.name = "OSUnserializeBinary", .run = runBinary},
#ifdef HAVE_LIBPLIST
        {.name = "libplist", .run = runLibplist},
#endif
    };
    input inputs[] = {
        {.name = "large", .times = 1}, {.name = "large with IDs", .times = 1}, {.name = "small", .times = 1000}};
    int   rounds   = argc > 1 ? atoi(argv[1]) : kDefaultRounds;
    if (rounds < 1 || rounds > kRoundsMax)
        rounds = kDefaultRounds;
    makeXML(&inputs[0], kPersonalities);
    inputs[1].xml = serialized(&inputs[0], false, &inputs[1].xmlLength);
    inputs[1].xmlLength--; /* the NUL */
    makeXML(&inputs[2], 1);
    for (size_t i = 0; i < sizeof inputs / sizeof inputs[0]; i++) {
        inputs[i].binary = serialized(&inputs[i], true, &inputs[i].binaryLength);
        runRounds(readers, sizeof readers / sizeof readers[0], &inputs[i], rounds);
        printMedians(readers, sizeof readers / sizeof readers[0], &inputs[i], rounds);
    }
    for (size_t i = 0; i < sizeof inputs / sizeof inputs[0]; i++) {
        free(inputs[i].xml);
        free(inputs[i].binary);
    }
    return 0;
}
