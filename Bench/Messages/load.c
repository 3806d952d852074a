/* load PORT CONNECTIONS COUNT RATE BYTES LANES
 *
 * Posts COUNT messages whose text has BYTES bytes to http://127.0.0.1:PORT/v1/messages over CONNECTIONS kept-alive
 * connections, one request at a time on each, and prints what was answered as one line of JSON.
 * RATE 0: the next message goes as soon as a connection is free. Otherwise RATE messages a second are due whether
 * or not one is free (an open loop), and latencies count from when a message was due, so that a stall is not hidden.
 * Messages have the classes bench/0 … bench/LANES-1 in turn. A text begins with "at=<ns> no=<number> ", for the sink. */
#include "common.h"
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

struct connection {
    int descriptor;
    int64_t due;
    size_t received;
    char buffer[BUFFER_SIZE];
};

static struct connection *connections;
static int *idle, idle_count, poller;
static long answered, accepted, sent;
static struct samples latencies;
static int port, lanes;
static char *padding;

static void open_connection(int index) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    if (descriptor < 0 || connect(descriptor, (struct sockaddr *)&address, sizeof address)) fail("connect");
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = index};
    if (epoll_ctl(poller, EPOLL_CTL_ADD, descriptor, &event)) fail("epoll_ctl");
    connections[index] = (struct connection){.descriptor = descriptor};
    idle[idle_count++] = index;
}

/* A request fits into the socket's buffer, so a blocking write does not wait. */
static void post(int index, int64_t due) {
    static char request[BUFFER_SIZE], body[BUFFER_SIZE];
    struct connection *connection = &connections[index];
    int length = snprintf(body, sizeof body, "{\"class\":\"bench/%ld\",\"text\":\"at=%lld no=%ld %s\"}",
                          sent % lanes, (long long)due, sent, padding);
    int total = snprintf(request, sizeof request,
                         "POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                         "Content-Length: %d\r\n\r\n%s", length, body);
    connection->due = due;
    connection->received = 0;
    if (send(connection->descriptor, request, total, MSG_NOSIGNAL) != total) fail("send");
    sent++;
}

/* Reads an answer; the connection is idle again once it is whole. */
static void receive(int index) {
    struct connection *connection = &connections[index];
    ssize_t count = recv(connection->descriptor, connection->buffer + connection->received,
                         BUFFER_SIZE - connection->received, MSG_DONTWAIT);
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) {
        fprintf(stderr, "load: the router closed a connection\n");
        exit(1);
    }
    connection->received += count;
    size_t head = head_length(connection->buffer, connection->received);
    if (!head || connection->received < head + content_length(connection->buffer, head)) return;
    if (!strncmp(connection->buffer + 9, "202", 3)) {
        accepted++;
    } else if (answered == accepted) {
        fprintf(stderr, "load: first refusal: %.*s\n", (int)connection->received, connection->buffer);
    }
    add_sample(&latencies, now_ns() - connection->due);
    answered++;
    idle[idle_count++] = index;
}

static void run(long count, double rate) {
    int64_t start = now_ns();
    struct epoll_event events[256];
    while (answered < count) {
        int64_t now = now_ns(), wait = 1000000000;
        while (idle_count && sent < count) {
            int64_t due = rate > 0 ? start + (int64_t)(sent / rate * 1e9) : now_ns();
            if (due > now && rate > 0) {
                wait = due - now;
                break;
            }
            post(idle[--idle_count], due);
        }
        struct timespec timeout = {wait / 1000000000, wait % 1000000000};
        int ready = epoll_pwait2(poller, events, 256, &timeout, NULL);
        if (ready < 0 && errno != EINTR) fail("epoll_pwait2");
        for (int index = 0; index < ready; index++) receive(events[index].data.u32);
    }
    double seconds = (now_ns() - start) / 1e9;
    qsort(latencies.values, latencies.count, sizeof *latencies.values, compare_samples);
    printf("{\"sent\":%ld,\"accepted\":%ld,\"started_ns\":%lld,\"seconds\":%.3f,\"accepted_s\":%.0f,"
           "\"p50_ms\":%.3f,\"p99_ms\":%.3f}\n", sent, accepted, (long long)start, seconds, accepted / seconds,
           percentile(&latencies, 0.5), percentile(&latencies, 0.99));
}

int main(int argc, char **argv) {
    if (argc != 7) {
        fprintf(stderr, "usage: load PORT CONNECTIONS COUNT RATE BYTES LANES\n");
        return 2;
    }
    port = atoi(argv[1]);
    int count = atoi(argv[2]), bytes = atoi(argv[5]);
    lanes = atoi(argv[6]);
    if (count < 1 || lanes < 1 || bytes < 64 || bytes > BUFFER_SIZE / 2) {
        fprintf(stderr, "load: at least one connection and lane, and from 64 to %d bytes\n", BUFFER_SIZE / 2);
        return 2;
    }
    poller = epoll_create1(EPOLL_CLOEXEC);
    connections = calloc(count, sizeof *connections);
    idle = calloc(count, sizeof *idle);
    padding = malloc(bytes + 1);
    memset(padding, 'x', bytes);
    padding[bytes - 40] = 0; /* the rest are the two numbers */
    for (int index = 0; index < count; index++) open_connection(index);
    run(atol(argv[3]), atof(argv[4]));
    return 0;
}
