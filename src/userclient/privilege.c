/* SPDX-License-Identifier: MIT */
/*
 * Privileges of clients (SEMANTICS 5.44), from the credentials of their sockets. "local" and "console" ask for a
 * session of the task's user; the host keeps them as the registry root's IOConsoleUsers, an array of dictionaries,
 * which a platform may publish. Without that nobody is. A Linux program is always in the foreground.
 */
#include <IOKit/IOUserClient.h>

#include <string.h>

#include <libkern/OSArray.h>
#include <libkern/OSBoolean.h>
#include <libkern/OSDictionary.h>
#include <libkern/OSNumber.h>

/* The user's session, +1, or NULL. */
static OSDictionary *copySession(uid_t uid)
{
    OSObject *sessions = IORegistryEntry_copyProperty(IORegistryEntry_getRegistryRoot(), kIOConsoleUsersKey);
    OSArray *array = OSDynamicCast(OSArray, sessions);
    OSDictionary *found = NULL;
    for (unsigned i = 0; array && !found && i < OSArray_getCount(array); i++) {
        OSDictionary *session = OSDynamicCast(OSDictionary, OSArray_getObject(array, i));
        OSNumber *owner =
            session ? OSDynamicCast(OSNumber, OSDictionary_getObject(session, kIOConsoleSessionUIDKey)) : NULL;
        if (owner && OSNumber_unsigned32BitValue(owner) == uid)
            found = OSRetain(session);
    }
    OSRelease(sessions);
    return found;
}

static bool isOnConsole(uid_t uid)
{
    OSDictionary *session = copySession(uid);
    bool result =
        session && OSDictionary_getObject(session, kIOConsoleSessionOnConsoleKey) == OSObjectOf(kOSBooleanTrue);
    OSRelease(session);
    return result;
}

static bool isLocal(uid_t uid)
{
    OSDictionary *session = copySession(uid);
    OSRelease(session);
    return session != NULL;
}

IOReturn IOUserClient_clientHasPrivilege(IOTask *securityToken, const char *privilegeName)
{
    bool granted;
    if (strcmp(privilegeName, kIOClientPrivilegeForeground) == 0)
        return kIOReturnSuccess;
    bool isConsole = strcmp(privilegeName, kIOClientPrivilegeConsoleUser) == 0 ||
                     strcmp(privilegeName, kIOClientPrivilegeConsoleSession) == 0 ||
                     strcmp(privilegeName, kIOClientPrivilegeSecureConsoleProcess) == 0;
    bool isRoot = securityToken && IOTask_getUID(securityToken) == 0;
    if (strcmp(privilegeName, kIOClientPrivilegeAdministrator) == 0)
        granted = isRoot;
    else if (strcmp(privilegeName, kIOClientPrivilegeLocalUser) == 0)
        granted = securityToken && isLocal(IOTask_getUID(securityToken));
    else if (isConsole)
        granted = securityToken && isOnConsole(IOTask_getUID(securityToken));
    else
        return kIOReturnUnsupported;
    return granted ? kIOReturnSuccess : kIOReturnNotPrivileged;
}
