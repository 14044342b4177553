-- What supervisors have put before the public. Figures are frozen in the row; nothing in it changes but its withdrawal.
CREATE TABLE publication (
    id INTEGER PRIMARY KEY,
    hall TEXT NOT NULL,
    -- civil days, YYYY-MM-DD
    from_day TEXT NOT NULL,
    to_day TEXT NOT NULL,
    visible_from TEXT NOT NULL,
    -- JSON
    snapshot TEXT NOT NULL,
    made_ms INTEGER NOT NULL,
    made_by TEXT NOT NULL,
    withdrawn_ms INTEGER,
    withdrawn_by TEXT
) STRICT;
CREATE INDEX publication_of_hall ON publication (hall, to_day);
