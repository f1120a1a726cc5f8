-- What is told to the world.
ALTER TABLE finding ADD COLUMN waits INTEGER NOT NULL DEFAULT 0; -- 1 where it has an occurrence that is to be published
ALTER TABLE finding ADD COLUMN published INTEGER;                -- when it was published last; null where it never was
UPDATE finding SET published = updated WHERE archived = 0;
CREATE INDEX finding_that_waits ON finding (published, account, region) WHERE waits = 1;

CREATE TABLE publication (
  number INTEGER PRIMARY KEY AUTOINCREMENT, -- never used again: readers stand at it
  id     TEXT    NOT NULL, -- of the finding
  time   INTEGER NOT NULL,
  first  INTEGER NOT NULL
) STRICT;

CREATE TABLE publication_reader (name TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID, STRICT;
