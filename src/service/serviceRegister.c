/* SPDX-License-Identifier: MIT */
/*
 * Registration: from registerService to the last notification of a matching job (SEMANTICS 3b).
 *
 * A job is passes over one service until nothing asks for another one: candidates from the catalogue, the first
 * publication, probing and starting. Then the service is matched and who wanted to know is told. serviceLife.c draws
 * the job's states; each step of a pass that changes one is in a function of its own here, under the arbitration.
 */
#include "service/IOServicePrivate.h"

#include <IOKit/IOCatalogue.h>

/* --- asking for a job -------------------------------------------------------------------------------------------- */

static bool isConnectedToRoot(const IOService *self)
{
    IORegistryEntry *root = IORegistryEntry_getRegistryRoot();
    IORegistryEntry *at   = OSRetain(entryOf(self));
    while (at && at != root) {
        IORegistryEntry *parent = IORegistryEntry_copyParentEntry(at, gIOServicePlane);
        OSRelease(at);
        at = parent;
    }
    OSRelease(at);
    return at == root && root;
}

void IOService_registerServiceWithOptions(IOService *self, IOOptionBits options)
{
    if (isConnectedToRoot(self))
        IOService_startMatching(self, options);
    else
        IOLog("%s: not registry member at registerService()", IORegistryEntry_getName(entryOf(self), NULL));
}

void IOService_registerService(IOService *self)
{
    IOService_registerServiceWithOptions(self, 0);
}

static bool providerIsSynchronous(const IOService *self)
{
    IOService *provider    = IOService_copyProvider(self);
    bool       synchronous = provider && coreOf(provider)->isSynchronous;
    OSRelease(provider);
    return synchronous;
}

/* Whether the caller has to see to a job now; one that is there already is told to do another pass. */
static bool requestJob(IOService *self, bool synchronous)
{
    IOServicePrivate *core = coreOf(self);
    (void)IOService_lockForArbitration(self, true);
    bool wanted         = !IOService_isInactive(self);
    bool isNew          = wanted && core->job == kJobIdle;
    core->isSynchronous = synchronous;
    if (isNew) {
        core->configuring++;
        service_setJob_locked(self, kJobQueued);
    } else if (wanted && core->job != kJobQueued) {
        service_setJob_locked(self, kJobRunningAgain);
    }
    IOService_unlockForArbitration(self);
    return isNew;
}

/* What a synchronous registration waits for: as busy as before, or gone. */
static bool cameBack(const IOService *self, const void *context)
{
    const uint32_t *before = context;
    return coreOf(self)->busy <= *before || IOService_isInactive(self);
}

void IOService_startMatching(IOService *self, IOOptionBits options)
{
    bool synchronous = (options & kIOServiceSynchronous) || providerIsSynchronous(self);
    if (options & kIOServiceAsynchronous)
        synchronous = false;
    if (!requestJob(self, synchronous))
        return;
    uint32_t before = serviceBusy_adjust(self, +1);
    if (!synchronous) {
        serviceJobs_submit(self);
        return;
    }
    service_doServiceMatch(self);
    serviceJobs_beginWait();
    (void)serviceBusy_waitUntil(self, cameBack, &before, UINT64_MAX); /* true: there is no deadline */
    serviceJobs_endWait();
}

/* --- one pass --------------------------------------------------------------------------------------------------- */

typedef struct Pass {
    bool     isFirst;            /* the service is published for the first time */
    bool     isInactive;         /* terminated: nothing more is done */
    bool     isRegistration;     /* publish notifications are due */
    uint64_t serial;             /* of the notifications that were installed at its beginning */
    SInt32   catalogGeneration;
} Pass;

