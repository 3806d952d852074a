// Sends GET requests over keep-alive connections at a fixed rate, and prints in microseconds how long the answers took:
// "count p50 p99 p99.9 own-p99".
//
// Each connection has a schedule of its own; the schedules are spread evenly. A request's time runs from when it was due,
// so that a stall is not hidden, and a connection that is behind sends as soon as it may, so that a stall does not last
// longer than it did. The program never sleeps, so that no timer of the kernel is measured with it. What it was kept from
// running itself is its own p99 (gaps.h): the part of the figure that no server can be blamed for.
// latency PORT PATH CONNECTIONS RATE SECONDS
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include "gaps.h"

struct connection {
    int socket;
    int64_t due;
    int is_waiting;
};

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
    struct gaps gaps = {0};
    int poll = epoll_create1(0);
    int64_t period = connections / rate * 1e9, start = now() + 10000000, end = start + seconds * 1e9;

    // The connections' turns are spread evenly over the period.
    for (int i = 0; i < connections; i++) {
        all[i] = (struct connection){.socket = dial(atoi(words[1])), .due = start + period * i / connections};
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &all[i]};
        if (epoll_ctl(poll, EPOLL_CTL_ADD, all[i].socket, &event)) fail("epoll_ctl");
    }
    while (now() < start) {}
    for (int64_t time; (time = now()) < end && measured < capacity;) {
        note(&gaps, time);
        for (int i = 0; i < connections; i++) {
            if (all[i].is_waiting || all[i].due > time) continue;
            if (write(all[i].socket, request, length) != length) fail("write");
            all[i].is_waiting = 1;
        }
        int ready = epoll_wait(poll, events, 64, 0);
        for (int i = 0; i < ready && measured < capacity; i++) {
            struct connection *connection = events[i].data.ptr;
            if (read(connection->socket, answer, sizeof answer) <= 0) fail("read");
            times[measured++] = (now() - connection->due) / 1000;
            connection->due += period;
            connection->is_waiting = 0;
        }
    }
    if (measured == 0) return fprintf(stderr, "latency: no answer\n"), 1;
    qsort(times, measured, sizeof *times, compare);
    printf("%zu %u %u %u %.0f\n", measured, times[measured / 2], times[measured * 99 / 100],
           times[measured * 999 / 1000], quantile(&gaps, 0.99) / 1e3);
    return 0;
}
