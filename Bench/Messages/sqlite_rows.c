/* sqlite_rows FILE SECONDS BATCH
 *
 * How many rows of 1 KiB a second can live a spool's life in SQLite (WAL, synchronous=FULL, one thread, BATCH rows in a
 * transaction): inserted, marked as being tried, marked as settled, each its own transaction. Nothing is deleted, as
 * settled messages stay for a while. */
#include "common.h"
#include <sqlite3.h>

static sqlite3 *database;

static void check(int code, int expected) {
    if (code == expected) return;
    fprintf(stderr, "sqlite_rows: %s\n", sqlite3_errmsg(database));
    exit(1);
}

static void execute(const char *sql) { check(sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_OK); }

static sqlite3_stmt *prepare(const char *sql) {
    sqlite3_stmt *statement;
    check(sqlite3_prepare_v2(database, sql, -1, &statement, NULL), SQLITE_OK);
    return statement;
}

static void run(sqlite3_stmt *statement) {
    check(sqlite3_step(statement), SQLITE_DONE);
    sqlite3_reset(statement);
}

int main(int argc, char **argv) {
    if (argc != 4) return 2;
    check(sqlite3_open(argv[1], &database), SQLITE_OK);
    execute("PRAGMA journal_mode=WAL");
    execute("PRAGMA synchronous=FULL");
    execute("CREATE TABLE spool(id INTEGER PRIMARY KEY, lane INT, state INT, due INT, body BLOB) STRICT");
    execute("CREATE INDEX spool_due ON spool(lane, due) WHERE state < 2");
    sqlite3_stmt *insert = prepare("INSERT INTO spool(id, lane, state, due, body) VALUES(?1, ?1 % 4, 0, ?1, ?2)");
    sqlite3_stmt *mark = prepare("UPDATE spool SET state = ?2 WHERE id = ?1");
    char body[1024];
    memset(body, 'x', sizeof body);
    long batch = atol(argv[3]), rows = 0;
    int64_t start = now_ns(), end = start + (int64_t)(atof(argv[2]) * 1e9);
    while (now_ns() < end) {
        execute("BEGIN IMMEDIATE");
        for (long row = 1; row <= batch; row++) {
            sqlite3_bind_int64(insert, 1, rows + row);
            sqlite3_bind_blob(insert, 2, body, sizeof body, SQLITE_STATIC);
            run(insert);
        }
        execute("COMMIT");
        for (int state = 1; state <= 2; state++) {
            execute("BEGIN IMMEDIATE");
            for (long row = 1; row <= batch; row++) {
                sqlite3_bind_int64(mark, 1, rows + row);
                sqlite3_bind_int(mark, 2, state);
                run(mark);
            }
            execute("COMMIT");
        }
        rows += batch;
    }
    printf("{\"rows_s\":%.0f}\n", rows / ((now_ns() - start) / 1e9));
    sqlite3_finalize(insert);
    sqlite3_finalize(mark);
    sqlite3_close(database);
    return 0;
}
