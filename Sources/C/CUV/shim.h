#pragma once
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
