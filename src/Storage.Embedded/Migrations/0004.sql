-- What of an object was shown to the detectors, by whose it is; a line for each: feature account region resource records bytes
ALTER TABLE ledger_object ADD COLUMN usage TEXT NOT NULL DEFAULT '';

-- Sums of the above over applied and late objects by the day on which they became so, kept in the same transaction, and longer.
CREATE TABLE usage_day (
  region   TEXT    NOT NULL,
  day      INTEGER NOT NULL, -- since 1970, in UTC
  account  TEXT    NOT NULL,
  feature  TEXT    NOT NULL,
  resource TEXT    NOT NULL, -- empty where the log is of the whole account
  pruned   INTEGER NOT NULL DEFAULT 0,
  records  INTEGER NOT NULL,
  bytes    INTEGER NOT NULL,
  PRIMARY KEY (region, day, account, feature, resource)
) WITHOUT ROWID, STRICT;
