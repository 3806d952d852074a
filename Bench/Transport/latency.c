// Sends GET requests over keep-alive connections at a fixed rate, and prints how long the answers took in microseconds:
// "count p50 p99 p99.9". A request's time runs from when it was due, so that a stall is not hidden; it never sleeps, so
// that no timer of the kernel is measured with it.
// latency PORT PATH CONNECTIONS RATE SECONDS
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct connection {
    int socket;
    int64_t due;
    int is_waiting;
};

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static int compare(const void *left, const void *right) {
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static int dial(int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int descriptor = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    if (descriptor < 0 || connect(descriptor, (struct sockaddr *)&address, sizeof address)) fail("connect");
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return descriptor;
}

int main(int count, char **words) {
    if (count != 6) return fprintf(stderr, "usage: latency PORT PATH CONNECTIONS RATE SECONDS\n"), 2;
    int connections = atoi(words[3]);
    double rate = atof(words[4]), seconds = atof(words[5]);
    char request[512], answer[4096];
    int length = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: bench\r\n\r\n", words[2]);
    size_t capacity = rate * seconds + connections, measured = 0;
    uint32_t *times = malloc(capacity * sizeof *times);
    struct connection *all = calloc(connections, sizeof *all);
    struct epoll_event events[64];
    int poll = epoll_create1(0);
    int64_t period = connections / rate * 1e9, start = now() + 10000000, end = start + seconds * 1e9;

    // The connections' turns are spread evenly over the period.
    for (int i = 0; i < connections; i++) {
        all[i] = (struct connection){.socket = dial(atoi(words[1])), .due = start + period * i / connections};
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &all[i]};
        if (epoll_ctl(poll, EPOLL_CTL_ADD, all[i].socket, &event)) fail("epoll_ctl");
    }
    for (int next = 0; now() < end && measured < capacity;) {
        struct connection *turn = &all[next];
        if (!turn->is_waiting && turn->due <= now()) {
            if (write(turn->socket, request, length) != length) fail("write");
            turn->is_waiting = 1;
        }
        if (turn->is_waiting || turn->due > end) next = (next + 1) % connections;
        int ready = epoll_wait(poll, events, 64, 0);
        for (int i = 0; i < ready; i++) {
            struct connection *connection = events[i].data.ptr;
            if (read(connection->socket, answer, sizeof answer) <= 0) fail("read");
            times[measured++] = (now() - connection->due) / 1000;
            connection->due += period;
            connection->is_waiting = 0;
        }
    }
    if (measured == 0) return fprintf(stderr, "latency: no answer\n"), 1;
    qsort(times, measured, sizeof *times, compare);
    printf("%zu %u %u %u\n", measured, times[measured / 2], times[measured * 99 / 100], times[measured * 999 / 1000]);
    return 0;
}
