/* SPDX-License-Identifier: MIT */
/* IOBlockStorageDevice: what every transport's nub has in common. */
#include <IOKit/storage/IOBlockStorageDevice.h>

bool IOBlockStorageDevice_getMedia(IOBlockStorageDevice *self, IOMediaDescription *ret_media)
{
    return OSMethodsOf(IOBlockStorageDevice, self)->getMedia(self, ret_media);
}

bool IOBlockStorageDevice_getStatistics(IOBlockStorageDevice *self, IOBlockStorageStatistics *ret_statistics)
{
    return OSMethodsOf(IOBlockStorageDevice, self)->getStatistics(self, ret_statistics);
}

static bool IOBlockStorageDevice_getMedia_(IOBlockStorageDevice *self, IOMediaDescription *ret_media)
{
    return false;
}

static bool IOBlockStorageDevice_getStatistics_(IOBlockStorageDevice *self, IOBlockStorageStatistics *ret_statistics)
{
    return false;
}

OSDefineAbstractBaseClass(IOBlockStorageDevice, IOService, .getMedia = IOBlockStorageDevice_getMedia_,
                          .getStatistics = IOBlockStorageDevice_getStatistics_);
