/* SPDX-License-Identifier: MIT */
/* IOMapper: the calls of its slots, and a mapper that refuses. */
#include <IOKit/IOMapper.h>

static const IOMapperMethods *methodsOf(const IOMapper *self)
{
    return OSMethodsOf(IOMapper, self);
}

IOReturn IOMapper_mapMemory(IOMapper *self, IOMemoryDescriptor *memory, IOByteCount offset, IOByteCount length,
                            IODirection direction, const IODMAMapSpecification *specification, addr64_t *ret_address)
{
    return methodsOf(self)->mapMemory(self, memory, offset, length, direction, specification, ret_address);
}

void IOMapper_unmapMemory(IOMapper *self, addr64_t address, IOByteCount length)
{
    methodsOf(self)->unmapMemory(self, address, length);
}

IOReturn IOMapper_synchronizeMemory(IOMapper *self, addr64_t address, IOByteCount length, IODirection direction)
{
    return methodsOf(self)->synchronizeMemory(self, address, length, direction);
}

static IOReturn IOMapper_mapMemory_(IOMapper *self, IOMemoryDescriptor *memory, IOByteCount offset, IOByteCount length,
                                    IODirection direction, const IODMAMapSpecification *specification,
                                    addr64_t *ret_address)
{
    (void)self, (void)memory, (void)offset, (void)length, (void)direction, (void)specification, (void)ret_address;
    return kIOReturnUnsupported;
}

static void IOMapper_unmapMemory_(IOMapper *self, addr64_t address, IOByteCount length)
{
    (void)self, (void)address, (void)length;
}

/* The default of mappers that do not copy. */
static IOReturn IOMapper_synchronizeMemory_(IOMapper *self, addr64_t address, IOByteCount length, IODirection direction)
{
    (void)self, (void)address, (void)length, (void)direction;
    return kIOReturnSuccess;
}

OSDefineAbstractBaseClass(IOMapper, IOService, .mapMemory = IOMapper_mapMemory_, .unmapMemory = IOMapper_unmapMemory_,
                          .synchronizeMemory = IOMapper_synchronizeMemory_);
