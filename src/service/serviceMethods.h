/* SPDX-License-Identifier: MIT */
/* The base implementations of IOService's slots that stand in other files than the table (IOService.c). */
#ifndef SERVICE_SERVICEMETHODS_H
#define SERVICE_SERVICEMETHODS_H

#include <IOKit/IOService.h>

/* serviceMatch.c */
bool IOService_compareName_(const IORegistryEntry *entry, OSString *name, OSString **matched);
/* serviceAttach.c */
bool IOService_attach_(IOService *self, IOService *provider);
void IOService_detach_(IOService *self, IOService *provider);
/* serviceOpen.c */
bool IOService_open_(IOService *self, IOService *forClient, IOOptionBits options, void *argument);
void IOService_close_(IOService *self, IOService *forClient, IOOptionBits options);
bool IOService_handleOpen_(IOService *self, IOService *forClient, IOOptionBits options, void *argument);
void IOService_handleClose_(IOService *self, IOService *forClient, IOOptionBits options);
bool IOService_handleIsOpen_(const IOService *self, const IOService *forClient);
/* serviceTerminate.c */
bool IOService_terminate_(IOService *self, IOOptionBits options);
bool IOService_requestTerminate_(IOService *self, IOService *provider, IOOptionBits options);
bool IOService_terminateClient_(IOService *self, IOService *client, IOOptionBits options);
bool IOService_willTerminate_(IOService *self, IOService *provider, IOOptionBits options);
bool IOService_didTerminate_(IOService *self, IOService *provider, IOOptionBits options, bool *defer);
bool IOService_finalize_(IOService *self, IOOptionBits options);
/* src/workloop/serviceWorkLoop.c */
IOWorkLoop *IOService_getWorkLoop_(IOService *self);
/* serviceUserClient.c */
IOReturn IOService_newUserClient_(IOService *self, IOTask *owningTask, void *securityID, uint32_t type,
                                  OSDictionary *properties, IOUserClient **ret_client);

#endif