/* Files the service, sets its published states, and says what the pass has to do. */
static void beginPass(IOService *self, Pass *pass)
{
    (void)IOService_lockForArbitration(self, true);
    pass->isInactive = IOService_isInactive(self);
    pass->isFirst    = !(service_state(self) & kIOServiceFirstPublishState);
    service_setJob_locked(self, kJobRunning);
    if (!pass->isInactive && !serviceIndex_add(self)) {
        IOLog("%s: no memory to register it", IORegistryEntry_getName(entryOf(self), NULL));
        pass->isInactive = true;
    }
    if (!pass->isInactive)
        pass->serial = serviceNotification_enterState_locked(self, kIOServiceRegisteredState |
                                                                       kIOServiceFirstPublishState);
    IOService_unlockForArbitration(self);
}

static void runPass(IOService *self, const Pass *pass, OSOrderedSet *candidates)
{
    if (pass->isFirst)
        serviceNotification_deliver(self, kNotifyFirstPublish, pass->serial);
    serviceProbe_candidates(self, candidates, pass->isRegistration ? pass->serial : 0);
}

/* Whether another pass is due; *ret_isRegistration: because somebody registered again. Not: the job is over. */
static bool wantsAnotherPass(IOService *self, const Pass *pass, bool *ret_isRegistration)
{
    bool catalogChanged = pass->catalogGeneration != IOCatalogue_getGenerationCount();
    (void)IOService_lockForArbitration(self, true);
    *ret_isRegistration = coreOf(self)->job == kJobRunningAgain;
    bool again          = (*ret_isRegistration || catalogChanged) && !pass->isInactive && !IOService_isInactive(self);
    IOService_unlockForArbitration(self);
    return again;
}

/* --- the end of a job -------------------------------------------------------------------------------------------- */

typedef struct Outcome {
    bool     isMatched;    /* notifications are due */
    bool     isFirstMatch;
    uint64_t serial;
} Outcome;

/* False when somebody registered again in the last moment: the job goes on. */
static bool endPasses(IOService *self, const Pass *pass, Outcome *outcome)
{
    IOServicePrivate *core = coreOf(self);
    (void)IOService_lockForArbitration(self, true);
    bool again = core->job == kJobRunningAgain && !pass->isInactive && !IOService_isInactive(self);
    if (!again) {
        *outcome = (Outcome){.isMatched    = !pass->isInactive && !IOService_isInactive(self) && !core->isModuleStalled,
                             .isFirstMatch = !(service_state(self) & kIOServiceFirstMatchState)};
        if (outcome->isMatched)
            outcome->serial =
                serviceNotification_enterState_locked(self, kIOServiceMatchedState | kIOServiceFirstMatchState);
        service_setJob_locked(self, kJobIdle);
    }
    IOService_unlockForArbitration(self);
    return !again;
}

static void endJob(IOService *self, const Outcome *outcome)
{
    if (outcome->isMatched) {
        serviceNotification_deliver(self, kNotifyMatched, outcome->serial);
        if (outcome->isFirstMatch)
            serviceNotification_deliver(self, kNotifyFirstMatch, outcome->serial);
    }
    (void)serviceBusy_adjust(self, -1); /* before phase 2 may begin, at whose end the count is cleared */
    (void)IOService_lockForArbitration(self, true);
    coreOf(self)->configuring--;
    serviceTerminate_schedulePhase2(self);
    IOService_unlockForArbitration(self);
}

void service_doServiceMatch(IOService *self)
{
    Outcome outcome;
    Pass    pass;
    bool    isRegistration = true;
    do {
        do {
            pass                     = (Pass){.isRegistration = isRegistration};
            OSOrderedSet *candidates = IOCatalogue_findDriversForService(self, &pass.catalogGeneration);
            if (!candidates) {
                IOLog("%s: no memory to match it", IORegistryEntry_getName(entryOf(self), NULL));
                pass.catalogGeneration = IOCatalogue_getGenerationCount();
            }
            beginPass(self, &pass);
            if (!pass.isInactive)
                runPass(self, &pass, candidates);
            OSRelease(candidates);
        } while (wantsAnotherPass(self, &pass, &isRegistration));
        isRegistration = true;
    } while (!endPasses(self, &pass, &outcome));
    endJob(self, &outcome);
}
