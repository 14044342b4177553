-- 督促检查: what inspectors look at, what was planned, what was seen, and what became of it.

CREATE TABLE checklist_version (
  checklist INTEGER NOT NULL,
  version INTEGER NOT NULL,
  -- JSON: title and items
  body TEXT NOT NULL,
  made_ms INTEGER NOT NULL,
  account INTEGER NOT NULL,
  made_by TEXT NOT NULL,
  why TEXT NOT NULL,
  PRIMARY KEY (checklist, version)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER checklist_version_is_fixed BEFORE UPDATE ON checklist_version
  BEGIN SELECT RAISE(ABORT, 'a change is a new version'); END;
CREATE TRIGGER checklist_version_stays BEFORE DELETE ON checklist_version
  BEGIN SELECT RAISE(ABORT, 'what was looked at by a list can be read for ever'); END;

-- The list that every centre begins with.
INSERT INTO checklist_version VALUES (1, 1, '{
  "title": {"zh": "窗口单位创先争优通用检查清单", "en": "Service windows, general"},
  "items": [
    {"code": "badge", "group": {"zh": "亮身份", "en": "Identity shown"}, "text": {"zh": "佩戴工作牌，党员佩戴党徽", "en": "Badges are worn, party emblems by members"}, "kind": "yes_no", "weight": 6},
    {"code": "card", "group": {"zh": "亮身份", "en": "Identity shown"}, "text": {"zh": "终端和台卡显示的就是正在服务的人", "en": "Terminal and desk card show the person who serves"}, "kind": "yes_no", "weight": 8},
    {"code": "pledge-shown", "group": {"zh": "亮承诺", "en": "Pledges shown"}, "text": {"zh": "承诺、标准和时限看得见、读得懂", "en": "Pledges, standards and limits can be seen and understood"}, "kind": "yes_no", "weight": 6},
    {"code": "pledge-kept", "group": {"zh": "亮承诺", "en": "Pledges shown"}, "text": {"zh": "抽查一项承诺，按标准兑现", "en": "One pledge, picked at random, is kept to its standard"}, "kind": "score", "weight": 10},
    {"code": "conduct", "group": {"zh": "亮形象", "en": "Bearing"}, "text": {"zh": "仪容整洁，使用文明用语", "en": "Neat, and courteous in words"}, "kind": "score", "weight": 8},
    {"code": "first-contact", "group": {"zh": "首问负责", "en": "First-contact duty"}, "text": {"zh": "第一个接待的人负责到底，不推诿", "en": "Whoever is asked first sees it through"}, "kind": "score", "weight": 10},
    {"code": "one-notice", "group": {"zh": "首问负责", "en": "First-contact duty"}, "text": {"zh": "一次告知所需的全部材料", "en": "All papers needed are named at once"}, "kind": "yes_no", "weight": 6},
    {"code": "time-limit", "group": {"zh": "限时办结", "en": "Time limits"}, "text": {"zh": "抽查办件，在承诺的时限内办结", "en": "Business picked at random is done within its limit"}, "kind": "score", "weight": 12},
    {"code": "attitude", "group": {"zh": "服务态度", "en": "Attitude"}, "text": {"zh": "主动、耐心、热情", "en": "Forthcoming, patient, friendly"}, "kind": "score", "weight": 12},
    {"code": "free-rating", "group": {"zh": "群众评议", "en": "Public appraisal"}, "text": {"zh": "不引导、不干扰、不代替群众评价", "en": "Nobody steers, disturbs or replaces ratings"}, "kind": "yes_no", "weight": 6},
    {"code": "integrity", "group": {"zh": "廉洁", "en": "Integrity"}, "text": {"zh": "没有吃拿卡要、指定中介、搭车收费", "en": "No favours, no named agents, no added fees"}, "kind": "yes_no", "weight": 8},
    {"code": "order", "group": {"zh": "环境", "en": "Surroundings"}, "text": {"zh": "环境整洁，设施和终端完好可用", "en": "Tidy; equipment and terminal work"}, "kind": "score", "weight": 5},
    {"code": "access", "group": {"zh": "环境", "en": "Surroundings"}, "text": {"zh": "老年人、残疾人有人帮、办得成", "en": "Old and disabled people are helped"}, "kind": "yes_no", "weight": 3},
    {"code": "other", "group": {"zh": "其他", "en": "Other"}, "text": {"zh": "其他所见", "en": "What else was seen"}, "kind": "note", "weight": 0}
  ]
}', 0, 0, 'Pingyi', '随程序提供');

CREATE TABLE inspection (
  -- Drawn by lot: numbers one after another would count those that are hidden.
  id INTEGER PRIMARY KEY,
  hall TEXT NOT NULL,
  title TEXT NOT NULL,
  kind TEXT NOT NULL,
  stage TEXT NOT NULL,
  from_day TEXT NOT NULL,
  to_day TEXT NOT NULL,
  -- JSON: ids; empty: all of the hall
  service_windows TEXT NOT NULL,
  checklist INTEGER NOT NULL,
  checklist_version INTEGER NOT NULL,
  planner INTEGER NOT NULL,
  planned_by TEXT NOT NULL,
  made_ms INTEGER NOT NULL,
  -- since when it is at its stage
  stage_ms INTEGER NOT NULL,
  FOREIGN KEY (checklist, checklist_version) REFERENCES checklist_version (checklist, version)
) STRICT;
CREATE INDEX inspection_by_day ON inspection (from_day);
CREATE TRIGGER inspection_stays BEFORE DELETE ON inspection
  BEGIN SELECT RAISE(ABORT, 'an inspection is called off, not deleted'); END;

CREATE TABLE inspection_inspector (
  inspection INTEGER NOT NULL REFERENCES inspection (id),
  account INTEGER NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (inspection, account)
) STRICT, WITHOUT ROWID;

CREATE TABLE inspection_visit (
  inspection INTEGER NOT NULL REFERENCES inspection (id),
  -- 1, 2, … within its inspection
  visit INTEGER NOT NULL,
  -- made by whoever hands in; the same again is answered with what it became
  submission BLOB NOT NULL UNIQUE,
  digest BLOB NOT NULL,
  service_window TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  day TEXT NOT NULL,
  staff_no TEXT,
  -- JSON
  answers TEXT NOT NULL,
  score REAL,
  account INTEGER NOT NULL,
  made_by TEXT NOT NULL,
  made_ms INTEGER NOT NULL,
  PRIMARY KEY (inspection, visit)
) STRICT, WITHOUT ROWID;
CREATE INDEX inspection_visit_by_day ON inspection_visit (day);
CREATE TRIGGER inspection_visit_is_fixed BEFORE UPDATE ON inspection_visit
  BEGIN SELECT RAISE(ABORT, 'what was seen is not changed'); END;
CREATE TRIGGER inspection_visit_stays BEFORE DELETE ON inspection_visit
  BEGIN SELECT RAISE(ABORT, 'what was seen is not deleted'); END;

CREATE TABLE inspection_finding (
  inspection INTEGER NOT NULL,
  -- 1, 2, … within its inspection
  finding INTEGER NOT NULL,
  visit INTEGER NOT NULL,
  text TEXT NOT NULL,
  gravity TEXT NOT NULL,
  -- JSON: an item of the list or a pledge
  concern TEXT,
  PRIMARY KEY (inspection, finding),
  FOREIGN KEY (inspection, visit) REFERENCES inspection_visit (inspection, visit)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER inspection_finding_is_fixed BEFORE UPDATE ON inspection_finding
  BEGIN SELECT RAISE(ABORT, 'what was found is not changed'); END;
CREATE TRIGGER inspection_finding_stays BEFORE DELETE ON inspection_finding
  BEGIN SELECT RAISE(ABORT, 'what was found is not deleted'); END;

CREATE TABLE inspection_picture (
  inspection INTEGER NOT NULL,
  finding INTEGER NOT NULL,
  place INTEGER NOT NULL,
  -- by content, in the folder of pictures
  name TEXT NOT NULL,
  width_px INTEGER NOT NULL,
  height_px INTEGER NOT NULL,
  PRIMARY KEY (inspection, finding, place),
  FOREIGN KEY (inspection, finding) REFERENCES inspection_finding (inspection, finding)
) STRICT, WITHOUT ROWID;
CREATE INDEX inspection_picture_by_name ON inspection_picture (name);

-- What people add: remarks, the hall's answer, why it was called off.
CREATE TABLE inspection_remark (
  inspection INTEGER NOT NULL REFERENCES inspection (id),
  remark INTEGER NOT NULL,
  kind TEXT NOT NULL,
  text TEXT NOT NULL,
  account INTEGER NOT NULL,
  made_by TEXT NOT NULL,
  made_ms INTEGER NOT NULL,
  PRIMARY KEY (inspection, remark)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER inspection_remark_is_fixed BEFORE UPDATE ON inspection_remark
  BEGIN SELECT RAISE(ABORT, 'remarks are added, not changed'); END;
CREATE TRIGGER inspection_remark_stays BEFORE DELETE ON inspection_remark
  BEGIN SELECT RAISE(ABORT, 'remarks are added, not deleted'); END;

-- 限期整改
CREATE TABLE inspection_order (
  inspection INTEGER NOT NULL,
  finding INTEGER NOT NULL,
  text TEXT NOT NULL,
  -- working days from the day it was given
  days INTEGER NOT NULL,
  due_day TEXT NOT NULL,
  account INTEGER NOT NULL,
  made_by TEXT NOT NULL,
  made_ms INTEGER NOT NULL,
  PRIMARY KEY (inspection, finding),
  FOREIGN KEY (inspection, finding) REFERENCES inspection_finding (inspection, finding)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER inspection_order_is_fixed BEFORE UPDATE ON inspection_order
  BEGIN SELECT RAISE(ABORT, 'an order is not changed; its case may be extended'); END;
CREATE TRIGGER inspection_order_stays BEFORE DELETE ON inspection_order
  BEGIN SELECT RAISE(ABORT, 'an order is not deleted'); END;
