/* sync_appends FOLDER SECONDS: how often a second 4 KiB can be appended to a file and be on the disk (fdatasync). */
#include "common.h"
#include <fcntl.h>
#include <unistd.h>

int main(int argc, char **argv) {
    if (argc != 3) return 2;
    char path[4096], block[4096];
    memset(block, 'x', sizeof block);
    snprintf(path, sizeof path, "%s/appends", argv[1]);
    int file = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
    if (file < 0) fail(path);
    int64_t start = now_ns(), end = start + (int64_t)(atof(argv[2]) * 1e9);
    long count = 0;
    for (; now_ns() < end; count++)
        if (write(file, block, sizeof block) != sizeof block || fdatasync(file)) fail("fdatasync");
    printf("{\"appends_s\":%.0f}\n", count / ((now_ns() - start) / 1e9));
    close(file);
    unlink(path);
    return 0;
}
