-- 技能比武, 岗位练兵
CREATE TABLE contest (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  day TEXT NOT NULL,
  issuer TEXT NOT NULL,
  -- JSON: names and points
  criteria TEXT NOT NULL,
  made_by TEXT NOT NULL,
  -- None: not shown to anybody but those who keep it.
  published_ms INTEGER
) STRICT;
CREATE TABLE contest_hall (
  contest INTEGER NOT NULL REFERENCES contest (id),
  hall TEXT NOT NULL,
  PRIMARY KEY (contest, hall)
) STRICT, WITHOUT ROWID;
CREATE TABLE contest_entry (
  contest INTEGER NOT NULL REFERENCES contest (id),
  hall TEXT NOT NULL,
  staff_no TEXT NOT NULL,
  -- As the card said it then.
  name TEXT NOT NULL,
  attended INTEGER NOT NULL,
  -- JSON: hundredths of points, in the order of the criteria
  scores TEXT,
  PRIMARY KEY (contest, hall, staff_no)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER contest_entry_of_published BEFORE UPDATE ON contest_entry
  WHEN (SELECT published_ms FROM contest WHERE id = NEW.contest) IS NOT NULL
  BEGIN SELECT RAISE(ABORT, 'published results do not change'); END;
CREATE TRIGGER contest_entry_after_publishing BEFORE INSERT ON contest_entry
  WHEN (SELECT published_ms FROM contest WHERE id = NEW.contest) IS NOT NULL
  BEGIN SELECT RAISE(ABORT, 'published results do not change'); END;
CREATE TRIGGER contest_entry_stays BEFORE DELETE ON contest_entry
  BEGIN SELECT RAISE(ABORT, 'who took part stays'); END;
