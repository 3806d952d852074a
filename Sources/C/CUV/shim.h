#pragma once
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <uv.h>

/// `prctl` is variadic: names the calling thread, cut to 15 bytes.
static inline int cuv_name_thread(const char *name) {
    return prctl(PR_SET_NAME, name, 0, 0, 0);
}

/// Declared by <sys/socket.h> for _GNU_SOURCE only, which cannot be defined here.
int accept4(int socket, struct sockaddr *address, socklen_t *length, int flags);

/// Has a program that is spawned begin with no descriptor open from this one on; <spawn.h> declares the function for
/// _GNU_SOURCE only.
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
