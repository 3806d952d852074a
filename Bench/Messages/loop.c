/* loop COUNT BYTES
 *
 * One message at a time: posts a message of BYTES bytes to /v1/messages on a kept-alive connection, takes the webhook that
 * comes of it on a free port of its own, which is the first line it prints, by whichever connection it comes, and posts
 * the next when both the answer and the webhook have come. It begins when a line with the router's port comes on its
 * standard input. Prints one line of JSON: how long a message took from its posting to its webhook, and to both. */
#include "common.h"
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ANSWER, LISTENER, WEBHOOKS, CONNECTIONS = 16 };

static char buffers[CONNECTIONS][BUFFER_SIZE];
static size_t received[CONNECTIONS];

/* Reads what has come; 1 when a whole message is there, which is forgotten. */
static int whole(int descriptor, int which) {
    ssize_t count = recv(descriptor, buffers[which] + received[which], BUFFER_SIZE - received[which], MSG_DONTWAIT);
    if (count < 0 && errno == EAGAIN) return 0;
    if (count <= 0) fprintf(stderr, "loop: connection %d was closed\n", which), exit(1);
    received[which] += count;
    size_t head = head_length(buffers[which], received[which]);
    if (!head || received[which] < head + content_length(buffers[which], head)) return 0;
    if (which == ANSWER && strncmp(buffers[which] + 9, "202", 3)) {
        fprintf(stderr, "loop: refused: %.*s\n", (int)received[which], buffers[which]);
        exit(1);
    }
    received[which] = 0;
    return 1;
}

static void post(int descriptor, long number, const char *padding) {
    static char request[BUFFER_SIZE], body[BUFFER_SIZE / 2];
    int length = snprintf(body, sizeof body, "{\"class\":\"bench/0\",\"text\":\"at=0 no=%ld %s\"}", number, padding);
    int total = snprintf(request, sizeof request,
                         "POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                         "Content-Length: %d\r\n\r\n%s", length, body);
    if (send(descriptor, request, total, MSG_NOSIGNAL) != total) fail("send");
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: loop COUNT BYTES\n");
        return 2;
    }
    long count = atol(argv[1]);
    int bytes = atoi(argv[2]), on = 1;
    char *padding = calloc(bytes + 1, 1), line[8];
    memset(padding, 'x', bytes - 24);
    struct sockaddr_in address = {.sin_family = AF_INET};
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    socklen_t length = sizeof address;
    struct pollfd polled[CONNECTIONS] = {{-1, POLLIN, 0}, {socket(AF_INET, SOCK_STREAM, 0), POLLIN, 0}};
    int open = WEBHOOKS;
    if (bind(polled[LISTENER].fd, (struct sockaddr *)&address, length) || listen(polled[LISTENER].fd, 8)) fail("bind");
    getsockname(polled[LISTENER].fd, (struct sockaddr *)&address, &length);
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    if (!fgets(line, sizeof line, stdin)) return 1;
    address.sin_port = htons(atoi(line));
    polled[ANSWER].fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(polled[ANSWER].fd, (struct sockaddr *)&address, length)) fail("connect");
    setsockopt(polled[ANSWER].fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct samples delivered = {0}, done = {0};
    for (long number = 0; number < count; number++) {
        int64_t start = now_ns();
        int answered = 0, came = 0;
        post(polled[ANSWER].fd, number, padding);
        while (!answered || !came) {
            if (poll(polled, open, 30000) <= 0) fprintf(stderr, "loop: nothing for 30 s\n"), exit(1);
            if (polled[LISTENER].revents) {
                int descriptor = accept4(polled[LISTENER].fd, NULL, NULL, 0);
                if (descriptor < 0 || open == CONNECTIONS) fail("accept");
                setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
                polled[open++] = (struct pollfd){descriptor, POLLIN, 0};
            }
            if (polled[ANSWER].revents && whole(polled[ANSWER].fd, ANSWER)) answered = 1;
            for (int index = WEBHOOKS; index < open; index++) {
                static const char answer[] = "HTTP/1.1 204 No Content\r\n\r\n";
                if (!polled[index].revents || !whole(polled[index].fd, index)) continue;
                came = 1;
                add_sample(&delivered, now_ns() - start);
                if (send(polled[index].fd, answer, sizeof answer - 1, MSG_NOSIGNAL) < 0) fail("send");
            }
        }
        add_sample(&done, now_ns() - start);
    }
    qsort(delivered.values, delivered.count, sizeof *delivered.values, compare_samples);
    qsort(done.values, done.count, sizeof *done.values, compare_samples);
    printf("{\"delivered_p50_ms\":%.3f,\"delivered_p99_ms\":%.3f,\"p50_ms\":%.3f,\"p99_ms\":%.3f}\n",
           percentile(&delivered, 0.5), percentile(&delivered, 0.99), percentile(&done, 0.5), percentile(&done, 0.99));
    return 0;
}
