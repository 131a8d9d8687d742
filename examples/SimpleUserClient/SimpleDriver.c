/* SPDX-License-Identifier: MIT */
/*
 * SimpleDriver: the driver of the simulated board "simple-device". The board does nothing, so the methods compute what they
 * return; what matters is how programs reach them (SimpleUserClient.c).
 */
#include "SimpleDriver.h"

#include "SimpleUserClient.h"

struct SimpleDriver {
    IOService super;
};

static bool SimpleDriver_start(IOService *service, IOService *provider)
{
    if (!IOService_super()->start(service, provider))
        return false;
    IOService_registerService(service);
    return true;
}

IOReturn SimpleDriver_method1(SimpleDriver *self, uint64_t something, const MySampleStruct *input)
{
    bool kept = IORegistryEntry_setPropertyNumber(&self->super.super, "Last", something + input->int16 + input->int32, 64);
    return kept ? kIOReturnSuccess : kIOReturnNoMemory;
}

IOReturn SimpleDriver_method2(SimpleDriver *self, uint64_t something1, uint64_t something2, MySampleStruct *ret_output)
{
    ret_output->int16 = (uint16_t)something1;
    ret_output->int32 = (uint32_t)something2;
    return kIOReturnSuccess;
}

IOReturn SimpleDriver_method3(SimpleDriver *self, uint64_t something1, uint64_t something2, uint64_t *ret_product)
{
    *ret_product = something1 * something2;
    return kIOReturnSuccess;
}

IOReturn SimpleDriver_method4(SimpleDriver *self, const MySampleStruct *input, MySampleStruct *ret_output)
{
    ret_output->int16 = (uint16_t)(input->int16 + 1);
    ret_output->int32 = input->int32 + 1;
    return kIOReturnSuccess;
}

OSDefineClass(SimpleDriver, IOService, .start = SimpleDriver_start);

OSExportClasses(&SimpleDriver_class, &SimpleUserClient_class);
