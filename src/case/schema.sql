-- The case file, format 3. What a user can create has a global id in every copy of the case:
-- entities and revisions by `id`, and whatever a revision added by the id of the revision and its
-- place in it (`nth`, for a statement `key - first`). Keys and numbers are local to one file.

-- Who this case is: `case_id`, `created_at`, `head`, the link of the newest revision; and the numbers
-- of the first revisions whose digests are made as format 2 (`chain_2`) and 3 (`chain_3`) make them.
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

-- One user action. `clock` is one more than the highest in the case when it was made, so that
-- (clock, id) orders revisions alike in every copy. `secret` salts the hashes of what it says.
-- `first` to `last` are the keys of its statements; where there are none, `last` is `first - 1`.
-- `live` is derived: no live revision inverts it. `content` covers what it says, `link` that and the
-- link before it. `united` is the revision of this file that took it over from another copy.
CREATE TABLE revision(
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  clock INTEGER NOT NULL,
  at INTEGER NOT NULL,
  author TEXT NOT NULL,
  kind TEXT NOT NULL,
  label TEXT NOT NULL,
  secret BLOB NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  live INTEGER NOT NULL,
  united INTEGER REFERENCES revision,
  content BLOB NOT NULL,
  link BLOB NOT NULL
) STRICT;

-- The revisions whose effect another one turns round. Such a revision has no rows of its own.
CREATE TABLE inversion(
  revision INTEGER NOT NULL REFERENCES revision,
  target INTEGER NOT NULL REFERENCES revision,
  PRIMARY KEY(revision, target)
) STRICT, WITHOUT ROWID;
CREATE INDEX inversion_by_target ON inversion(target);

-- The links that a revision had in other copies, each with the one before it.
CREATE TABLE former(
  revision INTEGER NOT NULL REFERENCES revision,
  before BLOB NOT NULL,
  link BLOB NOT NULL,
  PRIMARY KEY(revision, link)
) STRICT, WITHOUT ROWID;
-- The digests of revisions that were made under formats 1 and 2.
CREATE TABLE old_digest(
  revision INTEGER PRIMARY KEY REFERENCES revision,
  digest BLOB NOT NULL
) STRICT;
-- Hashes of what was withheld from this copy, by its place among the leaves of a revision.
CREATE TABLE withheld(
  revision INTEGER NOT NULL REFERENCES revision,
  leaf INTEGER NOT NULL,
  hash BLOB NOT NULL,
  PRIMARY KEY(revision, leaf)
) STRICT, WITHOUT ROWID;

