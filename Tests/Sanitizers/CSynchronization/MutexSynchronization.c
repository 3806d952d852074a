// Tells the thread sanitizer what Swift's Mutex does in the kernel.
//
// A lock that nobody else wants is taken and given up by atomic operations that the sanitizer sees. One that is wanted
// goes through futex(2) in the standard library, which is not instrumented: without this every such hand-over would be
// taken for a race. The two functions stand in front of the library's and call them.
#define _GNU_SOURCE
#include "Synchronization.h"
#include <dlfcn.h>

#define LOCK_SLOW "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK_SLOW "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

typedef __attribute__((swiftcall)) void lock_function(uint32_t, __attribute__((swift_context)) void *);
typedef __attribute__((swiftcall)) void unlock_function(__attribute__((swift_context)) void *);

static lock_function *lock_of_library;
static unlock_function *unlock_of_library;

__attribute__((constructor)) static void find(void) {
    lock_of_library = (lock_function *)dlsym(RTLD_NEXT, LOCK_SLOW);
    unlock_of_library = (unlock_function *)dlsym(RTLD_NEXT, UNLOCK_SLOW);
}

__attribute__((swiftcall)) void lock_slow(uint32_t owner, __attribute__((swift_context)) void *mutex) __asm__(LOCK_SLOW);
__attribute__((swiftcall)) void unlock_slow(__attribute__((swift_context)) void *mutex) __asm__(UNLOCK_SLOW);

__attribute__((swiftcall)) void lock_slow(uint32_t owner, __attribute__((swift_context)) void *mutex) {
    lock_of_library(owner, mutex);
    if (__tsan_acquire) __tsan_acquire(mutex);
}

__attribute__((swiftcall)) void unlock_slow(__attribute__((swift_context)) void *mutex) {
    if (__tsan_release) __tsan_release(mutex);
    unlock_of_library(mutex);
}
