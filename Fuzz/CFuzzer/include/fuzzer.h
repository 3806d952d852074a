#pragma once
#include <stddef.h>
#include <stdint.h>

// libFuzzer's own entry point (compiler-rt, FuzzerInterface.h); there is no header for it on the system.
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*callback)(const uint8_t *data, size_t size));
