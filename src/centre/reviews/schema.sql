-- What a leader said of something in a period; what exactly stands in its revisions.
CREATE TABLE leader_review (
  id INTEGER PRIMARY KEY,
  hall TEXT NOT NULL,
  -- `pledge:H01:P1`, `window:H01:W03`, `staff:H01:0027`
  about TEXT NOT NULL,
  -- The window or person that its score counts for; none for a pledge of the unit.
  counts_for TEXT,
  -- `2026-11`, `2026-Q4`, `2026`
  period TEXT NOT NULL,
  account INTEGER NOT NULL,
  reviewer TEXT NOT NULL,
  UNIQUE (account, about, period)
) STRICT;
CREATE INDEX leader_review_by_about ON leader_review (about);
CREATE TABLE leader_review_revision (
  review INTEGER NOT NULL REFERENCES leader_review (id),
  revision INTEGER NOT NULL,
  made_ms INTEGER NOT NULL,
  -- What was said, or why it was taken back.
  text TEXT NOT NULL,
  -- None: taken back.
  score INTEGER,
  -- The best score of the scale that held then.
  scale INTEGER NOT NULL,
  PRIMARY KEY (review, revision)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER leader_review_stays BEFORE DELETE ON leader_review
  BEGIN SELECT RAISE(ABORT, 'a review is taken back, not deleted'); END;
CREATE TRIGGER leader_review_is_fixed BEFORE UPDATE ON leader_review
  BEGIN SELECT RAISE(ABORT, 'what a review is about does not change'); END;
CREATE TRIGGER leader_review_revision_stays BEFORE DELETE ON leader_review_revision
  BEGIN SELECT RAISE(ABORT, 'a revision is not deleted'); END;
CREATE TRIGGER leader_review_revision_is_fixed BEFORE UPDATE ON leader_review_revision
  BEGIN SELECT RAISE(ABORT, 'a change is a new revision'); END;

CREATE TABLE peer_round (
  id INTEGER PRIMARY KEY,
  hall TEXT NOT NULL,
  title TEXT NOT NULL,
  -- JSON: a list of lines
  criteria TEXT NOT NULL,
  -- The best score of each criterion; the least is 1.
  most INTEGER NOT NULL,
  from_day TEXT NOT NULL,
  to_day TEXT NOT NULL,
  -- Fewer votes are not shown.
  min_voters INTEGER NOT NULL,
  closed_day TEXT,
  made_by TEXT NOT NULL
) STRICT;
CREATE TABLE peer_person (
  round INTEGER NOT NULL REFERENCES peer_round (id),
  staff_no TEXT NOT NULL,
  name TEXT NOT NULL,
  votes INTEGER NOT NULL,
  is_voted_on INTEGER NOT NULL,
  PRIMARY KEY (round, staff_no)
) STRICT, WITHOUT ROWID;
-- That somebody has voted on a colleague; never what.
CREATE TABLE peer_voted (
  round INTEGER NOT NULL REFERENCES peer_round (id),
  voter TEXT NOT NULL,
  colleague TEXT NOT NULL,
  PRIMARY KEY (round, voter, colleague)
) STRICT, WITHOUT ROWID;
-- How often each score was given to somebody; never by whom or when. Every row is there from the beginning.
CREATE TABLE peer_tally (
  round INTEGER NOT NULL REFERENCES peer_round (id),
  colleague TEXT NOT NULL,
  criterion INTEGER NOT NULL,
  score INTEGER NOT NULL,
  votes INTEGER NOT NULL,
  PRIMARY KEY (round, colleague, criterion, score)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER peer_voted_stays BEFORE DELETE ON peer_voted
  BEGIN SELECT RAISE(ABORT, 'a vote is final'); END;
CREATE TRIGGER peer_tally_only_grows BEFORE UPDATE ON peer_tally WHEN NEW.votes <> OLD.votes + 1
  BEGIN SELECT RAISE(ABORT, 'votes are added one by one'); END;
