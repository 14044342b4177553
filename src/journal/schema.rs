//! The tables of `ledger.db`.

use crate::db::Schema;

/// `application_id` is "PYLG" read as a number.
pub const SCHEMA: Schema = Schema { application_id: 0x5059_4c47, steps: &[FIRST] };

const FIRST: &str = "
-- One row for each ledger of this device that stands in this file.
CREATE TABLE epoch (
    epoch INTEGER PRIMARY KEY,
    public_key BLOB NOT NULL CHECK (length(public_key) = 32),
    -- The last entry that was pruned; 0 and the chain's origin before that.
    pruned_seq INTEGER NOT NULL,
    pruned_hash BLOB NOT NULL CHECK (length(pruned_hash) = 32)
) STRICT;

-- Nothing here is ever updated; only pruning below a receipt deletes.
CREATE TABLE entry (
    epoch INTEGER NOT NULL REFERENCES epoch,
    seq INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    signature BLOB NOT NULL CHECK (length(signature) = 64),
    PRIMARY KEY (epoch, seq)
) STRICT, WITHOUT ROWID;

-- Sealed words stand beside the chain, which holds their commitment, so that erasing them leaves the chain whole.
CREATE TABLE words (
    epoch INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (epoch, seq),
    FOREIGN KEY (epoch, seq) REFERENCES entry ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- The centre's word: the highest place it ever held (evidence), and the latest answer (the cursor).
CREATE TABLE receipt (
    epoch INTEGER NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('highest', 'latest')),
    seq INTEGER NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    server_ms INTEGER NOT NULL,
    signature BLOB NOT NULL CHECK (length(signature) = 64),
    PRIMARY KEY (epoch, role)
) STRICT, WITHOUT ROWID;

-- Small things that must survive a restart, as JSON by name.
CREATE TABLE state (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Wrong secrets in a row, by panel or person.
CREATE TABLE throttle (
    name TEXT PRIMARY KEY,
    failures INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The last good boards.
CREATE TABLE board (
    version TEXT PRIMARY KEY,
    json BLOB NOT NULL,
    held_ms INTEGER NOT NULL
) STRICT;
";
