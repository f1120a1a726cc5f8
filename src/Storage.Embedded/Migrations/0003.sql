-- Tells cheaply whether documents of a kind have changed.
CREATE INDEX document_by_version ON document (kind, version);

-- What suppression rules hid or, in shadow mode, would have hidden. Times are milliseconds since 1970.
CREATE TABLE suppression_rule (
  number  INTEGER PRIMARY KEY,
  account TEXT    NOT NULL,
  region  TEXT    NOT NULL,
  name    TEXT    NOT NULL,
  made    INTEGER NOT NULL,
  UNIQUE (account, region, name, made)
) STRICT;

CREATE TABLE suppression_hit (
  rule        INTEGER NOT NULL,
  finding     INTEGER NOT NULL, -- its number; goes when the finding goes
  first       INTEGER NOT NULL,
  last        INTEGER NOT NULL,
  occurrences INTEGER NOT NULL,
  shadow      INTEGER NOT NULL, -- occurrences in shadow mode
  PRIMARY KEY (rule, finding)
) WITHOUT ROWID, STRICT;
CREATE INDEX suppression_hit_by_finding ON suppression_hit (finding);
CREATE INDEX suppression_hit_by_last ON suppression_hit (rule, last DESC, finding);

-- What is common to what a rule met, so that something new stands out.
CREATE TABLE suppression_trait (
  rule        INTEGER NOT NULL,
  kind        INTEGER NOT NULL, -- HiddenTraitKind
  value       TEXT    NOT NULL,
  first       INTEGER NOT NULL,
  last        INTEGER NOT NULL,
  occurrences INTEGER NOT NULL,
  PRIMARY KEY (rule, kind, value)
) WITHOUT ROWID, STRICT;

CREATE TABLE suppression_day (
  rule        INTEGER NOT NULL,
  day         INTEGER NOT NULL, -- since 1970
  occurrences INTEGER NOT NULL,
  PRIMARY KEY (rule, day)
) WITHOUT ROWID, STRICT;
