-- Whoever may ask the centre, by what, and which part of the tree is theirs.
CREATE TABLE unit (
  id INTEGER PRIMARY KEY,
  parent INTEGER REFERENCES unit (id),
  name TEXT NOT NULL
) STRICT;
CREATE TABLE unit_hall (
  hall TEXT PRIMARY KEY,
  unit INTEGER NOT NULL REFERENCES unit (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE account (
  id INTEGER PRIMARY KEY,
  login TEXT NOT NULL,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  staff_no TEXT,
  -- The part of the tree: a unit with all below it, or one hall; neither: everything.
  unit INTEGER REFERENCES unit (id),
  hall TEXT,
  -- Argon2id text; null: signs in nowhere, and asks by token alone.
  password TEXT,
  -- The password was handed over by somebody else: good until then, and only for choosing another.
  one_time_until_ms INTEGER,
  -- The second factor's secret, sealed to the centre, and the last step that was accepted.
  totp BLOB,
  totp_step INTEGER NOT NULL DEFAULT 0,
  made_ms INTEGER NOT NULL,
  disabled_ms INTEGER,
  CONSTRAINT one_reach CHECK (unit IS NULL OR hall IS NULL)
) STRICT;
CREATE UNIQUE INDEX account_login_once ON account (lower(login));

CREATE TABLE recovery_code (
  account INTEGER NOT NULL REFERENCES account (id),
  hash BLOB NOT NULL,
  PRIMARY KEY (account, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE api_token (
  id INTEGER PRIMARY KEY,
  account INTEGER NOT NULL REFERENCES account (id),
  label TEXT NOT NULL,
  needs TEXT NOT NULL,
  hash BLOB NOT NULL,
  made_ms INTEGER NOT NULL,
  expires_ms INTEGER,
  used_ms INTEGER,
  revoked_ms INTEGER,
  CONSTRAINT api_token_once UNIQUE (hash)
) STRICT;
CREATE INDEX api_token_by_account ON api_token (account);

CREATE TABLE session (
  id INTEGER PRIMARY KEY,
  hash BLOB NOT NULL,
  account INTEGER NOT NULL REFERENCES account (id),
  stage TEXT NOT NULL,
  begun_ms INTEGER NOT NULL,
  used_ms INTEGER NOT NULL,
  agent TEXT NOT NULL,
  address TEXT NOT NULL,
  -- A second factor that is being set up, sealed.
  pending BLOB,
  CONSTRAINT session_once UNIQUE (hash)
) STRICT;
CREATE INDEX session_by_account ON session (account);

CREATE TABLE sign_in_try (
  key BLOB PRIMARY KEY,
  failures INTEGER NOT NULL,
  last_ms INTEGER NOT NULL,
  until_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_try_by_time ON sign_in_try (last_ms);

-- Users of the version before had a token each and nothing else.
INSERT INTO account (id, login, name, role, staff_no, made_ms, disabled_ms)
  SELECT id,
    CASE WHEN revoked_ms IS NULL AND id =
      (SELECT min(u.id) FROM user AS u WHERE u.revoked_ms IS NULL AND lower(u.name) = lower(user.name))
    THEN name ELSE name || '~' || id END,
    name, role, staff_no, made_ms, revoked_ms
  FROM user;
INSERT INTO api_token (account, label, needs, hash, made_ms, revoked_ms)
  SELECT id, 'pingyi admin user add', '*', token_hash, made_ms, revoked_ms FROM user;
DROP TABLE user;
