-- Rules, what they raised, where it is told, and each try to tell it.
CREATE TABLE alert_rule (
    id INTEGER PRIMARY KEY,
    -- JSON: name, condition, scope, grain …
    terms TEXT NOT NULL,
    made_ms INTEGER NOT NULL,
    changed_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE alert_destination (
    id INTEGER PRIMARY KEY,
    -- JSON: name, scope, language, address
    terms TEXT NOT NULL,
    -- signs what a webhook is sent
    secret BLOB NOT NULL,
    made_ms INTEGER NOT NULL,
    changed_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE alert (
    id INTEGER PRIMARY KEY,
    rule INTEGER NOT NULL,
    rule_name TEXT NOT NULL,
    severity TEXT NOT NULL,
    hall TEXT NOT NULL,
    -- empty: the hall as a whole
    service_window TEXT NOT NULL,
    -- JSON: as it was raised, and as it was last
    raised_by TEXT NOT NULL,
    figures TEXT NOT NULL,
    raised_ms INTEGER NOT NULL,
    renewed_ms INTEGER NOT NULL,
    closed_ms INTEGER,
    ending TEXT,
    closed_by TEXT,
    acknowledged_ms INTEGER,
    acknowledged_by TEXT,
    word TEXT
) STRICT;
CREATE UNIQUE INDEX alert_open_once ON alert (rule, hall, service_window) WHERE closed_ms IS NULL;
CREATE INDEX alert_time ON alert (raised_ms);
CREATE INDEX alert_closed ON alert (closed_ms);

CREATE TABLE alert_outbox (
    id INTEGER PRIMARY KEY,
    -- null: a test
    alert INTEGER,
    destination INTEGER NOT NULL,
    event TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_ms INTEGER NOT NULL,
    made_ms INTEGER NOT NULL,
    done_ms INTEGER
) STRICT;
CREATE INDEX alert_outbox_due ON alert_outbox (next_ms) WHERE state = 'waiting';
CREATE INDEX alert_outbox_made ON alert_outbox (made_ms);

CREATE TABLE alert_attempt (
    id INTEGER PRIMARY KEY,
    destination INTEGER NOT NULL,
    -- how many events went together
    events INTEGER NOT NULL,
    number INTEGER NOT NULL,
    begun_ms INTEGER NOT NULL,
    took_ms INTEGER,
    -- null: begun and never ended, as when the centre was stopped in the middle
    outcome TEXT,
    -- what the other side said, as a number
    status INTEGER
) STRICT;
CREATE INDEX alert_attempt_time ON alert_attempt (begun_ms);

-- One row: the last fact that was weighed (none: no fact yet), and a count that grows with every change of what stands above.
CREATE TABLE alert_mark (
    id INTEGER PRIMARY KEY CONSTRAINT alert_mark_single CHECK (id = 1),
    fact INTEGER,
    changes INTEGER NOT NULL
) STRICT;
INSERT INTO alert_mark (id, fact, changes) VALUES (1, NULL, 0);

-- What every centre begins with; people change it, switch it off and add their own.
INSERT INTO alert_rule (terms, made_ms, changed_ms) VALUES
    ('{"name":"差评集中","condition":{"kind":"negative_share","percent":50,"min_count":4,"within_minutes":15},"scope":{"kind":"everywhere"},"grain":"each_window","severity":"severe","cooldown_minutes":60,"without_flagged":true,"tell_end":false,"destinations":[],"enabled":true}', 0, 0),
    ('{"name":"参评率下降","condition":{"kind":"participation_drop","points":20,"min_served":20,"within_minutes":240},"scope":{"kind":"everywhere"},"grain":"each_window","severity":"notice","cooldown_minutes":720,"without_flagged":false,"tell_end":false,"destinations":[],"enabled":true}', 0, 0),
    ('{"name":"终端失联","condition":{"kind":"silence","minutes":10},"scope":{"kind":"everywhere"},"grain":"each_window","severity":"notice","cooldown_minutes":30,"without_flagged":false,"tell_end":true,"destinations":[],"enabled":true}', 0, 0),
    ('{"name":"账本异常","condition":{"kind":"tampering"},"scope":{"kind":"everywhere"},"grain":"each_window","severity":"severe","cooldown_minutes":60,"without_flagged":false,"tell_end":false,"destinations":[],"enabled":true}', 0, 0);
