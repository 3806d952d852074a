/* batches PORT COUNT BATCH WINDOW LOOPS BYTES
 *
 * Hands in COUNT messages whose text has BYTES bytes, BATCH lines of JSON a request, with at most WINDOW requests not
 * yet answered, and at the same time takes them out again by the pull API at the address jobs:bench with LOOPS loops of
 * "take up to BATCH, acknowledge them all". Both sides have one HTTP/2 connection without TLS to 127.0.0.1:PORT.
 * Ends when the last acknowledgement is answered, and prints one line of JSON. A latency runs from the sending of the
 * batch to the program's hands. Ends with 1 when a message was lost; those that came twice are counted. */
#include "common.h"
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <nghttp2/nghttp2.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

struct exchange {
    enum { POSTING, TAKING, ACKNOWLEDGING } kind;
    char *body;
    size_t length, sent;
    char *answer;
    size_t count, room;
    int status;
    long messages;
};

struct side {
    int descriptor;
    nghttp2_session *session;
};

static struct side producer, consumer;
static long count, batch, window, loops, bytes, sent, accepted, taken, settled, duplicated, refused, in_flight;
static unsigned char *seen;
static struct samples latencies;
static char authority[32], *padding;
static int64_t accept_end;

static void start(struct side *side, struct exchange *exchange, const char *method, const char *path, const char *type);

static void post(void) {
    struct exchange *exchange = calloc(1, sizeof *exchange);
    exchange->body = malloc(batch * (bytes + 64));
    long long at = now_ns();
    for (long index = 0; index < batch && sent < count; index++, sent++, exchange->messages++)
        exchange->length += sprintf(exchange->body + exchange->length,
                                    "{\"class\":\"bench/0\",\"text\":\"at=%lld no=%ld %s\"}\n", at, sent, padding);
    in_flight++;
    start(&producer, exchange, "POST", "/v1/messages", "application/x-ndjson");
}

static void take(void) {
    struct exchange *exchange = calloc(1, sizeof *exchange);
    char path[80];
    exchange->kind = TAKING;
    snprintf(path, sizeof path, "/v1/mailboxes/jobs:bench/messages?wait=5s&max=%ld", batch);
    start(&consumer, exchange, "GET", path, NULL);
}

/* Counts the messages of an answer and acknowledges all their leases. */
static void acknowledge(struct exchange *answer) {
    struct exchange *exchange = calloc(1, sizeof *exchange);
    exchange->kind = ACKNOWLEDGING;
    exchange->body = malloc(batch * 32 + 32);
    exchange->length = sprintf(exchange->body, "{\"leases\":[");
    int64_t now = now_ns();
    const char *at = answer->answer, *end = at + answer->count;
    while ((at = memmem(at, end - at, "{\"lease\":\"", 10))) {
        at += 10;
        const char *close = memchr(at, '"', end - at);
        exchange->length += sprintf(exchange->body + exchange->length, "%s\"%.*s\"", exchange->messages ? "," : "",
                                    (int)(close - at), at);
        const char *text = memmem(close, end - close, "at=", 3);
        const char *number_at = text ? memmem(text, end - text, " no=", 4) : NULL;
        long number = number_at ? strtol(number_at + 4, NULL, 10) : -1;
        if (number < 0 || number >= count || seen[number]++) duplicated++;
        else {
            taken++;
            add_sample(&latencies, now - strtoll(text + 3, NULL, 10));
        }
        exchange->messages++;
        at = number_at ? number_at : close;
    }
    if (!exchange->messages) {
        free(exchange->body);
        free(exchange);
        if (settled < count) take();
        return;
    }
    exchange->length += sprintf(exchange->body + exchange->length, "]}");
    start(&consumer, exchange, "POST", "/v1/mailboxes/jobs:bench/messages/ack", "application/json");
}

static void finished(struct exchange *exchange) {
    int wanted = exchange->kind == POSTING ? 202 : 200;
    if (exchange->status != wanted) {
        if (!refused++) fprintf(stderr, "batches: %d: %.*s\n", exchange->status, (int)exchange->count, exchange->answer);
        if (exchange->kind != POSTING || refused > 100) exit(1);
    }
    switch (exchange->kind) {
    case POSTING:
        in_flight--;
        if (exchange->status == wanted) accepted += exchange->messages;
        accept_end = now_ns();
        if (sent < count) post();
        break;
    case TAKING: acknowledge(exchange); break;
    case ACKNOWLEDGING:
        settled += exchange->messages;
        if (settled < count) take();
    }
}

static ssize_t read_body(nghttp2_session *session, int32_t stream, uint8_t *buffer, size_t room, uint32_t *flags,
                         nghttp2_data_source *source, void *user) {
    struct exchange *exchange = source->ptr;
    size_t left = exchange->length - exchange->sent, part = left < room ? left : room;
    memcpy(buffer, exchange->body + exchange->sent, part);
    exchange->sent += part;
    if (part == left) *flags |= NGHTTP2_DATA_FLAG_EOF;
    return part;
}

static nghttp2_nv field(const char *name, const char *value) {
    return (nghttp2_nv){(uint8_t *)name, (uint8_t *)value, strlen(name), strlen(value), 0};
}

