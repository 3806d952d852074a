#pragma once
#include <stdint.h>

// Absent when the address sanitizer is the one that looks.
__attribute__((weak)) void __tsan_acquire(void *address);
__attribute__((weak)) void __tsan_release(void *address);
