import SQLite

/// The tables of `spool.db`, as the steps that led to them.
///
/// Times are milliseconds since 1970. States and outcomes are the numbers in `DispatchCodes.swift`. What changes often
/// is small: a message's content lies in `messages` and is written once; an attempt changes the dispatch's row alone,
/// which carries the last attempt itself, so that a message delivered at the first attempt has no other row.
enum SpoolSchema {
    /// "Post" in ASCII.
    static let applicationID: Int32 = 0x506F_7374

    static let migrations = [
        Migration(number: 1, name: "messages and dispatches", sql: messages),
        Migration(number: 2, name: "what is known by a key", sql: keys),
        Migration(number: 3, name: "priority, expiry and the next stage", sql: order),
        Migration(number: 4, name: "the queues of a lane", sql: queues),
        Migration(number: 5, name: "who handed a message in", sql: clients),
        Migration(number: 6, name: "what people did with a dispatch", sql: actions),
        Migration(number: 7, name: "subscriptions and lists", sql: directory),
    ]

    private static let messages = """
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

        -- is_open is 1 until the dispatch is settled and NULL afterwards. The index depends on it and not on the state,
        -- so that beginning an attempt changes no index.
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
        -- What waits for a person is listed often and is rare: its numbers lie in order behind the one state.
        CREATE INDEX dispatches_held ON dispatches (state) WHERE state = 2;
        CREATE INDEX dispatches_dead ON dispatches (state) WHERE state = 4;

        -- What the stages made of the message for one dispatch, where they did anything.
        CREATE TABLE details (number INTEGER PRIMARY KEY, envelope BLOB, steps TEXT) STRICT;

        -- The attempts before the last one.
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
        """

    private static let keys = """
        -- The message's id and not its row, because a key may outlive the message.
        CREATE TABLE dedupe (
            scope TEXT NOT NULL, key TEXT NOT NULL, message BLOB NOT NULL, fingerprint BLOB, expires INTEGER NOT NULL,
            PRIMARY KEY (scope, key)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX dedupe_expires ON dedupe (expires);

        -- position is that of the dispatch within its message, or -1 for the message as it came in.
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
        """

    private static let clients = """
        -- Behind the envelope, as only traces read it.
        ALTER TABLE messages ADD COLUMN client TEXT;
        """

    private static let order = """
        -- 0 for low to 3 for urgent.
        ALTER TABLE dispatches ADD COLUMN priority INTEGER NOT NULL DEFAULT 1;
        -- When it is given up; NULL for what its mailbox says.
        ALTER TABLE dispatches ADD COLUMN expires INTEGER;
        -- The stage it goes on with when it is released; NULL when no stage is left.
        ALTER TABLE dispatches ADD COLUMN next_stage INTEGER;

        ALTER TABLE audit ADD COLUMN reason TEXT;
        -- Where a rerouted dispatch goes, or what else the action was given.
        ALTER TABLE audit ADD COLUMN target TEXT;
        ALTER TABLE audit ADD COLUMN is_dry_run INTEGER NOT NULL DEFAULT 0;
        """

    private static let actions = """
        -- When a person had it tried anew: its patience counts from there, and not from its acceptance.
        ALTER TABLE dispatches ADD COLUMN retried INTEGER;
        -- The dispatch of the same message in whose place this one goes to another address.
        ALTER TABLE dispatches ADD COLUMN rerouted_from INTEGER;
        """

    private static let directory = """
        -- A number is never given again, so that one who ends a subscription by its number ends no other.
        CREATE TABLE subscriptions (
            id INTEGER PRIMARY KEY AUTOINCREMENT, pattern TEXT NOT NULL, address TEXT NOT NULL,
            created INTEGER NOT NULL, creator TEXT NOT NULL, UNIQUE (address, pattern)
        ) STRICT;
        CREATE TABLE lists (
            name TEXT PRIMARY KEY, posting TEXT NOT NULL, joining TEXT NOT NULL, created INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        -- Of lists in routes.yaml too, of which there is no row in lists.
        CREATE TABLE list_members (
            list TEXT NOT NULL, address TEXT NOT NULL, role TEXT NOT NULL, muted INTEGER NOT NULL,
            since INTEGER NOT NULL, decider TEXT NOT NULL, PRIMARY KEY (list, address)
        ) STRICT, WITHOUT ROWID;
        """

    private static let queues = """
        -- is_open names the queue of its lane (DispatchQueue): 1 for what may go, 2 for what waits for its time, 3 for
        -- what is held; NULL when it is settled. An attempt leaves a dispatch where it is until it has ended.
        DROP INDEX dispatches_open;
        UPDATE dispatches SET is_open = CASE
                WHEN state = 2 THEN 3
                WHEN attempts > 0 OR due > (SELECT accepted FROM messages WHERE sequence = number / 4096) THEN 2
                ELSE 1 END
            WHERE is_open = 1;
        CREATE INDEX dispatches_ready ON dispatches (lane, priority, number) WHERE is_open = 1;
        CREATE INDEX dispatches_later ON dispatches (lane, is_open, due) WHERE is_open > 1;
        -- The order within threads; messages without a thread do not pay for it.
        CREATE INDEX dispatches_threads ON dispatches (lane, thread, number) WHERE is_open > 0 AND thread IS NOT NULL;
        -- What is held waits for a person, and does not expire meanwhile.
        CREATE INDEX dispatches_expiring ON dispatches (expires) WHERE is_open < 3 AND expires IS NOT NULL;
        -- Few at any time, so that a start finds the attempts that a crash left unfinished without looking at the rest.
        CREATE INDEX dispatches_trying ON dispatches (state) WHERE state = 1;
        """
}