static void start(struct side *side, struct exchange *exchange, const char *method, const char *path, const char *type) {
    nghttp2_nv fields[] = {field(":method", method), field(":scheme", "http"), field(":authority", authority),
                           field(":path", path), type ? field("content-type", type) : field("accept", "*/*")};
    nghttp2_data_provider provider = {.source.ptr = exchange, .read_callback = read_body};
    if (nghttp2_submit_request(side->session, NULL, fields, 5, exchange->length ? &provider : NULL, exchange) < 0)
        fail("nghttp2_submit_request");
}

static int on_header(nghttp2_session *session, const nghttp2_frame *frame, const uint8_t *name, size_t name_length,
                     const uint8_t *value, size_t length, uint8_t flags, void *user) {
    struct exchange *exchange = nghttp2_session_get_stream_user_data(session, frame->hd.stream_id);
    if (exchange && name_length == 7 && !memcmp(name, ":status", 7)) exchange->status = atoi((const char *)value);
    return 0;
}

static int on_data(nghttp2_session *session, uint8_t flags, int32_t stream, const uint8_t *data, size_t length,
                   void *user) {
    struct exchange *exchange = nghttp2_session_get_stream_user_data(session, stream);
    if (exchange->count + length > exchange->room) {
        exchange->room = (exchange->count + length) * 2;
        exchange->answer = realloc(exchange->answer, exchange->room);
    }
    memcpy(exchange->answer + exchange->count, data, length);
    exchange->count += length;
    return 0;
}

static int on_close(nghttp2_session *session, int32_t stream, uint32_t error, void *user) {
    struct exchange *exchange = nghttp2_session_get_stream_user_data(session, stream);
    if (error) fprintf(stderr, "batches: stream closed with error %u\n", error), exit(1);
    finished(exchange);
    free(exchange->body);
    free(exchange->answer);
    free(exchange);
    return 0;
}

static void open_side(struct side *side, int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    int on = 1;
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    side->descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (side->descriptor < 0 || connect(side->descriptor, (struct sockaddr *)&address, sizeof address)) fail("connect");
    setsockopt(side->descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    nghttp2_session_callbacks *callbacks;
    nghttp2_session_callbacks_new(&callbacks);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_close);
    nghttp2_session_client_new(&side->session, callbacks, NULL);
    nghttp2_settings_entry settings = {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 1 << 22};
    nghttp2_submit_settings(side->session, NGHTTP2_FLAG_NONE, &settings, 1);
    nghttp2_session_set_local_window_size(side->session, NGHTTP2_FLAG_NONE, 0, 1 << 24);
}

/* Writes all there is; the router reads all the time, so a blocking write does not wait for long. */
static void flush(struct side *side) {
    const uint8_t *data;
    ssize_t length;
    while ((length = nghttp2_session_mem_send(side->session, &data)) > 0)
        for (ssize_t done = 0, part; done < length; done += part)
            if ((part = send(side->descriptor, data + done, length - done, MSG_NOSIGNAL)) < 0) fail("send");
}

static void receive(struct side *side) {
    static uint8_t buffer[1 << 18];
    ssize_t length = recv(side->descriptor, buffer, sizeof buffer, MSG_DONTWAIT);
    if (length < 0 && errno == EAGAIN) return;
    if (length <= 0) fprintf(stderr, "batches: the router closed a connection\n"), exit(1);
    if (nghttp2_session_mem_recv(side->session, buffer, length) < 0) fail("nghttp2_session_mem_recv");
}

int main(int argc, char **argv) {
    if (argc != 7) {
        fprintf(stderr, "usage: batches PORT COUNT BATCH WINDOW LOOPS BYTES\n");
        return 2;
    }
    int port = atoi(argv[1]);
    count = atol(argv[2]), batch = atol(argv[3]), window = atol(argv[4]), loops = atol(argv[5]), bytes = atol(argv[6]);
    snprintf(authority, sizeof authority, "127.0.0.1:%d", port);
    seen = calloc(count, 1);
    padding = malloc(bytes + 1);
    memset(padding, 'x', bytes);
    padding[bytes - 40] = 0; /* the rest are the two numbers */
    open_side(&producer, port);
    open_side(&consumer, port);
    int64_t begin = now_ns();
    for (long index = 0; index < loops; index++) take();
    for (long index = 0; index < window && sent < count; index++) post();
    struct pollfd polled[2] = {{producer.descriptor, POLLIN, 0}, {consumer.descriptor, POLLIN, 0}};
    while (settled < count) {
        flush(&producer);
        flush(&consumer);
        int ready = poll(polled, 2, 60000);
        if (ready <= 0) fprintf(stderr, "batches: nothing for 60 s, %ld of %ld settled\n", settled, count), exit(1);
        if (polled[0].revents) receive(&producer);
        if (polled[1].revents) receive(&consumer);
    }
    int64_t end = now_ns();
    qsort(latencies.values, latencies.count, sizeof *latencies.values, compare_samples);
    printf("{\"sent\":%ld,\"accepted\":%ld,\"delivered\":%ld,\"duplicated\":%ld,\"accepted_s\":%.0f,"
           "\"per_second\":%.0f,\"p50_ms\":%.3f,\"p99_ms\":%.3f}\n", sent, accepted, taken, duplicated,
           accepted / ((accept_end - begin) / 1e9), settled / ((end - begin) / 1e9), percentile(&latencies, 0.5),
           percentile(&latencies, 0.99));
    return taken == count ? 0 : 1;
}
