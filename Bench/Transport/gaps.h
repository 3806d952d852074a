// What a program that wants a core for itself is kept from: the gaps between its looks at the clock.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct gaps {
    int64_t first, last;
    // Those worth keeping, in nanoseconds.
    int64_t *lengths;
    size_t count, room;
};

// Shorter ones are the program's own work, or make no difference.
#define LEAST_GAP 20000

static inline int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static inline void note(struct gaps *gaps, int64_t time) {
    if (!gaps->last) gaps->first = gaps->last = time;
    if (time - gaps->last >= LEAST_GAP) {
        if (gaps->count == gaps->room) {
            gaps->room = gaps->room ? gaps->room * 2 : 1024;
            gaps->lengths = realloc(gaps->lengths, gaps->room * sizeof *gaps->lengths);
            if (!gaps->lengths) exit(1);
        }
        gaps->lengths[gaps->count++] = time - gaps->last;
    }
    gaps->last = time;
}

// How long something that happens at any moment has to wait until the program runs again, in nanoseconds: so many of
// all moments wait no longer. Of a gap of g, g - x is the time in which one waits longer than x.
static inline double quantile(const struct gaps *gaps, double part) {
    double allowed = (1 - part) * (gaps->last - gaps->first), low = 0, high = 0;
    for (size_t i = 0; i < gaps->count; i++)
        if (gaps->lengths[i] > high) high = gaps->lengths[i];
    while (high - low > 100) {
        double middle = (low + high) / 2, longer = 0;
        for (size_t i = 0; i < gaps->count; i++)
            if (gaps->lengths[i] > middle) longer += gaps->lengths[i] - middle;
        if (longer > allowed) low = middle; else high = middle;
    }
    return high;
}