-- Entity, property, value. `stands` is derived: 0 withdrawn, 1 as its revision, 2 whatever becomes
-- of that. It holds where `stands` and the `live` of its revision come to more than 1. Keys grow
-- with revisions, so the statements of a revision are a range of keys.
CREATE TABLE statement(
  key INTEGER PRIMARY KEY,
  revision INTEGER NOT NULL REFERENCES revision,
  entity INTEGER NOT NULL REFERENCES entity,
  property INTEGER NOT NULL REFERENCES term,
  value TEXT NOT NULL,
  lang TEXT,
  original TEXT,
  denied INTEGER NOT NULL,
  stands INTEGER NOT NULL
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

-- Derived: statements that somebody no longer takes for supported by the place where they were read.
CREATE TABLE dismissed(
  statement INTEGER PRIMARY KEY REFERENCES statement
) STRICT;

-- A document's custody record; its description is in the statements of its entity. The same document
-- may have come into two copies of the case; the first record that is live counts.
CREATE TABLE evidence(
  entity INTEGER NOT NULL REFERENCES entity,
  revision INTEGER NOT NULL REFERENCES revision,
  blob INTEGER NOT NULL REFERENCES blob,
  file_name TEXT NOT NULL,
  mime TEXT NOT NULL,
  acquired_at INTEGER NOT NULL,
  acquired_by TEXT NOT NULL,
  method TEXT NOT NULL,
  PRIMARY KEY(entity, revision)
) STRICT, WITHOUT ROWID;
CREATE INDEX evidence_by_revision ON evidence(revision);

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

-- What a machine read in a document: the text of a PDF, or of a picture. A citation's range counts
-- in it.
CREATE TABLE layer(
  key INTEGER PRIMARY KEY,
  revision INTEGER NOT NULL REFERENCES revision,
  nth INTEGER NOT NULL,
  entity INTEGER NOT NULL REFERENCES entity,
  blob INTEGER NOT NULL REFERENCES blob,
  engine TEXT NOT NULL,
  version TEXT NOT NULL,
  languages TEXT,
  confidence TEXT,
  UNIQUE(revision, nth)
) STRICT;

-- A statement's tie to a place in evidence. `said_by` and `said_on`: who says it there, and when;
-- `stance`: whether they say so, deny it, or did not answer.
CREATE TABLE citation(
  key INTEGER PRIMARY KEY,
  revision INTEGER NOT NULL REFERENCES revision,
  nth INTEGER NOT NULL,
  statement INTEGER NOT NULL REFERENCES statement,
  entity INTEGER NOT NULL REFERENCES entity,
  supports INTEGER NOT NULL,
  credibility TEXT,
  page TEXT,
  quote TEXT,
  range TEXT,
  region TEXT,
  layer INTEGER REFERENCES layer,
  said_by TEXT,
  said_on TEXT,
  stance TEXT,
  stands INTEGER NOT NULL,
  UNIQUE(revision, nth)
) STRICT;
CREATE INDEX citation_by_statement ON citation(statement);
CREATE INDEX citation_by_entity ON citation(entity);

-- A credibility given to a citation (`citation`), to the place where a statement was read (`read`),
-- or to all that was read from a document (`document`). The latest that stands counts.
CREATE TABLE judgement(
  key INTEGER PRIMARY KEY,
  revision INTEGER NOT NULL REFERENCES revision,
  nth INTEGER NOT NULL,
  kind TEXT NOT NULL,
  target INTEGER NOT NULL,
  credibility TEXT,
  UNIQUE(revision, nth)
) STRICT;
CREATE INDEX judgement_by_target ON judgement(kind, target);

-- A change of mind. `target` (a `statement`, a `citation`, or the place where a statement was `read`)
-- holds no more while a live withdrawal of it is left; where `target` is a `withdrawal`, that is lifted.
CREATE TABLE withdrawal(
  key INTEGER PRIMARY KEY,
  revision INTEGER NOT NULL REFERENCES revision,
  nth INTEGER NOT NULL,
  kind TEXT NOT NULL,
  target INTEGER NOT NULL,
  UNIQUE(revision, nth)
) STRICT;
CREATE INDEX withdrawal_by_target ON withdrawal(kind, target);
-- A statement or citation that is to hold although its revision was undone.
CREATE TABLE restatement(
  key INTEGER PRIMARY KEY,
  revision INTEGER NOT NULL REFERENCES revision,
  nth INTEGER NOT NULL,
  kind TEXT NOT NULL,
  target INTEGER NOT NULL,
  UNIQUE(revision, nth)
) STRICT;
CREATE INDEX restatement_by_target ON restatement(kind, target);
-- The same as formats 1 and 2 wrote it, whose digests cover it.
CREATE TABLE flip(
  key INTEGER PRIMARY KEY,
  revision INTEGER NOT NULL REFERENCES revision,
  kind TEXT NOT NULL,
  target INTEGER NOT NULL,
  live INTEGER NOT NULL
) STRICT;
CREATE INDEX flip_by_revision ON flip(revision);

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
CREATE INDEX journal_by_record ON journal(kind, id);

-- Derived: the present state of what is journaled, which is the last live image: charts, scenes,
-- settings …
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

-- Projections: derived from the statements in the same transaction. What one import alone speaks of
-- is its block, and is only out of sight while that is undone (src/case/block.rs). Queries ask the
-- views `node` and `link`, which leave out what is out of sight.
CREATE TABLE every_node(
  entity INTEGER PRIMARY KEY REFERENCES entity,
  schema INTEGER NOT NULL REFERENCES term,
  caption TEXT NOT NULL,
  degree INTEGER NOT NULL,
  block INTEGER REFERENCES block
) STRICT;
CREATE TABLE every_link(
  entity INTEGER PRIMARY KEY REFERENCES entity,
  source INTEGER NOT NULL REFERENCES entity,
  target INTEGER NOT NULL REFERENCES entity,
  block INTEGER REFERENCES block
) STRICT;
CREATE INDEX link_by_source ON every_link(source);
CREATE INDEX link_by_target ON every_link(target);
-- Revisions that have a block. What stands in it has a key from `first` to `last`.
CREATE TABLE block(
  revision INTEGER PRIMARY KEY REFERENCES revision,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL
) STRICT;
-- The blocks that are out of sight, since their revision is not live.
CREATE TABLE hidden(
  block INTEGER PRIMARY KEY REFERENCES block
) STRICT;
-- What stands outside a block although its revision speaks of it or has a relationship at it: it is
-- derived anew when the block is hidden or shown. There may be more here than that.
CREATE TABLE apart(
  block INTEGER NOT NULL REFERENCES block,
  entity INTEGER NOT NULL REFERENCES entity,
  PRIMARY KEY(block, entity)
) STRICT, WITHOUT ROWID;
-- Long ranges of keys in which nothing is in sight, which searches skip.
CREATE TABLE gap(
  first INTEGER PRIMARY KEY,
  last INTEGER NOT NULL
) STRICT;
CREATE VIEW node AS SELECT entity, schema, caption, degree FROM every_node
  WHERE block IS NULL OR block NOT IN (SELECT block FROM hidden);
CREATE VIEW link AS SELECT entity, source, target FROM every_link
  WHERE block IS NULL OR block NOT IN (SELECT block FROM hidden);
-- What can be searched for (src/case/index.rs): terms, and the three-letter parts of names.
CREATE VIRTUAL TABLE search_word USING fts5(text, content='', contentless_delete=1,
  tokenize="ascii tokenchars '=@%+#!~_'");
CREATE VIRTUAL TABLE search_part USING fts5(text, content='', contentless_delete=1, detail=none,
  tokenize='trigram case_sensitive 1');
