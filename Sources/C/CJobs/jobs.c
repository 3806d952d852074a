#include "CJobs.h"

#include <stdio.h>
#include <stdlib.h>

/* The runtime's hooks and what they lead to (swift/Runtime/Concurrency.h); they are one per process. */
#define SWIFTCC __attribute__((swiftcall))
typedef SWIFTCC void (*original_enqueue)(void *job);
extern SWIFTCC void (*swift_task_enqueueGlobal_hook)(void *job, original_enqueue original);
extern SWIFTCC void (*swift_task_enqueueMainExecutor_hook)(void *job, original_enqueue original);
extern SWIFTCC void swift_job_run(void *job, void *identity, void *implementation);

static cjobs_take take_job;

static SWIFTCC void enqueue(void *job, original_enqueue original) {
    (void)original;
    take_job(job);
}

static SWIFTCC void enqueue_main(void *job, original_enqueue original) {
    (void)job, (void)original;
    fputs("postroad: a job for the main actor, which does not run here\n", stderr);
    abort();
}

void cjobs_take_over(cjobs_take take) {
    take_job = take;
    swift_task_enqueueGlobal_hook = enqueue;
    swift_task_enqueueMainExecutor_hook = enqueue_main;
}

void cjobs_run(void *job) {
    swift_job_run(job, NULL, NULL);
}
