-- Pieces of business (办件) as the business system tells of them, and the visits that named them.
CREATE TABLE matter (
    id INTEGER PRIMARY KEY,
    hall TEXT NOT NULL,
    case_no TEXT NOT NULL,
    item TEXT,
    -- who has it now
    service_window TEXT,
    staff_no TEXT,
    -- 首问: by whom, the last day to see to it, and the day on which something followed
    first_window TEXT,
    first_staff TEXT,
    first_day TEXT,
    first_last_day TEXT,
    followed_day TEXT,
    accepted_day TEXT,
    limit_days INTEGER,
    -- null: nothing was promised, or its time stands still
    due_day TEXT,
    suspended INTEGER NOT NULL,
    -- finished, withdrawn or declined
    ended TEXT,
    ended_day TEXT,
    changed_ms INTEGER NOT NULL,
    CONSTRAINT matter_once UNIQUE (hall, case_no)
) STRICT;
CREATE INDEX matter_due ON matter (due_day);
CREATE INDEX matter_first ON matter (first_day);

CREATE TABLE matter_event (
    matter INTEGER NOT NULL,
    wall_ms INTEGER NOT NULL,
    step TEXT NOT NULL,
    -- JSON: the event whole
    body TEXT NOT NULL,
    told_ms INTEGER NOT NULL,
    account INTEGER NOT NULL,
    PRIMARY KEY (matter, wall_ms, step)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER matter_event_stays BEFORE DELETE ON matter_event
    BEGIN SELECT RAISE(ABORT, 'what was told stays'); END;
CREATE TRIGGER matter_event_is_fixed BEFORE UPDATE ON matter_event
    BEGIN SELECT RAISE(ABORT, 'what was told stays'); END;

CREATE TABLE matter_visit (
    hall TEXT NOT NULL,
    case_no TEXT NOT NULL,
    ledger INTEGER NOT NULL,
    visit INTEGER NOT NULL,
    PRIMARY KEY (hall, case_no, ledger, visit)
) STRICT, WITHOUT ROWID;
