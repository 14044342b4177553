-- How each pledge is measured, each change a version; and what each period said.
CREATE TABLE pledge_measure (
    hall TEXT NOT NULL,
    pledge TEXT NOT NULL,
    version INTEGER NOT NULL,
    -- JSON; null: it is not measured any more
    body TEXT,
    set_ms INTEGER NOT NULL,
    set_by TEXT NOT NULL,
    account INTEGER NOT NULL,
    why TEXT NOT NULL,
    PRIMARY KEY (hall, pledge, version)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER pledge_measure_stays BEFORE DELETE ON pledge_measure
    BEGIN SELECT RAISE(ABORT, 'what a pledge was measured by can be read for ever'); END;
CREATE TRIGGER pledge_measure_is_fixed BEFORE UPDATE ON pledge_measure
    BEGIN SELECT RAISE(ABORT, 'a change is a new version'); END;

CREATE TABLE fulfilment_record (
    hall TEXT NOT NULL,
    pledge TEXT NOT NULL,
    -- 2026-11
    month TEXT NOT NULL,
    -- 1 for the first; a correction by hand is the next one
    revision INTEGER NOT NULL,
    -- of the pledge that was in force on the month's last day
    pledge_version INTEGER NOT NULL,
    staff_no TEXT,
    measure TEXT NOT NULL,
    kept INTEGER NOT NULL,
    occasions INTEGER NOT NULL,
    verdict TEXT NOT NULL,
    note TEXT NOT NULL,
    made_ms INTEGER NOT NULL,
    made_by TEXT NOT NULL,
    PRIMARY KEY (hall, pledge, month, revision)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER fulfilment_record_stays BEFORE DELETE ON fulfilment_record
    BEGIN SELECT RAISE(ABORT, 'a record stays'); END;
CREATE TRIGGER fulfilment_record_is_fixed BEFORE UPDATE ON fulfilment_record
    BEGIN SELECT RAISE(ABORT, 'a correction is a new revision'); END;
