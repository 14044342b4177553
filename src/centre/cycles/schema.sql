-- Rounds that were made, each once; and the day from which rounds are made at all.
CREATE TABLE cycle_round (
    id INTEGER PRIMARY KEY,
    cycle TEXT NOT NULL,
    period TEXT NOT NULL,
    hall TEXT NOT NULL,
    from_day TEXT NOT NULL,
    to_day TEXT NOT NULL,
    -- JSON: what it found and what it did, as it was then
    body TEXT NOT NULL,
    made_ms INTEGER NOT NULL,
    CONSTRAINT cycle_round_once UNIQUE (cycle, period, hall)
) STRICT;
CREATE TRIGGER cycle_round_stays BEFORE DELETE ON cycle_round
    BEGIN SELECT RAISE(ABORT, 'a round stays'); END;
CREATE TRIGGER cycle_round_is_fixed BEFORE UPDATE ON cycle_round
    BEGIN SELECT RAISE(ABORT, 'a round stays'); END;

CREATE TABLE cycle_began (
    id INTEGER PRIMARY KEY CONSTRAINT cycle_began_single CHECK (id = 1),
    day TEXT NOT NULL
) STRICT;
