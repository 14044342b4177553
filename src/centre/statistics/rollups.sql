-- Roll-ups as cells of bytes instead of rows of numbers; what stood before is made again from `fact`.
DROP TABLE rollup_hour;
DROP TABLE rollup_day;
CREATE TABLE rollup (
    -- grain and face, hall, day or month: see shelf.rs
    id INTEGER PRIMARY KEY,
    cells BLOB NOT NULL
) STRICT;
-- Months of halls whose roll-ups by month are still to be made from their days.
CREATE TABLE rollup_due (
    -- year * 12 + month - 1
    month INTEGER NOT NULL,
    hall INTEGER NOT NULL,
    CONSTRAINT rollup_due_once PRIMARY KEY (month, hall)
) STRICT, WITHOUT ROWID;
UPDATE rollup_mark SET fact = 0, zone = '';
