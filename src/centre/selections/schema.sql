CREATE TABLE selection (
  id INTEGER PRIMARY KEY,
  state TEXT NOT NULL,
  notice_from TEXT,
  notice_until TEXT,
  -- JSON of the whole machine
  body TEXT NOT NULL,
  called_ms INTEGER NOT NULL,
  changed_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX selection_by_notice ON selection (state, notice_until);
CREATE TABLE selection_frozen (
  selection INTEGER PRIMARY KEY,
  snapshot TEXT NOT NULL,
  snapshot_hash TEXT NOT NULL,
  outcome TEXT NOT NULL,
  outcome_hash TEXT NOT NULL,
  frozen_ms INTEGER NOT NULL
) STRICT;
CREATE TRIGGER selection_frozen_stays BEFORE DELETE ON selection_frozen
  BEGIN SELECT RAISE(ABORT, 'a result can be made again from its snapshot for ever'); END;
CREATE TRIGGER selection_frozen_is_fixed BEFORE UPDATE ON selection_frozen
  BEGIN SELECT RAISE(ABORT, 'a snapshot is frozen'); END;
-- sealed; erased when the selection is over
CREATE TABLE selection_contact (
  selection INTEGER NOT NULL,
  number INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (selection, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE selection_event (
  id INTEGER PRIMARY KEY,
  selection INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  -- empty: somebody on the public page
  name TEXT NOT NULL,
  act TEXT NOT NULL
) STRICT;
CREATE INDEX selection_event_of ON selection_event (selection, id);
CREATE TRIGGER selection_event_stays BEFORE DELETE ON selection_event
  BEGIN SELECT RAISE(ABORT, 'what was done about a selection stays'); END;
CREATE TRIGGER selection_event_is_fixed BEFORE UPDATE ON selection_event
  BEGIN SELECT RAISE(ABORT, 'what was done about a selection stays'); END;
