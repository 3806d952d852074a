#pragma once
#include <sqlite3.h>

// A cast of a number to a function pointer, which Swift does not import as a macro.
static inline sqlite3_destructor_type postroad_sqlite_transient(void) { return SQLITE_TRANSIENT; }

// Variadic, so Swift cannot call it: sets an option that takes a flag.
static inline int postroad_sqlite_db_config_flag(sqlite3 *db, int option, int value) {
    return sqlite3_db_config(db, option, value, (int *)0);
}
