-- What came, what became of it, and what should have come. Times are milliseconds since 1970, states are those of LedgerState.
CREATE TABLE ledger_object (
  name      TEXT    NOT NULL,
  version   TEXT    NOT NULL, -- empty where none is known
  source    TEXT    NOT NULL,
  account   TEXT    NOT NULL,
  region    TEXT    NOT NULL,
  log_type  TEXT    NOT NULL,
  hour      INTEGER NOT NULL,
  state     INTEGER NOT NULL,
  changed   INTEGER NOT NULL,
  size      INTEGER NOT NULL,
  written   INTEGER,
  identity  TEXT    NOT NULL, -- of its bytes; empty until they are read
  reason    TEXT    NOT NULL,
  records   TEXT    NOT NULL, -- CloudTrail:1,0,0,0,2 VpcFlow:…: applied, late, duplicate, quarantined, skipped
  PRIMARY KEY (name, version)
) WITHOUT ROWID, STRICT;
CREATE INDEX ledger_object_by_change ON ledger_object (changed DESC, name, version);
CREATE INDEX ledger_object_by_state ON ledger_object (state, changed DESC, name, version) WHERE state NOT IN (2, 4); -- those that somebody looks for
CREATE INDEX ledger_object_by_identity ON ledger_object (identity) WHERE identity <> '';

-- Sums of the above, kept beside them in the same transaction, and longer.
CREATE TABLE ledger_hour (
  source     TEXT    NOT NULL,
  account    TEXT    NOT NULL,
  region     TEXT    NOT NULL,
  log_type   TEXT    NOT NULL,
  hour       INTEGER NOT NULL,
  pruned     INTEGER NOT NULL DEFAULT 0,
  discovered INTEGER NOT NULL DEFAULT 0,
  reading    INTEGER NOT NULL DEFAULT 0,
  applied    INTEGER NOT NULL DEFAULT 0,
  late       INTEGER NOT NULL DEFAULT 0,
  duplicate  INTEGER NOT NULL DEFAULT 0,
  quarantined INTEGER NOT NULL DEFAULT 0,
  missing    INTEGER NOT NULL DEFAULT 0,
  records_applied     INTEGER NOT NULL DEFAULT 0,
  records_late        INTEGER NOT NULL DEFAULT 0,
  records_duplicate   INTEGER NOT NULL DEFAULT 0,
  records_quarantined INTEGER NOT NULL DEFAULT 0,
  records_skipped     INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (source, account, region, log_type, hour)
) WITHOUT ROWID, STRICT;
CREATE INDEX ledger_hour_by_hour ON ledger_hour (hour);

CREATE TABLE ledger_stream (
  source       TEXT    NOT NULL,
  account      TEXT    NOT NULL,
  region       TEXT    NOT NULL,
  log_type     TEXT    NOT NULL,
  last_written INTEGER NOT NULL,
  rhythm       BLOB    NOT NULL,
  lag          INTEGER NOT NULL, -- milliseconds
  usual_lag    INTEGER NOT NULL,
  PRIMARY KEY (source, account, region, log_type)
) WITHOUT ROWID, STRICT;

-- What could not be used, until it is driven again.
CREATE TABLE quarantine (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  hash   BLOB    NOT NULL UNIQUE, -- of kind and bytes, else of the object
  time   INTEGER NOT NULL,
  kind   INTEGER NOT NULL,
  source TEXT    NOT NULL,
  object TEXT    NOT NULL,
  record INTEGER NOT NULL,
  field  TEXT    NOT NULL,
  reason TEXT    NOT NULL,
  size   INTEGER NOT NULL, -- of all texts and bytes
  bytes  BLOB    NOT NULL
) STRICT;
INSERT INTO counter VALUES ('quarantine bytes', 0), ('quarantine items', 0), ('quarantine dropped', 0);
