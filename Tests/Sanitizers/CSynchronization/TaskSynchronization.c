// Tells the thread sanitizer how tasks wait for one another.
//
// What a task did before it resumes another one, or is put on the pool's queue, happens before what runs next. Swift's
// runtime and libdispatch, which see to that, are not instrumented.
#define _GNU_SOURCE
#include "Synchronization.h"
#include <dlfcn.h>
#include <stddef.h>

#define SWIFT __attribute__((swiftcall))

struct executor {
    void *identity;
    void *implementation;
};

typedef SWIFT void enqueue_function(void *job);
typedef SWIFT void resume_function(void *task);
typedef SWIFT void resume_throwing_function(void *task, void *error);

extern SWIFT void swift_job_run(void *job, struct executor executor);
extern SWIFT void *(*swift_task_enqueueGlobal_hook)(void *job, enqueue_function *original);
extern void dispatch_async_f(void *queue, void *context, void (*work)(void *));
extern void *dispatch_get_global_queue(intptr_t identifier, uintptr_t flags);

static void run(void *job) {
    if (__tsan_acquire) __tsan_acquire(job);
    swift_job_run(job, (struct executor){NULL, NULL});
}

static SWIFT void *enqueue(void *job, enqueue_function *original) {
    (void)original;
    if (__tsan_release) __tsan_release(job);
    dispatch_async_f(dispatch_get_global_queue(0, 0), job, run);
    return NULL;
}

static resume_function *resume_of_library, *throwing_resume_of_library;
static resume_throwing_function *resume_with_error_of_library;

__attribute__((constructor)) static void find(void) {
    resume_of_library = (resume_function *)dlsym(RTLD_NEXT, "swift_continuation_resume");
    throwing_resume_of_library = (resume_function *)dlsym(RTLD_NEXT, "swift_continuation_throwingResume");
    resume_with_error_of_library =
        (resume_throwing_function *)dlsym(RTLD_NEXT, "swift_continuation_throwingResumeWithError");
    swift_task_enqueueGlobal_hook = enqueue;
}

// The queue is told of the task when it waits already; what resumes it comes before that.
SWIFT void swift_continuation_resume(void *task) {
    if (__tsan_release) __tsan_release(task);
    resume_of_library(task);
}

SWIFT void swift_continuation_throwingResume(void *task) {
    if (__tsan_release) __tsan_release(task);
    throwing_resume_of_library(task);
}

SWIFT void swift_continuation_throwingResumeWithError(void *task, void *error) {
    if (__tsan_release) __tsan_release(task);
    resume_with_error_of_library(task, error);
}
