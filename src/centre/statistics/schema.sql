-- The account book of the statistics and what is derived from it. Nothing in `fact` is deleted or changed, save `slot`,
-- which is derived from `wall` and the centre's time zone.
CREATE TABLE fact_name (
    id INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    code TEXT NOT NULL,
    CONSTRAINT fact_name_code UNIQUE (kind, code)
) STRICT;

CREATE TABLE fact (
    id INTEGER PRIMARY KEY,
    ledger INTEGER NOT NULL,
    visit INTEGER NOT NULL,
    sign INTEGER NOT NULL CONSTRAINT fact_sign CHECK (sign IN (-1, 1)),
    wall INTEGER NOT NULL,
    -- civil day * 25 + hour; 24 instead of an hour: clock grade C
    slot INTEGER NOT NULL,
    grade INTEGER NOT NULL,
    hall INTEGER NOT NULL,
    service_window INTEGER NOT NULL,
    staff INTEGER,
    item INTEGER,
    channel INTEGER NOT NULL,
    -- 1 to 5; null: served and not rated
    level INTEGER,
    flagged INTEGER NOT NULL,
    sample INTEGER NOT NULL,
    -- ids of fact_name, four bytes each, little endian
    reasons BLOB
) STRICT;
CREATE INDEX fact_visit ON fact (ledger, visit);
CREATE INDEX fact_time ON fact (slot, service_window);

-- Sums by one dimension. n1 to n5: ratings by level; f1 to f5: those of them that carry a signal.
CREATE TABLE rollup_hour (
    dim INTEGER NOT NULL, node INTEGER NOT NULL, slot INTEGER NOT NULL, hall INTEGER NOT NULL,
    n1 INTEGER NOT NULL, n2 INTEGER NOT NULL, n3 INTEGER NOT NULL, n4 INTEGER NOT NULL, n5 INTEGER NOT NULL,
    f1 INTEGER NOT NULL, f2 INTEGER NOT NULL, f3 INTEGER NOT NULL, f4 INTEGER NOT NULL, f5 INTEGER NOT NULL,
    served INTEGER NOT NULL, sample INTEGER NOT NULL,
    CONSTRAINT rollup_hour_cell PRIMARY KEY (dim, node, slot, hall)
) STRICT, WITHOUT ROWID;
-- The same with hour 0, or 24 for clock grade C.
CREATE TABLE rollup_day (
    dim INTEGER NOT NULL, node INTEGER NOT NULL, slot INTEGER NOT NULL, hall INTEGER NOT NULL,
    n1 INTEGER NOT NULL, n2 INTEGER NOT NULL, n3 INTEGER NOT NULL, n4 INTEGER NOT NULL, n5 INTEGER NOT NULL,
    f1 INTEGER NOT NULL, f2 INTEGER NOT NULL, f3 INTEGER NOT NULL, f4 INTEGER NOT NULL, f5 INTEGER NOT NULL,
    served INTEGER NOT NULL, sample INTEGER NOT NULL,
    CONSTRAINT rollup_day_cell PRIMARY KEY (dim, node, slot, hall)
) STRICT, WITHOUT ROWID;

-- One row: the last fact that the roll-ups contain, and the time zone of their slots.
CREATE TABLE rollup_mark (
    id INTEGER PRIMARY KEY CONSTRAINT rollup_mark_single CHECK (id = 1),
    fact INTEGER NOT NULL,
    zone TEXT NOT NULL
) STRICT;
INSERT INTO rollup_mark (id, fact, zone) VALUES (1, 0, '');
