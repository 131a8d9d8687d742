/* SPDX-License-Identifier: MIT */
/*
 * Dispatch of calls by tables: Apple's dispatch rows, its 2022 rows, and the rows of IODefineUserClient. Each checks
 * counts and sizes in one order, scalars in, structure in, scalars out, structure out, before the driver sees anything.
 */
#include "IOUserClientPrivate.h"

#include <IOKit/IOWorkLoop.h>

static bool accepts(uint32_t check, uint32_t count)
{
    return check == kIOUCVariableStructureSize || check == count;
}

static bool countsFit(const IOExternalMethodArguments *arguments, uint32_t scalarInputs, uint32_t structureInput,
                      uint32_t scalarOutputs, uint32_t structureOutput)
{
    return accepts(scalarInputs, arguments->scalarInputCount) &&
           accepts(structureInput, arguments->structureInputSize) &&
           accepts(scalarOutputs, arguments->scalarOutputCount) &&
           accepts(structureOutput, arguments->structureOutputSize);
}

/* A row of IODefineUserClient's table: the function gets the provider, and a gated one its work loop's gate. */
static IOReturn callRow(IOUserClient *self, const IOExternalMethod *row, IOExternalMethodArguments *arguments)
{
    if (!row->function || row->async != (arguments->reply != NULL) ||
        !countsFit(arguments, row->scalarInputs, row->structureInput, row->scalarOutputs, row->structureOutput))
        return kIOReturnBadArgument;
    IOService *provider = IOService_copyProvider(&self->super);
    if (!provider)
        return kIOReturnNotAttached;
    IOReturn result = IOService_isInactive(provider) ? kIOReturnNotAttached : kIOReturnNotReady;
    IOWorkLoop *workLoop = row->gated ? OSRetain(IOService_getWorkLoop(provider)) : NULL;
    if (workLoop)
        IOWorkLoop_closeGate(workLoop);
    if (workLoop || !row->gated) {
        bool isGone = IOService_isInactive(&self->super) || IOService_isInactive(provider);
        result = isGone ? kIOReturnNotAttached : row->function(provider, arguments);
    }
    if (workLoop)
        IOWorkLoop_openGate(workLoop);
    OSRelease(workLoop);
    OSRelease(provider);
    return result;
}

IOReturn IOUserClient_externalMethod_(IOUserClient *self, uint32_t selector, IOExternalMethodArguments *arguments,
                                      const IOExternalMethodDispatch *dispatch, OSObject *target, void *reference)
{
    if (dispatch) {
        if (!countsFit(arguments, dispatch->checkScalarInputCount, dispatch->checkStructureInputSize,
                       dispatch->checkScalarOutputCount, dispatch->checkStructureOutputSize))
            return kIOReturnBadArgument;
        return dispatch->function ? dispatch->function(target, reference, arguments) : kIOReturnNoCompletion;
    }
    uint32_t count = 0;
    const IOExternalMethod *table = OSMethodsOf(IOUserClient, self)->getExternalMethods(self, &count);
    if (!table)
        return kIOReturnUnsupported;
    return selector < count ? callRow(self, &table[selector], arguments) : kIOReturnBadArgument;
}

IOReturn IOUserClient_dispatchExternalMethod(IOUserClient *self, uint32_t selector,
                                             IOExternalMethodArguments *arguments,
                                             const IOExternalMethodDispatch2022 table[], size_t count, OSObject *target,
                                             void *reference)
{
    if (!table)
        return kIOReturnError;
    if (selector >= count)
        return kIOReturnBadArgument;
    const IOExternalMethodDispatch2022 *row = &table[selector];
    if (!countsFit(arguments, row->checkScalarInputCount, row->checkStructureInputSize, row->checkScalarOutputCount,
                   row->checkStructureOutputSize))
        return kIOReturnBadArgument;
    if (arguments->reply && !row->allowAsync)
        return kIOReturnBadArgument;
    IOTask *task = IOUserClient_getTask(self);
    if (row->checkEntitlement && !(task && IOTask_hasEntitlement(task, row->checkEntitlement)))
        return kIOReturnNotPrivileged;
    return row->function ? row->function(target, reference, arguments) : kIOReturnNoCompletion;
}
