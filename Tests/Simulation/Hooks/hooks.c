#include "CSimulation.h"

#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

/* The runtime's hooks (swift/Runtime/Concurrency.h); they are one per process, so what they lead to is one per thread. */
#define SWIFTCC __attribute__((swiftcall))
typedef SWIFTCC void (*original_enqueue)(void *job);
typedef SWIFTCC void (*original_delay)(unsigned long long delay, void *job);
extern SWIFTCC void (*swift_task_enqueueGlobal_hook)(void *job, original_enqueue original);
extern SWIFTCC void (*swift_task_enqueueMainExecutor_hook)(void *job, original_enqueue original);
extern SWIFTCC void (*swift_task_enqueueGlobalWithDelay_hook)(
    unsigned long long delay, void *job, original_delay original);

extern SWIFTCC void swift_job_run(void *job, void *identity, void *implementation);

static _Thread_local void *current;
static _Thread_local simulation_enqueue current_enqueue;

static SWIFTCC void enqueue(void *job, original_enqueue original) {
    if (current) {
        current_enqueue(current, job);
    } else {
        original(job);
    }
}

/* A job that waits for the machine's own clock could not be repeated. */
static SWIFTCC void enqueue_late(unsigned long long delay, void *job, original_delay original) {
    if (current) {
        fputs("simulation: something sleeps on the machine's clock instead of the injected one\n", stderr);
        abort();
    }
    original(delay, job);
}

static void install(void) {
    swift_task_enqueueGlobal_hook = enqueue;
    swift_task_enqueueMainExecutor_hook = enqueue;
    swift_task_enqueueGlobalWithDelay_hook = enqueue_late;
}

void simulation_enter(void *scheduler, simulation_enqueue take) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, install);
    current = scheduler;
    current_enqueue = take;
}

void simulation_leave(void) {
    current = NULL;
}

/* Of a job (swift/ABI/Task.h, class Job) on 64 bits: the object's header, two words of the scheduler, flags and id, a
   voucher, a reserved word. */
unsigned long simulation_resumption(void *job) {
    return ((unsigned long *)job)[7];
}

void simulation_run(void *job) {
    swift_job_run(job, NULL, NULL);
}
