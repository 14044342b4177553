-- Sums of finished spans of days, instead of months alone; they are made again from the days.
CREATE TABLE rollup_span (
    -- span and sheet, hall, number: see spans.rs
    id INTEGER PRIMARY KEY,
    cells BLOB NOT NULL
) STRICT;
-- Spans of halls that are still to be made.
CREATE TABLE rollup_span_due (
    -- 0 eight days, 1 a month, 2 four months, 3 eight months
    span INTEGER NOT NULL,
    number INTEGER NOT NULL,
    hall INTEGER NOT NULL,
    CONSTRAINT rollup_span_due_once PRIMARY KEY (span, number, hall)
) STRICT, WITHOUT ROWID;
DROP TABLE rollup_due;
-- What was kept of months.
DELETE FROM rollup WHERE id >= 64 << 56;
-- Every day's cube says which spans there are: 7 bits of grain (63), 32 of hall, 24 of day.
CREATE TEMP TABLE rolled_day AS
    SELECT hall, CAST(strftime('%Y', day) AS INTEGER) * 12 + CAST(strftime('%m', day) AS INTEGER) - 1 AS month,
        (CAST(strftime('%d', day) AS INTEGER) - 1) / 8 AS part
    FROM (
        SELECT id >> 24 & 4294967295 AS hall, date(((id & 16777215) - 8388608) * 86400, 'unixepoch') AS day
        FROM rollup WHERE id >= 63 << 56 AND id < 64 << 56
    );
INSERT OR IGNORE INTO rollup_span_due SELECT 0, month * 4 + part, hall FROM rolled_day;
INSERT OR IGNORE INTO rollup_span_due SELECT 1, month, hall FROM rolled_day;
INSERT OR IGNORE INTO rollup_span_due SELECT 2, month / 4, hall FROM rolled_day;
INSERT OR IGNORE INTO rollup_span_due SELECT 3, month / 8, hall FROM rolled_day;
DROP TABLE rolled_day;
