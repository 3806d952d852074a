/// A spool as release 0.1 left it, with a dispatch in every state; never changed.
enum SchemaTwo {
    /// The ids of its messages, in the order they were accepted in.
    static let messages = (1...6).map { "0198c000-0000-7000-8000-00000000000\($0)" }

    private static let insertMessages = (1...6).map { number in
        """
        INSERT INTO messages VALUES (\(number), x'0198c00000007000800000000000000\(number)', 1795168800000, 'mail:support',
            'mail:ann@example.org', 's\(number)', NULL,
            CAST('{"id":"\(messages[number - 1])","time":"2026-11-20T10:00:00.000Z","from":"mail:ann@example.org",'
                || '"topic":"mail:support","kind":"message","subject":"s\(number)",'
                || '"parts":[{"type":"text","text":"hello","format":"plain"}],'
                || '"priority":"\(number == 1 ? "high" : "normal")"}' AS BLOB));
        """
    }.joined(separator: "\n")

    static let sql = """
        CREATE TABLE messages (
            sequence INTEGER PRIMARY KEY,
            id BLOB NOT NULL,
            accepted INTEGER NOT NULL,
            topic TEXT NOT NULL,
            sender TEXT NOT NULL,
            subject TEXT,
            parent BLOB,
            envelope BLOB NOT NULL
        ) STRICT;
        CREATE INDEX messages_id ON messages (id);
        CREATE INDEX messages_parent ON messages (parent) WHERE parent IS NOT NULL;

        CREATE TABLE lanes (id INTEGER PRIMARY KEY, recipient TEXT NOT NULL UNIQUE) STRICT;
        CREATE TABLE routes (
            id INTEGER PRIMARY KEY, name TEXT NOT NULL, location TEXT NOT NULL, UNIQUE (name, location)
        ) STRICT;

        CREATE TABLE dispatches (
            number INTEGER PRIMARY KEY,
            lane INTEGER NOT NULL,
            state INTEGER NOT NULL,
            is_open INTEGER,
            due INTEGER NOT NULL,
            attempts INTEGER NOT NULL,
            thread INTEGER,
            route INTEGER NOT NULL,
            reason TEXT,
            started INTEGER,
            finished INTEGER,
            outcome INTEGER,
            detail TEXT,
            settled INTEGER
        ) STRICT;
        CREATE INDEX dispatches_open ON dispatches (lane, number) WHERE is_open = 1;
        CREATE INDEX dispatches_held ON dispatches (state) WHERE state = 2;
        CREATE INDEX dispatches_dead ON dispatches (state) WHERE state = 4;

        CREATE TABLE details (number INTEGER PRIMARY KEY, envelope BLOB, steps TEXT) STRICT;

        CREATE TABLE attempts (
            id INTEGER PRIMARY KEY,
            number INTEGER NOT NULL,
            attempt INTEGER NOT NULL,
            started INTEGER NOT NULL,
            finished INTEGER,
            outcome INTEGER NOT NULL,
            detail TEXT
        ) STRICT;
        CREATE INDEX attempts_number ON attempts (number);

        CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE damaged (
            place TEXT PRIMARY KEY, reason TEXT NOT NULL, found INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE audit (
            id INTEGER PRIMARY KEY, time INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,
            filter TEXT NOT NULL, changed INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE dedupe (
            scope TEXT NOT NULL, key TEXT NOT NULL, message BLOB NOT NULL, fingerprint BLOB, expires INTEGER NOT NULL,
            PRIMARY KEY (scope, key)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX dedupe_expires ON dedupe (expires);

        CREATE TABLE remote_ids (
            mailbox TEXT NOT NULL, id TEXT NOT NULL, sequence INTEGER NOT NULL, position INTEGER NOT NULL,
            PRIMARY KEY (mailbox, id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX remote_ids_sequence ON remote_ids (sequence);

        CREATE TABLE message_blobs (
            digest BLOB NOT NULL, sequence INTEGER NOT NULL, PRIMARY KEY (digest, sequence)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX message_blobs_sequence ON message_blobs (sequence);

        CREATE TABLE states (
            mailbox TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (mailbox, key)
        ) STRICT, WITHOUT ROWID;
        PRAGMA user_version = 2; PRAGMA application_id = 1349481332;
        \(insertMessages)
        INSERT INTO lanes VALUES (1, 'work:a'), (2, 'work:b');
        INSERT INTO routes VALUES (1, 'support', 'routes.yaml:3');
        INSERT INTO dispatches VALUES (4096, 1, 0, 1, 1795168800000, 0, NULL, 1, NULL, NULL, NULL,
            NULL, NULL, NULL);
        INSERT INTO dispatches VALUES (4097, 2, 0, 1, 1795172400000, 1, NULL, 1, 'busy',
            1795168800000, 1795168800005, 1, 'busy', NULL);
        INSERT INTO dispatches VALUES (8192, 1, 1, 1, 1795168800000, 1, NULL, 1, NULL,
            1795168800000, NULL, 4, NULL, NULL);
        INSERT INTO dispatches VALUES (12288, 1, 2, 1, 1795168800000, 0, NULL, 1, 'by ann', NULL,
            NULL, NULL, NULL, NULL);
        INSERT INTO dispatches VALUES (16384, 1, 3, NULL, 1795168800000, 1, NULL, 1, NULL,
            1795168800000, 1795168800009, 0, NULL, 1795168800009);
        INSERT INTO dispatches VALUES (20480, 1, 4, NULL, 1795168800000, 2, NULL, 1,
            'no such user', 1795168800000, 1795168800009, 3, 'no such user', 1795168800009);
        INSERT INTO dispatches VALUES (24576, 1, 5, NULL, 1795168800000, 0, NULL, 1, 'a stage',
            NULL, NULL, NULL, NULL, 1795168800000);
        INSERT INTO attempts VALUES (1, 20480, 1, 1795168799991, 1795168799992, 1, 'busy');
        INSERT INTO counters VALUES ('waiting', 2), ('trying', 1), ('held', 1), ('delivered', 1),
            ('dead', 1), ('dropped', 1);
        INSERT INTO dedupe VALUES ('mail', 'k', x'0198c000000070008000000000000001', x'01', 4102444800000);
        INSERT INTO remote_ids VALUES ('work', 'r4', 4, 0);
        INSERT INTO states VALUES ('news', 'seen', x'0102');
        INSERT INTO audit VALUES (1, 1795168800000, 'ann', 'hold: by ann', 'number=12288', 1);
        """
}
