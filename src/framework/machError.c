/* SPDX-License-Identifier: MIT */
/* Texts of result codes, found by system, subsystem and code. Constant tables, any thread. */
#include <mach/mach_error.h>

#include <stdio.h>

#include <IOKit/IOReturn.h>
#include <libkern/OSReturn.h>
#include <mach/message.h>
#include <mach/mig_errors.h>
#include <servers/bootstrap.h>

typedef struct Text {
    mach_error_t error;
    const char *text;
} Text;

static const Text texts[] = {
    {KERN_SUCCESS, "(os/kern) successful"},
    {KERN_INVALID_ADDRESS, "(os/kern) invalid address"},
    {KERN_PROTECTION_FAILURE, "(os/kern) protection failure"},
    {KERN_NO_SPACE, "(os/kern) no space available"},
    {KERN_INVALID_ARGUMENT, "(os/kern) invalid argument"},
    {KERN_FAILURE, "(os/kern) failure"},
    {KERN_RESOURCE_SHORTAGE, "(os/kern) resource shortage"},
    {KERN_NOT_RECEIVER, "(os/kern) not receiver"},
    {KERN_NO_ACCESS, "(os/kern) no access"},
    {KERN_MEMORY_FAILURE, "(os/kern) memory failure"},
    {KERN_MEMORY_ERROR, "(os/kern) memory error"},
    {KERN_ALREADY_IN_SET, "(os/kern) already in set"},
    {KERN_NOT_IN_SET, "(os/kern) not in set"},
    {KERN_NAME_EXISTS, "(os/kern) name exists"},
    {KERN_ABORTED, "(os/kern) aborted"},
    {KERN_INVALID_NAME, "(os/kern) invalid name"},
    {KERN_INVALID_TASK, "(os/kern) invalid task"},
    {KERN_INVALID_RIGHT, "(os/kern) invalid right"},
    {KERN_INVALID_VALUE, "(os/kern) invalid value"},
    {KERN_UREFS_OVERFLOW, "(os/kern) urefs overflow"},
    {KERN_INVALID_CAPABILITY, "(os/kern) invalid capability"},
    {KERN_RIGHT_EXISTS, "(os/kern) right exists"},
    {KERN_INVALID_HOST, "(os/kern) invalid host"},
    {KERN_INVALID_OBJECT, "(os/kern) invalid object"},
    {KERN_TERMINATED, "(os/kern) object terminated"},
    {KERN_NOT_SUPPORTED, "(os/kern) not supported"},
    {KERN_OPERATION_TIMED_OUT, "(os/kern) operation timed out"},
    {KERN_INSUFFICIENT_BUFFER_SIZE, "(os/kern) insufficient buffer size"},
    {KERN_DENIED, "(os/kern) denied"},

    {MACH_SEND_INVALID_DATA, "(ipc/send) invalid data"},
    {MACH_SEND_INVALID_DEST, "(ipc/send) invalid destination port"},
    {MACH_SEND_TIMED_OUT, "(ipc/send) timed out"},
    {MACH_SEND_INTERRUPTED, "(ipc/send) interrupted"},
    {MACH_SEND_MSG_TOO_SMALL, "(ipc/send) message too small"},
    {MACH_SEND_INVALID_REPLY, "(ipc/send) invalid reply port"},
    {MACH_SEND_INVALID_RIGHT, "(ipc/send) invalid port right"},
    {MACH_SEND_INVALID_MEMORY, "(ipc/send) invalid memory"},
    {MACH_SEND_NO_BUFFER, "(ipc/send) no message buffer"},
    {MACH_SEND_TOO_LARGE, "(ipc/send) message too large"},
    {MACH_SEND_INVALID_TYPE, "(ipc/send) invalid message type"},
    {MACH_SEND_INVALID_HEADER, "(ipc/send) invalid message header"},
    {MACH_RCV_INVALID_NAME, "(ipc/rcv) invalid name"},
    {MACH_RCV_TIMED_OUT, "(ipc/rcv) timed out"},
    {MACH_RCV_TOO_LARGE, "(ipc/rcv) message too large"},
    {MACH_RCV_INTERRUPTED, "(ipc/rcv) interrupted"},
    {MACH_RCV_PORT_CHANGED, "(ipc/rcv) port changed"},
    {MACH_RCV_PORT_DIED, "(ipc/rcv) port died"},
    {MACH_RCV_IN_SET, "(ipc/rcv) port is in a set"},
    {MACH_RCV_INVALID_DATA, "(ipc/rcv) invalid data"},

    {MIG_TYPE_ERROR, "(ipc/mig) client type check failure"},
    {MIG_REPLY_MISMATCH, "(ipc/mig) wrong reply message ID"},
    {MIG_REMOTE_ERROR, "(ipc/mig) server detected error"},
    {MIG_BAD_ID, "(ipc/mig) bad request message ID"},
    {MIG_BAD_ARGUMENTS, "(ipc/mig) server type check failure"},
    {MIG_NO_REPLY, "(ipc/mig) no reply should be sent"},
    {MIG_EXCEPTION, "(ipc/mig) server raised exception"},
    {MIG_ARRAY_TOO_LARGE, "(ipc/mig) array too large"},
    {MIG_SERVER_DIED, "(ipc/mig) server died"},
    {MIG_TRAILER_ERROR, "(ipc/mig) unknown trailer format"},

    {BOOTSTRAP_NOT_PRIVILEGED, "(server/bootstrap) not privileged"},
    {BOOTSTRAP_NAME_IN_USE, "(server/bootstrap) name in use"},
    {BOOTSTRAP_UNKNOWN_SERVICE, "(server/bootstrap) unknown service"},
    {BOOTSTRAP_SERVICE_ACTIVE, "(server/bootstrap) service active"},

    {kOSReturnError, "(libkern/common) error"},
    {kOSMetaClassInternal, "(libkern/metaclass) internal error"},
    {kOSMetaClassHasInstances, "(libkern/metaclass) class has instances"},
    {kOSMetaClassNoInit, "(libkern/metaclass) not initialised"},
    {kOSMetaClassNoDicts, "(libkern/metaclass) no memory"},
    {kOSMetaClassNoSuper, "(libkern/metaclass) superclass not found"},
    {kOSMetaClassDuplicateClass, "(libkern/metaclass) duplicate class"},

    {kIOReturnError, "(iokit/common) general error"},
    {kIOReturnNoMemory, "(iokit/common) memory allocation error"},
    {kIOReturnNoResources, "(iokit/common) resource shortage"},
    {kIOReturnIPCError, "(iokit/common) Mach IPC failure"},
    {kIOReturnNoDevice, "(iokit/common) no such device"},
    {kIOReturnNotPrivileged, "(iokit/common) privilege violation"},
    {kIOReturnBadArgument, "(iokit/common) invalid argument"},
    {kIOReturnLockedRead, "(iokit/common) device is read locked"},
    {kIOReturnLockedWrite, "(iokit/common) device is write locked"},
    {kIOReturnExclusiveAccess, "(iokit/common) exclusive access and device already open"},
    {kIOReturnBadMessageID, "(iokit/common) bad IPC message ID"},
    {kIOReturnUnsupported, "(iokit/common) unsupported function"},
    {kIOReturnVMError, "(iokit/common) virtual memory error"},
    {kIOReturnInternalError, "(iokit/common) internal driver error"},
    {kIOReturnIOError, "(iokit/common) I/O error"},
    {kIOReturnCannotLock, "(iokit/common) cannot acquire lock"},
    {kIOReturnNotOpen, "(iokit/common) device is not open"},
    {kIOReturnNotReadable, "(iokit/common) device is not readable"},
    {kIOReturnNotWritable, "(iokit/common) device is not writeable"},
    {kIOReturnNotAligned, "(iokit/common) alignment error"},
    {kIOReturnBadMedia, "(iokit/common) media error"},
    {kIOReturnStillOpen, "(iokit/common) device is still open"},
    {kIOReturnRLDError, "(iokit/common) dynamic linker failure"},
    {kIOReturnDMAError, "(iokit/common) DMA failure"},
    {kIOReturnBusy, "(iokit/common) device is busy"},
    {kIOReturnTimeout, "(iokit/common) I/O timeout"},
    {kIOReturnOffline, "(iokit/common) device is offline"},
    {kIOReturnNotReady, "(iokit/common) device is not ready"},
    {kIOReturnNotAttached, "(iokit/common) device is not attached"},
    {kIOReturnNoChannels, "(iokit/common) no DMA channels available"},
    {kIOReturnNoSpace, "(iokit/common) no space for data"},
    {kIOReturnPortExists, "(iokit/common) device port already exists"},
    {kIOReturnCannotWire, "(iokit/common) cannot wire physical memory"},
    {kIOReturnNoInterrupt, "(iokit/common) no interrupt attached"},
    {kIOReturnNoFrames, "(iokit/common) no DMA frames enqueued"},
    {kIOReturnMessageTooLarge, "(iokit/common) message is too large"},
    {kIOReturnNotPermitted, "(iokit/common) operation is not permitted"},
    {kIOReturnNoPower, "(iokit/common) device is without power"},
    {kIOReturnNoMedia, "(iokit/common) media is not present"},
    {kIOReturnUnformattedMedia, "(iokit/common) media is not formatted"},
    {kIOReturnUnsupportedMode, "(iokit/common) unsupported mode"},
    {kIOReturnUnderrun, "(iokit/common) data underrun"},
    {kIOReturnOverrun, "(iokit/common) data overrun"},
    {kIOReturnDeviceError, "(iokit/common) device error"},
    {kIOReturnNoCompletion, "(iokit/common) no completion routine"},
    {kIOReturnAborted, "(iokit/common) operation was aborted"},
    {kIOReturnNoBandwidth, "(iokit/common) bus bandwidth would be exceeded"},
    {kIOReturnNotResponding, "(iokit/common) device is not responding"},
    {kIOReturnIsoTooOld, "(iokit/common) isochronous request is too far in the past"},
    {kIOReturnIsoTooNew, "(iokit/common) isochronous request is too far in the future"},
    {kIOReturnNotFound, "(iokit/common) data was not found"},
    {kIOReturnInvalid, "(iokit/common) invalid value"},
};

