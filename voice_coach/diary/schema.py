"""The tables of the diary, as numbered migrations.

``PRAGMA user_version`` holds the number of the last migration carried out. A migration is
never changed once it is released; a change to the tables is a new one at the end.

Positions (``*_at``) are samples on the stream's clock, on which ``sessions.began_at`` is the
moment of ``sessions.started``. A repetition is never overwritten: one that is prompted again
is a second row.
"""

import sqlite3
from typing import Final

MIGRATIONS: Final = (
    """
    CREATE TABLE sessions (
        id INTEGER PRIMARY KEY,
        started TEXT NOT NULL,
        began_at INTEGER NOT NULL,
        level TEXT NOT NULL,
        planned_sets INTEGER NOT NULL,
        planned_repetitions INTEGER NOT NULL,
        overrode TEXT NOT NULL,
        ended_at INTEGER,
        reason TEXT CHECK (reason IN ('completed', 'stopped', 'interrupted')),
        CHECK ((ended_at IS NULL) = (reason IS NULL))
    ) STRICT;
    CREATE TABLE sets (
        session INTEGER NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        finished_at INTEGER NOT NULL,
        PRIMARY KEY (session, number)
    ) STRICT;
    CREATE TABLE repetitions (
        id INTEGER PRIMARY KEY,
        session INTEGER NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
        set_number INTEGER NOT NULL,
        number INTEGER NOT NULL,
        prompted_at INTEGER NOT NULL,
        resolved_at INTEGER,
        outcome TEXT CHECK (outcome IN ('heard', 'soft', 'hard', 'not_heard')),
        thump_at INTEGER,
        level_db REAL,
        CHECK ((resolved_at IS NULL) = (outcome IS NULL))
    ) STRICT;
    CREATE INDEX repetitions_of_session ON repetitions (session, set_number, number);
    CREATE TABLE faults (
        id INTEGER PRIMARY KEY,
        session INTEGER REFERENCES sessions (id) ON DELETE CASCADE,
        at INTEGER NOT NULL,
        source TEXT NOT NULL,
        text TEXT NOT NULL
    ) STRICT;
    CREATE TABLE pains (
        id INTEGER PRIMARY KEY,
        day TEXT NOT NULL,
        settled TEXT
    ) STRICT;
    """,
    # What a person, or a professional, said of their health. The number is the order of saying;
    # `session` and `at` are null for what was said outside a session or typed.
    #   kind       name                  value
    #   answer     the question          the answer
    #   screened
    #   felt       number of the set     the feeling
    #   complaint                        the complaint
    #   settled
    #   approval   who approves          a note
    """
    CREATE TABLE remarks (
        id INTEGER PRIMARY KEY,
        day TEXT NOT NULL,
        moment TEXT,
        session INTEGER REFERENCES sessions (id) ON DELETE CASCADE,
        at INTEGER,
        kind TEXT NOT NULL CHECK (kind IN
            ('answer', 'screened', 'felt', 'complaint', 'settled', 'approval')),
        name TEXT NOT NULL DEFAULT '',
        value TEXT NOT NULL DEFAULT ''
    ) STRICT;
    INSERT INTO remarks (day, kind, value) SELECT day, kind, value FROM (
        SELECT day, CASE WHEN settled = day THEN 0 ELSE 2 END AS turn,
            'complaint' AS kind, 'pain' AS value FROM pains
        UNION ALL
        SELECT DISTINCT settled, 1, 'settled', '' FROM pains WHERE settled NOTNULL
    ) ORDER BY day, turn;
    DROP TABLE pains;
    """,
    # Two more outcomes: what the ear left open, and what somebody counted who could not be heard.
    """
    CREATE TABLE repetitions_anew (
        id INTEGER PRIMARY KEY,
        session INTEGER NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
        set_number INTEGER NOT NULL,
        number INTEGER NOT NULL,
        prompted_at INTEGER NOT NULL,
        resolved_at INTEGER,
        outcome TEXT CHECK (outcome IN ('heard', 'soft', 'hard', 'not_heard', 'unsure', 'told')),
        thump_at INTEGER,
        level_db REAL,
        CHECK ((resolved_at IS NULL) = (outcome IS NULL))
    ) STRICT;
    INSERT INTO repetitions_anew SELECT id, session, set_number, number, prompted_at,
        resolved_at, outcome, thump_at, level_db FROM repetitions;
    DROP TABLE repetitions;
    ALTER TABLE repetitions_anew RENAME TO repetitions;
    CREATE INDEX repetitions_of_session ON repetitions (session, set_number, number);
    """,
    # Milliseconds from one heel to the other, where that could be heard.
    "ALTER TABLE repetitions ADD COLUMN lag_ms REAL;",
)
VERSION: Final = len(MIGRATIONS)


def version(connection: sqlite3.Connection) -> int:
    """Return the number of migrations that `connection`'s database has seen."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def is_ours(connection: sqlite3.Connection) -> bool:
    """Tell whether the database holds exactly the tables that its version has, and nothing else.

    What has more may be another program's, and a trigger would run what nobody here wrote.
    """
    fresh = sqlite3.connect(":memory:", isolation_level=None)
    try:
        migrate(fresh, version(connection))
        return _tables(fresh) == _tables(connection)
    finally:
        fresh.close()


def _tables(connection: sqlite3.Connection) -> set[tuple[str, str, str]]:
    found = connection.execute("SELECT type, name, sql FROM sqlite_master WHERE sql NOTNULL")
    # SQLite keeps statistics of its own under names that it allows nobody else.
    return {
        (kind, name, " ".join(text.split()))
        for kind, name, text in found
        if not name.startswith("sqlite_")
    }


def migrate(connection: sqlite3.Connection, to: int | None = None) -> None:
    """Carry out the migrations that are still to come, each wholly or not at all.

    `to` is the last of them, by default the newest.
    """
    for number in range(version(connection) + 1, (VERSION if to is None else to) + 1):
        connection.executescript(
            f"BEGIN IMMEDIATE; {MIGRATIONS[number - 1]} PRAGMA user_version = {number}; COMMIT;"
        )
