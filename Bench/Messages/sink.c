/* sink [COPIES]
 *
 * Takes webhooks on a free port of 127.0.0.1, which is the first line it prints, and answers 204 to each.
 * GET /count answers how many messages came, GET /report also how long they took, and begins anew.
 * A message's text begins with "at=<ns> no=<number> ", as the load generator writes it; each number comes COPIES times. */
#include "common.h"
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { DESCRIPTORS = 4096, NUMBERS = 1 << 24 };

struct connection {
    size_t received;
    char buffer[BUFFER_SIZE];
};

static struct connection *connections[DESCRIPTORS];
static struct samples latencies;
static uint16_t *seen; /* how often the message of a number came */
static int copies = 1;
static long delivered, duplicated, strange;
static int64_t last;

static void begin_anew(void) {
    delivered = duplicated = strange = 0;
    latencies.count = 0;
    memset(seen, 0, NUMBERS * sizeof *seen);
}

static void take(const char *body, size_t length) {
    last = now_ns();
    const char *at = memmem(body, length, "at=", 3);
    const char *number_at = at ? memmem(at, length - (at - body), " no=", 4) : NULL;
    unsigned long number = number_at ? strtoul(number_at + 4, NULL, 10) : NUMBERS;
    if (number >= NUMBERS) {
        strange++;
        return;
    }
    if (seen[number] >= copies) {
        duplicated++;
        return;
    }
    seen[number]++;
    delivered++;
    add_sample(&latencies, last - strtoll(at + 3, NULL, 10));
}

static int report(char *answer, size_t room, int whole) {
    char body[512];
    int length = snprintf(body, sizeof body, "{\"delivered\":%ld,\"duplicated\":%ld,\"strange\":%ld", delivered,
                          duplicated, strange);
    if (whole) {
        qsort(latencies.values, latencies.count, sizeof *latencies.values, compare_samples);
        length += snprintf(body + length, sizeof body - length,
                           ",\"last_ns\":%lld,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f", (long long)last,
                           percentile(&latencies, 0.5), percentile(&latencies, 0.99), percentile(&latencies, 1));
        begin_anew();
    }
    length += snprintf(body + length, sizeof body - length, "}\n");
    return snprintf(answer, room, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
                    length, body);
}

static void answer(int descriptor, const char *request, size_t head, size_t length) {
    static const char done[] = "HTTP/1.1 204 No Content\r\n\r\n";
    char text[1024];
    const char *bytes = done;
    ssize_t count = sizeof done - 1;
    if (!strncmp(request, "GET ", 4)) {
        count = report(text, sizeof text, !strncmp(request + 4, "/report", 7));
        bytes = text;
    } else {
        take(request + head, length);
    }
    if (send(descriptor, bytes, count, MSG_NOSIGNAL) != count) perror("send");
}

static void receive(int descriptor) {
    struct connection *connection = connections[descriptor];
    ssize_t count = recv(descriptor, connection->buffer + connection->received, BUFFER_SIZE - connection->received,
                         MSG_DONTWAIT);
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) {
        close(descriptor);
        free(connection);
        connections[descriptor] = NULL;
        return;
    }
    connection->received += count;
    for (;;) {
        size_t head = head_length(connection->buffer, connection->received);
        if (!head) return;
        size_t length = content_length(connection->buffer, head);
        if (connection->received < head + length) return;
        answer(descriptor, connection->buffer, head, length);
        connection->received -= head + length;
        memmove(connection->buffer, connection->buffer + head + length, connection->received);
    }
}

static void admit(int listener, int poller) {
    int descriptor = accept4(listener, NULL, NULL, SOCK_CLOEXEC), on = 1;
    if (descriptor < 0) return;
    if (descriptor >= DESCRIPTORS) {
        close(descriptor);
        return;
    }
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    connections[descriptor] = malloc(sizeof **connections);
    connections[descriptor]->received = 0;
    struct epoll_event event = {.events = EPOLLIN, .data.fd = descriptor};
    if (epoll_ctl(poller, EPOLL_CTL_ADD, descriptor, &event)) fail("epoll_ctl");
}

int main(int argc, char **argv) {
    if (argc > 1) copies = atoi(argv[1]);
    struct sockaddr_in address = {.sin_family = AF_INET};
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), poller = epoll_create1(EPOLL_CLOEXEC);
    if (bind(listener, (struct sockaddr *)&address, length) || listen(listener, 1024)) fail("bind");
    getsockname(listener, (struct sockaddr *)&address, &length);
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    seen = malloc(NUMBERS * sizeof *seen);
    begin_anew();
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, events[256];
    if (epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event)) fail("epoll_ctl");
    for (;;) {
        int ready = epoll_wait(poller, events, 256, -1);
        if (ready < 0 && errno != EINTR) fail("epoll_wait");
        for (int index = 0; index < ready; index++) {
            if (events[index].data.fd == listener) admit(listener, poller);
            else receive(events[index].data.fd);
        }
    }
}
