#include <sqlite3.h>

/* SQLITE_TRANSIENT is a macro with a cast, which Swift does not import: SQLite copies a bound text at once. */
static inline int csqlite_bind_text(sqlite3_stmt *statement, int index, const char *text) {
    return sqlite3_bind_text(statement, index, text, -1, SQLITE_TRANSIENT);
}
