CREATE TABLE story (
  id INTEGER PRIMARY KEY,
  hall TEXT NOT NULL,
  state TEXT NOT NULL,
  until TEXT NOT NULL,
  -- JSON of the whole machine
  body TEXT NOT NULL,
  changed_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX story_by_hall ON story (hall, state);
-- encoded here, pixels and nothing else
CREATE TABLE story_picture (
  story INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  bytes BLOB NOT NULL
) STRICT;
