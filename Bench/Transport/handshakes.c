// Makes new TLS 1.3 handshakes, so many at a time, for some seconds: connect, shake hands, close.
// Usage: handshakes PORT CONNECTIONS SECONDS. Prints {"handshakes": n, "seconds": s, "failures": n}.

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

struct client {
    int descriptor;
    SSL *ssl;
};

static struct sockaddr_in server;
static SSL_CTX *context;
static int poller;
static long done, failures;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static void start(struct client *client) {
    client->descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    int yes = 1;
    setsockopt(client->descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (connect(client->descriptor, (struct sockaddr *)&server, sizeof server) < 0 && errno != EINPROGRESS) {
        perror("connect");
        exit(1);
    }
    client->ssl = SSL_new(context);
    SSL_set_fd(client->ssl, client->descriptor);
    SSL_set_connect_state(client->ssl);
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = client};
    epoll_ctl(poller, EPOLL_CTL_ADD, client->descriptor, &event);
}

// A reset instead of a wait in TIME_WAIT: the ports would run out.
static void end(struct client *client) {
    struct linger linger = {1, 0};
    setsockopt(client->descriptor, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    SSL_free(client->ssl);
    close(client->descriptor);
}

static void advance(struct client *client) {
    int result = SSL_do_handshake(client->ssl);
    if (result != 1) {
        int reason = SSL_get_error(client->ssl, result);
        if (reason == SSL_ERROR_WANT_READ || reason == SSL_ERROR_WANT_WRITE) return;
        failures++;
    } else {
        done++;
    }
    end(client);
    start(client);
}

int main(int count, char **arguments) {
    if (count != 4) return 2;
    server.sin_family = AF_INET;
    server.sin_port = htons(atoi(arguments[1]));
    inet_pton(AF_INET, "127.0.0.1", &server.sin_addr);
    int connections = atoi(arguments[2]);
    double seconds = atof(arguments[3]);
    context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
    SSL_CTX_set_verify(context, SSL_VERIFY_NONE, NULL);
    poller = epoll_create1(0);
    struct client *clients = calloc(connections, sizeof *clients);
    for (int i = 0; i < connections; i++) start(&clients[i]);
    double begin = now();
    while (now() - begin < seconds) {
        struct epoll_event events[64];
        int ready = epoll_wait(poller, events, 64, 100);
        for (int i = 0; i < ready; i++) advance(events[i].data.ptr);
    }
    printf("{\"handshakes\": %ld, \"seconds\": %.3f, \"failures\": %ld}\n", done, now() - begin, failures);
    return 0;
}
