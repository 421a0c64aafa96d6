-- The case file, format 2. What a user can create has a global id in every copy of the case:
-- entities by `entity.id`, revisions by `revision.id`, statements and citations by their
-- revision's id and their key. Keys are local to one file.

-- Who this case is: `case_id`, `created_at`, `head`, the digest of the newest revision, and `chain_2`,
-- the number of the first revision whose digest is made as format 2 makes it.
CREATE TABLE meta(
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Names of schemata and properties, stored once.
CREATE TABLE term(
  key INTEGER PRIMARY KEY,
  text TEXT NOT NULL UNIQUE
) STRICT;

-- Ids of entities, stored once. What an entity is, its statements say.
CREATE TABLE entity(
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE
) STRICT;

-- One user action. `inverts` names the revision whose effect this one turns round; such a
-- revision has no rows of its own.
CREATE TABLE revision(
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  at INTEGER NOT NULL,
  author TEXT NOT NULL,
  kind TEXT NOT NULL,
  label TEXT NOT NULL,
  inverts INTEGER REFERENCES revision,
  digest BLOB NOT NULL
) STRICT;

-- Entity, property, value. `live` is derived from the revisions. Keys grow with revisions, so the
-- statements of a revision are a range of keys.
CREATE TABLE statement(
  key INTEGER PRIMARY KEY,
  revision INTEGER NOT NULL REFERENCES revision,
  entity INTEGER NOT NULL REFERENCES entity,
  property INTEGER NOT NULL REFERENCES term,
  value TEXT NOT NULL,
  lang TEXT,
  original TEXT,
  denied INTEGER NOT NULL,
  live INTEGER NOT NULL
) STRICT;

-- Statements about one entity that were made one after another, from `first` to `last`, and where
-- they were read: each is cited to that place of that document, without a row of its own. Every
-- statement stands in one passage, which is how the statements of an entity are found.
CREATE TABLE passage(
  first INTEGER PRIMARY KEY REFERENCES statement,
  last INTEGER NOT NULL REFERENCES statement,
  entity INTEGER NOT NULL REFERENCES entity,
  evidence INTEGER REFERENCES entity,
  place TEXT,
  quote TEXT
) STRICT;
CREATE INDEX passage_by_entity ON passage(entity);
CREATE INDEX passage_by_evidence ON passage(evidence) WHERE evidence IS NOT NULL;

-- Statements that somebody no longer takes for supported by the place where they were read.
CREATE TABLE dismissed(
  statement INTEGER PRIMARY KEY REFERENCES statement
) STRICT;

-- A document's custody record; its description is in the statements of its entity.
CREATE TABLE evidence(
  entity INTEGER PRIMARY KEY REFERENCES entity,
  revision INTEGER NOT NULL REFERENCES revision,
  blob INTEGER NOT NULL REFERENCES blob,
  file_name TEXT NOT NULL,
  mime TEXT NOT NULL,
  acquired_at INTEGER NOT NULL,
  acquired_by TEXT NOT NULL,
  method TEXT NOT NULL
) STRICT;

-- Bytes by content, in parts of at most 1 MiB. Never changed, never deleted.
CREATE TABLE blob(
  key INTEGER PRIMARY KEY,
  sha256 BLOB NOT NULL UNIQUE,
  size INTEGER NOT NULL
) STRICT;
CREATE TABLE blob_part(
  blob INTEGER NOT NULL REFERENCES blob,
  part INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY(blob, part)
) STRICT;

-- What happened to a document after it was acquired.
CREATE TABLE custody(
  key INTEGER PRIMARY KEY,
  revision INTEGER NOT NULL REFERENCES revision,
  entity INTEGER NOT NULL REFERENCES entity,
  event TEXT NOT NULL,
  outcome TEXT NOT NULL
) STRICT;

-- A statement's tie to a place in evidence.
CREATE TABLE citation(
  key INTEGER PRIMARY KEY,
  revision INTEGER NOT NULL REFERENCES revision,
  statement INTEGER NOT NULL REFERENCES statement,
  entity INTEGER NOT NULL REFERENCES entity,
  supports INTEGER NOT NULL,
  credibility TEXT,
  page TEXT,
  quote TEXT,
  range TEXT,
  region TEXT,
  live INTEGER NOT NULL
) STRICT;
CREATE INDEX citation_by_statement ON citation(statement);
CREATE INDEX citation_by_entity ON citation(entity);
CREATE INDEX citation_by_revision ON citation(revision);

-- A change of mind: from here on `target` (a statement, a citation, or the passage as far as it
-- supports a statement) is live, or is not.
CREATE TABLE flip(
  key INTEGER PRIMARY KEY,
  revision INTEGER NOT NULL REFERENCES revision,
  kind TEXT NOT NULL,
  target INTEGER NOT NULL,
  live INTEGER NOT NULL
) STRICT;
CREATE INDEX flip_by_revision ON flip(revision);
CREATE INDEX flip_by_target ON flip(kind, target);

-- Row images of what is not a statement but can be undone.
CREATE TABLE journal(
  key INTEGER PRIMARY KEY,
  revision INTEGER NOT NULL REFERENCES revision,
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  old TEXT,
  new TEXT
) STRICT;
CREATE INDEX journal_by_revision ON journal(revision);

-- The present state of what is journaled: charts, scenes, settings …
CREATE TABLE record(
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY(kind, id)
) STRICT, WITHOUT ROWID;
-- … and placements, which are many.
CREATE TABLE placement(
  chart TEXT NOT NULL,
  entity TEXT NOT NULL,
  x REAL NOT NULL,
  y REAL NOT NULL,
  pinned INTEGER NOT NULL,
  PRIMARY KEY(chart, entity)
) STRICT, WITHOUT ROWID;

-- Projections: derived from the statements in the same transaction.
CREATE TABLE node(
  entity INTEGER PRIMARY KEY REFERENCES entity,
  schema INTEGER NOT NULL REFERENCES term,
  caption TEXT NOT NULL,
  degree INTEGER NOT NULL
) STRICT;
CREATE TABLE link(
  entity INTEGER PRIMARY KEY REFERENCES entity,
  source INTEGER NOT NULL REFERENCES entity,
  target INTEGER NOT NULL REFERENCES entity
) STRICT;
CREATE INDEX link_by_source ON link(source);
CREATE INDEX link_by_target ON link(target);
-- What can be searched for (src/case/index.rs): terms, and the three-letter parts of names.
CREATE VIRTUAL TABLE search_word USING fts5(text, content='', contentless_delete=1,
  tokenize="ascii tokenchars '=@%+#!~_'");
CREATE VIRTUAL TABLE search_part USING fts5(text, content='', contentless_delete=1, detail=none,
  tokenize='trigram case_sensitive 1');
