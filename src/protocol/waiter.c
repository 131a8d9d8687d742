/* SPDX-License-Identifier: MIT */
/*
 * Adaptive waiting.
 *
 * Spinning pays when the other side answers within the time that going to sleep and being woken costs (a few
 * microseconds each way). So a waiter spins for kSpinMax at most, and only while that has been paying off: a spin that
 * found nothing quarters the budget, soon to nothing; sleeps that ended sooner than kWorthSpinning, kShortSleeps in a
 * row, restore it. A side that is called rarely therefore never spins, and nothing spins when nothing happens.
 *
 * Where the scheduler has put both sides on one processor, each look would keep the other side from answering: between
 * looks a spinning side yields, which costs next to nothing when nobody else is there to run. Both stay runnable, so
 * that the scheduler parts them.
 *
 * No wake-up is lost: see WireSlot. The sleeper's store to *sleeping and its load of the word, the poster's store to
 * the word and its load of *sleeping, are all sequentially consistent; in their one total order either the poster's
 * load comes after the sleeper's store (and it wakes), or the sleeper's load comes after the poster's store (and it
 * does not sleep). The kernel compares the word again before it puts the sleeper to sleep.
 */
#include "waiter.h"

#include <limits.h>
#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum {
    kSpinMax = 40000,       /* ns */
    kSpinMin = 2000,        /* ns; a smaller budget is none */
    kWorthSpinning = 60000, /* ns asleep, the wake-up itself included */
    kShortSleeps = 3,
    kLooksPerClock = 32, /* looks at the word between looks at the clock */
};

static uint64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

/* With one processor, who spins keeps the other side from running. */
static bool haveSeveralProcessors(void)
{
    static _Atomic(int) known; /* 0: not asked yet */
    int count = atomic_load_explicit(&known, memory_order_relaxed);
    if (count == 0) {
        cpu_set_t set;
        count = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
        atomic_store_explicit(&known, count, memory_order_relaxed);
    }
    return count > 1;
}

static inline void pause_(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

static bool changed(_Atomic(uint32_t) *word, uint32_t old)
{
    return atomic_load_explicit(word, memory_order_acquire) != old;
}

static bool spin(_Atomic(uint32_t) *word, uint32_t old, uint32_t budget)
{
    uint64_t end = 0;
    for (;;) {
        for (int i = 0; i < kLooksPerClock; i++) {
            if (changed(word, old))
                return true;
            pause_();
        }
        uint64_t time = now();
        if (end == 0)
            end = time + budget;
        else if (time > end)
            return changed(word, old);
        sched_yield();
    }
}

static void sleepOn(_Atomic(uint32_t) *word, uint32_t old, _Atomic(uint32_t) *sleeping, const _Atomic(bool) *ended)
{
    for (;;) {
        atomic_store(sleeping, 1);
        if (atomic_load(word) != old || atomic_load(ended))
            break;
        syscall(SYS_futex, word, FUTEX_WAIT, old, NULL, NULL, 0);
    }
    atomic_store_explicit(sleeping, 0, memory_order_relaxed);
}

void Waiter_wait(Waiter *self, _Atomic(uint32_t) *word, uint32_t old, _Atomic(uint32_t) *sleeping,
                 const _Atomic(bool) *ended)
{
    if (changed(word, old))
        return;
    if (self->budget) {
        if (spin(word, old, self->budget)) {
            self->budget = kSpinMax;
            return;
        }
        self->budget = self->budget / 4 < kSpinMin ? 0 : self->budget / 4;
    }
    uint64_t began = now();
    sleepOn(word, old, sleeping, ended);
    self->short_ = now() - began < kWorthSpinning ? self->short_ + 1 : 0;
    if (self->short_ >= kShortSleeps && haveSeveralProcessors()) {
        self->budget = kSpinMax;
        self->short_ = 0;
    }
}

static void wake(_Atomic(uint32_t) *word)
{
    syscall(SYS_futex, word, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

void Waiter_post(_Atomic(uint32_t) *word, uint32_t value, const _Atomic(uint32_t) *sleeping)
{
    atomic_store(word, value);
    if (atomic_load(sleeping))
        wake(word);
}

void Waiter_disturb(_Atomic(uint32_t) *word)
{
    atomic_fetch_xor(word, 0x80000000u);
    wake(word);
}
