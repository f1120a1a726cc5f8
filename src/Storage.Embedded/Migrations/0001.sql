-- Numbers that only grow: of changes of findings, and of versions of documents.
CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID, STRICT;
INSERT INTO counter VALUES ('finding', 0), ('document', 0);

-- What this database alone knows, such as the key that signs paging tokens.
CREATE TABLE setting (name TEXT PRIMARY KEY, value ANY NOT NULL) WITHOUT ROWID, STRICT;
INSERT INTO setting VALUES ('token key', randomblob(32)), ('facet fields', '');

-- Findings without their JSON, so that all of them are read quickly when the program starts. Times are milliseconds since 1970.
CREATE TABLE finding (
  number     INTEGER PRIMARY KEY, -- small: the place in the index that is held in memory; used again once the finding is gone
  id         TEXT    NOT NULL UNIQUE,
  account    TEXT    NOT NULL,
  region     TEXT    NOT NULL,
  type       TEXT    NOT NULL,
  severity   REAL    NOT NULL,
  created    INTEGER NOT NULL,
  updated    INTEGER NOT NULL,
  first_seen INTEGER NOT NULL,
  last_seen  INTEGER NOT NULL,
  count      INTEGER NOT NULL,
  archived   INTEGER NOT NULL, -- as it is shown
  by_hand    INTEGER,          -- 1 where a person archived it, 0 where one brought it back, until a later occurrence; else null
  feedback   TEXT,
  sequence   INTEGER NOT NULL, -- of the last change
  facets     BLOB    NOT NULL  -- numbers of facets, each as the difference to the one before, seven bits a byte, the lowest first
) STRICT;
CREATE INDEX finding_by_sequence ON finding (sequence);

CREATE TABLE finding_json (
  number INTEGER PRIMARY KEY,
  json   BLOB    NOT NULL
) STRICT;

-- What criteria can ask for: each text that some finding has in some field.
CREATE TABLE facet (
  number INTEGER PRIMARY KEY,
  field  TEXT NOT NULL,
  text   TEXT NOT NULL
) STRICT;

CREATE TABLE document (
  kind    TEXT    NOT NULL,
  account TEXT    NOT NULL,
  region  TEXT    NOT NULL,
  id      TEXT    NOT NULL,
  version INTEGER NOT NULL,
  json    BLOB    NOT NULL,
  PRIMARY KEY (kind, account, region, id)
) STRICT;

CREATE TABLE audit (
  number  INTEGER PRIMARY KEY,
  time    INTEGER NOT NULL,
  actor   TEXT    NOT NULL,
  action  TEXT    NOT NULL,
  subject TEXT    NOT NULL,
  details BLOB    NOT NULL,
  hash    BLOB    NOT NULL
) STRICT;
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'entries of the audit log are never changed'); END;
CREATE TRIGGER audit_is_not_cut BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'entries of the audit log are never removed'); END;
