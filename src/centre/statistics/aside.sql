-- Ratings that are not adopted (不予采纳). They stay in the book and in every raw figure; this is what adopted figures leave out.
CREATE TABLE aside_visit (
    ledger INTEGER NOT NULL,
    visit INTEGER NOT NULL,
    CONSTRAINT aside_visit_once PRIMARY KEY (ledger, visit)
) STRICT, WITHOUT ROWID;
-- What the book says of them: a copy of those of its rows, which follows it.
CREATE TABLE aside_fact (
    id INTEGER PRIMARY KEY,
    ledger INTEGER NOT NULL,
    visit INTEGER NOT NULL,
    sign INTEGER NOT NULL,
    wall INTEGER NOT NULL,
    slot INTEGER NOT NULL,
    grade INTEGER NOT NULL,
    hall INTEGER NOT NULL,
    service_window INTEGER NOT NULL,
    staff INTEGER,
    item INTEGER,
    channel INTEGER NOT NULL,
    level INTEGER,
    flagged INTEGER NOT NULL,
    sample INTEGER NOT NULL,
    reasons BLOB
) STRICT;
CREATE INDEX aside_fact_slot ON aside_fact (slot);
CREATE INDEX aside_fact_visit ON aside_fact (ledger, visit);
-- A changed mind, a book that is told again and another time zone reach the copy whoever writes them.
CREATE TRIGGER aside_fact_comes AFTER INSERT ON fact
    WHEN EXISTS (SELECT 1 FROM aside_visit WHERE ledger = NEW.ledger AND visit = NEW.visit)
    BEGIN INSERT OR REPLACE INTO aside_fact SELECT * FROM fact WHERE id = NEW.id; END;
CREATE TRIGGER aside_fact_goes AFTER DELETE ON fact
    BEGIN DELETE FROM aside_fact WHERE id = OLD.id; END;
CREATE TRIGGER aside_fact_moves AFTER UPDATE OF slot ON fact
    BEGIN UPDATE aside_fact SET slot = NEW.slot WHERE id = NEW.id; END;
