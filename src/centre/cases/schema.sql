-- The register of cases (整改台账). What happened stands in `case_event`, which only grows; the columns of `case_record` from
-- `stage` on are made of it and stand beside it to be searched by.
CREATE TABLE case_record (
  id INTEGER PRIMARY KEY,
  hall TEXT NOT NULL,
  origin_key TEXT NOT NULL,
  origin_kind TEXT NOT NULL,
  -- JSON
  origin TEXT NOT NULL,
  -- of a rating: its address in the books
  ledger INTEGER,
  visit INTEGER,
  service_window TEXT,
  staff_no TEXT,
  summary TEXT NOT NULL,
  serious INTEGER NOT NULL,
  -- made by the demonstration
  sample INTEGER NOT NULL,
  opened_ms INTEGER NOT NULL,
  stage TEXT NOT NULL,
  is_open INTEGER NOT NULL,
  verdict TEXT,
  due TEXT,
  handler INTEGER,
  escalation TEXT,
  late_steps INTEGER NOT NULL,
  -- waits for a second person: proposals and an appeal that is not reviewed
  waiting INTEGER NOT NULL,
  accountability TEXT,
  closed_day TEXT,
  events INTEGER NOT NULL,
  changed_ms INTEGER NOT NULL,
  CONSTRAINT case_record_once UNIQUE (hall, origin_key)
) STRICT;
CREATE INDEX case_record_open ON case_record (is_open, due);
CREATE INDEX case_record_visit ON case_record (ledger, visit) WHERE ledger IS NOT NULL;
CREATE INDEX case_record_staff ON case_record (hall, staff_no);
CREATE TRIGGER case_record_stays BEFORE DELETE ON case_record
  BEGIN SELECT RAISE(ABORT, 'a case stays in the register'); END;
CREATE TRIGGER case_record_about BEFORE UPDATE OF hall, origin_key, origin, ledger, visit, service_window, staff_no, summary,
  serious, sample, opened_ms ON case_record
  BEGIN SELECT RAISE(ABORT, 'what a case is about never changes'); END;

CREATE TABLE case_event (
  case_id INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  -- JSON
  body TEXT NOT NULL,
  PRIMARY KEY (case_id, seq)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER case_event_stays BEFORE DELETE ON case_event BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;
CREATE TRIGGER case_event_is_fixed BEFORE UPDATE ON case_event BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;

-- Pictures and PDFs; their bytes lie in the folder of evidence, by content.
CREATE TABLE case_evidence (
  id INTEGER PRIMARY KEY,
  case_id INTEGER NOT NULL,
  -- of the file within the folder
  file TEXT NOT NULL,
  name TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  added_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX case_evidence_of ON case_evidence (case_id);

-- Ratings that are not adopted: +1 when a second person agreed, -1 when the case was opened again. Only grows.
CREATE TABLE case_set_aside (
  id INTEGER PRIMARY KEY,
  case_id INTEGER NOT NULL,
  ledger INTEGER NOT NULL,
  visit INTEGER NOT NULL,
  sign INTEGER NOT NULL CONSTRAINT case_set_aside_sign CHECK (sign IN (-1, 1)),
  verdict TEXT NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX case_set_aside_visit ON case_set_aside (ledger, visit);

-- One row: the last entry of the account book that was looked at, and what it was, to tell a book that was made anew.
CREATE TABLE case_mark (
  id INTEGER PRIMARY KEY CONSTRAINT case_mark_single CHECK (id = 1),
  fact INTEGER NOT NULL,
  print TEXT NOT NULL
) STRICT;
INSERT INTO case_mark (id, fact, print) VALUES (1, 0, '');
