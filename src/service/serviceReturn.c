/* SPDX-License-Identifier: MIT */
/* What an IOReturn is called, and which errno it is (SEMANTICS 4.46). */
#include <IOKit/IOService.h>

#include <errno.h>
#include <stdio.h>

/* Those that Linux does not have carry the numbers that macOS gives them. */
enum { kPowerOff = 82, kDeviceError = 83, kBadMachO = 88 };

/* The subsystem of the kernel whose error codes are errnos. */
enum { kUnixSubsystem = 3 };

typedef struct ReturnInfo {
    IOReturn    value;
    int         number;
    const char *name;
} ReturnInfo;

static const ReturnInfo kReturns[] = {
    {kIOReturnSuccess, 0, "success"},
    {kIOReturnError, EIO, "general error"},
    {kIOReturnNoMemory, ENOMEM, "memory allocation error"},
    {kIOReturnNoResources, ENOMEM, "resource shortage"},
    {kIOReturnIPCError, EIO, "Mach IPC failure"},
    {kIOReturnNoDevice, ENXIO, "no such device"},
    {kIOReturnNotPrivileged, EACCES, "privilege violation"},
    {kIOReturnBadArgument, EINVAL, "invalid argument"},
    {kIOReturnLockedRead, EACCES, "device is read locked"},
    {kIOReturnLockedWrite, EACCES, "device is write locked"},
    {kIOReturnExclusiveAccess, EACCES, "device is exclusive access"},
    {kIOReturnBadMessageID, EINVAL, "bad IPC message ID"},
    {kIOReturnUnsupported, ENOTSUP, "unsupported function"},
    {kIOReturnVMError, EFAULT, "virtual memory error"},
    {kIOReturnInternalError, EIO, "internal driver error"},
    {kIOReturnIOError, EIO, "I/O error"},
    {kIOReturnCannotLock, ENOLCK, "cannot acquire lock"},
    {kIOReturnNotOpen, EACCES, "device is not open"},
    {kIOReturnNotReadable, EACCES, "device is not readable"},
    {kIOReturnNotWritable, EROFS, "device is not writeable"},
    {kIOReturnNotAligned, EINVAL, "alignment error"},
    {kIOReturnBadMedia, ENXIO, "media error"},
    {kIOReturnStillOpen, EEXIST, "device is still open"},
    {kIOReturnRLDError, kBadMachO, "rld failure"},
    {kIOReturnDMAError, EIO, "DMA failure"},
    {kIOReturnBusy, EBUSY, "device is busy"},
    {kIOReturnTimeout, ETIMEDOUT, "I/O timeout"},
    {kIOReturnOffline, EBUSY, "device is offline"},
    {kIOReturnNotReady, EBUSY, "device is not ready"},
    {kIOReturnNotAttached, ENXIO, "device/channel is not attached"},
    {kIOReturnNoChannels, EIO, "no DMA channels available"},
    {kIOReturnNoSpace, ENOSPC, "no space for data"},
    {kIOReturnPortExists, EEXIST, "device port already exists"},
    {kIOReturnCannotWire, ENOMEM, "cannot wire physical memory"},
    {kIOReturnNoInterrupt, EIO, "no interrupt attached"},
    {kIOReturnNoFrames, EIO, "no DMA frames enqueued"},
    {kIOReturnMessageTooLarge, EMSGSIZE, "message is too large"},
    {kIOReturnNotPermitted, EPERM, "operation is not permitted"},
    {kIOReturnNoPower, kPowerOff, "device is without power"},
    {kIOReturnNoMedia, ENXIO, "media is not present"},
    {kIOReturnUnformattedMedia, ENXIO, "media is not formatted"},
    {kIOReturnUnsupportedMode, EIO, "unsupported mode"},
    {kIOReturnUnderrun, EIO, "data underrun"},
    {kIOReturnOverrun, EIO, "data overrun"},
    {kIOReturnDeviceError, kDeviceError, "device error"},
    {kIOReturnNoCompletion, EINVAL, "no completion routine"},
    {kIOReturnAborted, EBUSY, "operation was aborted"},
    {kIOReturnNoBandwidth, EIO, "bus bandwidth would be exceeded"},
    {kIOReturnNotResponding, EBUSY, "device is not responding"},
    {kIOReturnInvalid, EIO, "unanticipated driver error"},
};

static const ReturnInfo *findReturn(IOReturn value)
{
    for (size_t i = 0; i < sizeof kReturns / sizeof kReturns[0]; i++)
        if (kReturns[i].value == value)
            return &kReturns[i];
    return NULL;
}

const char *IOService_stringFromReturn(IOReturn result)
{
    static _Thread_local char unknown[24];
    const ReturnInfo         *info = findReturn(result);
    if (info)
        return info->name;
    (void)snprintf(unknown, sizeof unknown, "0x%x (UNDEFINED)", (unsigned)result); /* it fits */
    return unknown;
}

int IOService_errnoFromReturn(IOReturn result)
{
    int unixError = err_get_code(result);
    if (result == (IOReturn)(err_system(0) | err_sub(kUnixSubsystem) | unixError))
        return unixError;
    const ReturnInfo *info = findReturn(result);
    return info ? info->number : EIO;
}
