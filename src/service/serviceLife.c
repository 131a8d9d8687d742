/* SPDX-License-Identifier: MIT */
/*
 * The states of a service, and the only functions that change them. All change under the service's arbitration and may
 * be read without it.
 *
 * Termination (ServiceStage), one way:
 *
 *     Live --requestTerminate's own terminate--> Asked --.
 *       '--------- phase 1 (serviceTerminate.c) ---------+-> Marking --phase 1 ends--> Marked
 *     Marked --phase 2, no work configuring or starting (serviceTerminateWorker.c)--> Will
 *     Will --all below were told--> Did --no clients left, finalize called--> Finalized
 *
 * From Asked on the state bit Inactive is set, and from Marking on none of Registered, Matched, FirstPublish,
 * FirstMatch. A service is stopped only when it is Live (its provider goes, it does not) or Finalized.
 *
 * Matching (ServiceJob):
 *
 *     Idle --startMatching--> Queued --a thread begins a pass--> Running --no reason for another pass--> Idle
 *                                          Running --startMatching--> RunningAgain --next pass--> Running
 *
 * Queued and Running each count in `configuring`, until the last notification of the job was delivered; phase 2 of
 * termination waits for that, and is scheduled again by whoever brings it to 0.
 */
#include "service/IOServicePrivate.h"

#include <assert.h>

static const uint32_t kPublishedStates = kIOServiceRegisteredState | kIOServiceMatchedState |
                                         kIOServiceFirstPublishState | kIOServiceFirstMatchState;

uint32_t service_state(const IOService *self)
{
    return atomic_load_explicit(&coreOf(self)->state, memory_order_acquire);
}

ServiceStage service_stage(const IOService *self)
{
    return atomic_load_explicit(&coreOf(self)->stage, memory_order_acquire);
}

IOOptionBits IOService_getState(const IOService *self)
{
    return service_state(self);
}

bool IOService_isInactive(const IOService *self)
{
    return (service_state(self) & kIOServiceInactiveState) != 0;
}

#ifndef NDEBUG
static void checkInvariants_locked(const IOService *self)
{
    uint32_t     state = service_state(self);
    ServiceStage stage = service_stage(self);
    assert(serviceArbitration_isMine(self));
    assert(((state & kIOServiceInactiveState) != 0) == (stage != kStageLive) || stage == kStageLive);
    assert(stage < kStageMarking || (state & kPublishedStates) == 0);
    assert(!(state & kIOServiceFirstMatchState) || (state & kIOServiceMatchedState));
    assert(!(state & kIOServiceMatchedState) || (state & kIOServiceRegisteredState));
    assert(coreOf(self)->job == kJobIdle || coreOf(self)->configuring > 0);
}
#else
#define checkInvariants_locked(self) ((void)(self))
#endif

void service_changeState_locked(IOService *self, uint32_t set, uint32_t clear)
{
    uint32_t state = service_state(self);
    assert(!(state & kIOServiceInactiveState) || !(set & kPublishedStates));
    atomic_store_explicit(&coreOf(self)->state, (state & ~clear) | set, memory_order_release);
    checkInvariants_locked(self);
}

void service_setStage_locked(IOService *self, ServiceStage stage)
{
    static const uint8_t kFrom[] = {
        [kStageAsked]  = 1 << kStageLive,
        [kStageMarking] = 1 << kStageLive | 1 << kStageAsked,
        [kStageMarked] = 1 << kStageMarking,
        [kStageWill]   = 1 << kStageMarked,
        [kStageDid]    = 1 << kStageWill,
        [kStageFinalized] = 1 << kStageDid,
    };
    ServiceStage from = service_stage(self);
    if (stage > kStageFinalized || !(kFrom[stage] & 1 << from))
        panic("IOService: %s goes from stage %d to %d", OSObject_getClassName(OSObjectOf(self)), from, stage);
    if (stage == kStageAsked || stage == kStageMarking)
        service_changeState_locked(self, kIOServiceInactiveState, stage == kStageMarking ? kPublishedStates : 0);
    atomic_store_explicit(&coreOf(self)->stage, stage, memory_order_release);
    checkInvariants_locked(self);
}

void service_setJob_locked(IOService *self, ServiceJob job)
{
    static const uint8_t kFrom[] = {
        [kJobIdle]         = 1 << kJobQueued | 1 << kJobRunning | 1 << kJobRunningAgain,
        [kJobQueued]       = 1 << kJobIdle,
        [kJobRunning]      = 1 << kJobQueued | 1 << kJobRunning | 1 << kJobRunningAgain,
        [kJobRunningAgain] = 1 << kJobRunning | 1 << kJobRunningAgain,
    };
    ServiceJob from = coreOf(self)->job;
    if (!(kFrom[job] & 1 << from))
        panic("IOService: matching of %s goes from %d to %d", OSObject_getClassName(OSObjectOf(self)), from, job);
    atomic_store_explicit(&coreOf(self)->job, job, memory_order_release);
    checkInvariants_locked(self);
}
