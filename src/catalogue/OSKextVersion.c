/* SPDX-License-Identifier: MIT */
/*
 * Version numbers of bundles. A version's parts become digits of one decimal number, so that numbers compare as versions
 * do:  MMMM mmmm rrrr s lll  (major, minor, revision, stage, level). Development, alpha, beta and candidate are stages 1,
 * 3, 5 and 7, a release is 9, so that every stage of a version is below its release.
 */
#include <libkern/OSKextLib.h>

#include <stdio.h>

enum { kPartDigits = 4, kLevelDigits = 3, kLevelMax = 255, kMajorMax = 9999 };

enum {
    kStageDevelopment = 1,
    kStageAlpha       = 3,
    kStageBeta        = 5,
    kStageCandidate   = 7,
    kStageRelease     = 9,
};

static const OSKextVersion kMajorUnit    = 1000000000000;
static const OSKextVersion kMinorUnit    = 100000000;
static const OSKextVersion kRevisionUnit = 10000;
static const OSKextVersion kStageUnit    = 1000;

static bool isEnd(char c)
{
    return c == 0 || c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Reads at most maxDigits digits. False when there are more. */
static bool readDigits(const char **text, int maxDigits, OSKextVersion *ret_value)
{
    OSKextVersion value = 0;
    for (int digits = 0; **text >= '0' && **text <= '9'; (*text)++) {
        if (++digits > maxDigits)
            return false;
        value = value * 10 + (**text - '0');
    }
    *ret_value = value;
    return true;
}

/* The stage that a text begins with; 0 when it is none. A release has no text. */
static OSKextVersion readStage(const char **text)
{
    switch (*(*text)++) {
    case 'd':
        return kStageDevelopment;
    case 'a':
        return kStageAlpha;
    case 'b':
        return kStageBeta;
    case 'f':
        if (**text == 'c')
            (*text)++;
        return kStageCandidate;
    default:
        return 0;
    }
}

/* Adds stage and level to a version. -1 when what is left of the text is neither. */
static OSKextVersion addStage(OSKextVersion version, const char *text)
{
    OSKextVersion level;
    if (isEnd(*text))
        return version + kStageRelease * kStageUnit;
    OSKextVersion stage = readStage(&text);
    if (stage == 0 || *text < '0' || *text > '9')
        return -1;
    if (!readDigits(&text, kLevelDigits, &level) || !isEnd(*text) || level > kLevelMax)
        return -1;
    if (stage == kStageCandidate && level == 0)
        return -1;
    return version + stage * kStageUnit + level;
}

OSKextVersion OSKextParseVersionString(const char *versionString)
{
    const OSKextVersion units[] = {kMajorUnit, kMinorUnit, kRevisionUnit};
    const char         *text    = versionString;
    OSKextVersion       version = 0, part;

    if (!text || *text < '0' || *text > '9')
        return -1;
    for (int i = 0; i < 3; i++) {
        if (!readDigits(&text, kPartDigits, &part))
            return -1;
        version += part * units[i];
        if (*text != '.' || i == 2)
            break;
        text++;
    }
    return addStage(version, text);
}

static const char *nameOfStage(OSKextVersion stage)
{
    switch (stage) {
    case kStageDevelopment:
        return "d";
    case kStageAlpha:
        return "a";
    case kStageBeta:
        return "b";
    case kStageCandidate:
        return "f";
    case kStageRelease:
        return "";
    default:
        return NULL;
    }
}

bool OSKextVersionGetString(OSKextVersion version, char *buffer, uint32_t bufferLength)
{
    if (!buffer || bufferLength < kOSKextVersionMaxLength)
        return false;
    if (version == kOSKextVersionUndefined) {
        snprintf(buffer, bufferLength, "(missing)");
        return true;
    }
    unsigned    major    = version < 0 ? kMajorMax + 1 : (unsigned)(version / kMajorUnit);
    unsigned    minor    = (unsigned)(version % kMajorUnit / kMinorUnit);
    unsigned    revision = (unsigned)(version % kMinorUnit / kRevisionUnit);
    unsigned    level    = (unsigned)(version % kStageUnit);
    const char *stage    = nameOfStage(version % kRevisionUnit / kStageUnit);
    if (version < 0 || version / kMajorUnit > kMajorMax || level > kLevelMax || !stage) {
        snprintf(buffer, bufferLength, "(invalid)");
        return true;
    }
    int length = snprintf(buffer, bufferLength, "%u.%u", major, minor);
    if (revision)
        length += snprintf(buffer + length, bufferLength - (uint32_t)length, ".%u", revision);
    if (*stage)
        snprintf(buffer + length, bufferLength - (uint32_t)length, "%s%u", stage, level);
    return true;
}
