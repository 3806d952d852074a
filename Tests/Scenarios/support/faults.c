/* Loaded before the C library (LD_PRELOAD): lets calls on some files fail, and moves the wall clock, as told by a file
   of which FAULTS_FILE is the path and struct faults the content. Made by support/faults.py. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

struct faults {
    volatile int64_t clock_seconds;   /* added to CLOCK_REALTIME */
    volatile int32_t on_write;        /* errno of writes, 0 for none */
    volatile int32_t on_synchronize;  /* of fsync and fdatasync */
    volatile int32_t on_read;
    volatile int32_t failed;          /* how many calls have failed */
    char part[232];                   /* a part of the paths that are meant */
};

static struct faults none;
static struct faults *faults = &none;

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("FAULTS_FILE");
    int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (file < 0) return;
    void *memory = mmap(NULL, sizeof(struct faults), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (memory != MAP_FAILED) faults = memory;
    close(file);
}

/* Whether the call on this file is to fail; errno says why. */
static int fails(int file, int reason) {
    char link[64], path[4096];
    if (!reason) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t count = readlink(link, path, sizeof path - 1);
    if (count < 0) return 0;
    path[count] = 0;
    if (!strstr(path, faults->part)) return 0;
    __sync_fetch_and_add(&faults->failed, 1);
    errno = reason;
    return 1;
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int file, const void *bytes, size_t count) {
    return fails(file, faults->on_write) ? -1 : NEXT(write)(file, bytes, count);
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset) {
    return fails(file, faults->on_write) ? -1 : NEXT(pwrite)(file, bytes, count, offset);
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t offset) {
    return fails(file, faults->on_write) ? -1 : NEXT(pwrite64)(file, bytes, count, offset);
}

ssize_t read(int file, void *bytes, size_t count) {
    return fails(file, faults->on_read) ? -1 : NEXT(read)(file, bytes, count);
}

ssize_t pread64(int file, void *bytes, size_t count, off64_t offset) {
    return fails(file, faults->on_read) ? -1 : NEXT(pread64)(file, bytes, count, offset);
}

int fsync(int file) {
    return fails(file, faults->on_synchronize) ? -1 : NEXT(fsync)(file);
}

int fdatasync(int file) {
    return fails(file, faults->on_synchronize) ? -1 : NEXT(fdatasync)(file);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    int result = NEXT(clock_gettime)(clock, now);
    if (result == 0 && clock == CLOCK_REALTIME) now->tv_sec += faults->clock_seconds;
    return result;
}
