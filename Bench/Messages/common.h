/* What the load generator and the sink share: the clock, percentiles, and the end of a message's head. */
#ifndef POSTROAD_BENCH_COMMON_H
#define POSTROAD_BENCH_COMMON_H
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum { BUFFER_SIZE = 64 * 1024 };

static inline int64_t now_ns(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static inline void fail(const char *what) {
    perror(what);
    exit(1);
}

/* Latencies in nanoseconds, as they come. */
struct samples {
    int64_t *values;
    size_t count, room;
};

static inline void add_sample(struct samples *samples, int64_t value) {
    if (samples->count == samples->room) {
        samples->room = samples->room ? samples->room * 2 : 1 << 16;
        samples->values = realloc(samples->values, samples->room * sizeof *samples->values);
        if (!samples->values) fail("realloc");
    }
    samples->values[samples->count++] = value;
}

static inline int compare_samples(const void *left, const void *right) {
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

/* The value below which this share of the samples lies, in milliseconds; the samples must be sorted. */
static inline double percentile(const struct samples *samples, double share) {
    if (!samples->count) return 0;
    size_t index = (size_t)(samples->count * share);
    return samples->values[index < samples->count ? index : samples->count - 1] / 1e6;
}

/* Length of the head of an HTTP message, with its empty line; 0 when it has not come whole. */
static inline size_t head_length(const char *bytes, size_t count) {
    const char *end = memmem(bytes, count, "\r\n\r\n", 4);
    return end ? (size_t)(end - bytes) + 4 : 0;
}

/* The value of Content-Length; 0 when there is none. */
static inline size_t content_length(const char *head, size_t length) {
    static const char name[] = "\r\ncontent-length:";
    for (size_t at = 0; at + sizeof name - 1 < length; at++)
        if (head[at] == '\r' && !strncasecmp(head + at, name, sizeof name - 1))
            return strtoul(head + at + sizeof name - 1, NULL, 10);
    return 0;
}
#endif