static const char *kindOf(mach_error_t error)
{
    int system = err_get_system(error), sub = err_get_sub(error);
    if (error >= MIG_TRAILER_ERROR && error <= MIG_TYPE_ERROR)
        return "(ipc/mig)"; /* small negative numbers: their bits name no system */
    switch (system) {
    case 0:
        return "(os/?)";
    case 4:
        return sub & 1 ? "(ipc/rcv)" : "(ipc/send)";
    case 0x37:
        return sub == 1 ? "(libkern/metaclass)" : sub == 2 ? "(libkern/kext)" : "(libkern/common)";
    case 0x38:
        return sub == 0 ? "(iokit/common)" : sub == 1 ? "(iokit/usb)" : "(iokit/family)";
    default:
        return "(unknown system)";
    }
}

char *mach_error_string(mach_error_t error_value)
{
    static char unknown[] = "unknown error code";
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (texts[i].error == error_value)
            return (char *)texts[i].text;
    return unknown;
}

char *mach_error_type(mach_error_t error_value)
{
    return (char *)kindOf(error_value);
}

void mach_error(const char *prefix, mach_error_t error_value)
{
    fprintf(stderr, "%s %s (0x%x)\n", prefix, mach_error_string(error_value), (unsigned)error_value);
}

const char *bootstrap_strerror(kern_return_t result)
{
    return mach_error_string(result);
}
