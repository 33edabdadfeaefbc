CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- In the order of the log: the parents of a changeset have smaller numbers. A chain is a line of
-- changesets of which each is the only parent of the next; it is named by its first one.
CREATE TABLE changeset (
    number INTEGER PRIMARY KEY,
    node TEXT NOT NULL UNIQUE,
    first INTEGER,
    second INTEGER,
    chain INTEGER NOT NULL,
    author TEXT NOT NULL,
    at INTEGER NOT NULL,
    zone INTEGER NOT NULL,
    summary TEXT NOT NULL
);

CREATE INDEX chained ON changeset (chain, number);

CREATE TABLE path (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);

-- kind: 0 changed, 1 removed, 2 made anew after a removal
CREATE TABLE touch (
    path INTEGER NOT NULL,
    changeset INTEGER NOT NULL,
    kind INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (path, changeset)
) WITHOUT ROWID;

CREATE INDEX touched_by ON touch (changeset);

CREATE TABLE copy (
    changeset INTEGER NOT NULL,
    path INTEGER NOT NULL,
    source INTEGER NOT NULL,
    PRIMARY KEY (changeset, path)
) WITHOUT ROWID;

-- What is worked out from the above, for the pages that somebody asked about.
CREATE TABLE page (
    path INTEGER PRIMARY KEY,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    changes INTEGER NOT NULL,
    people TEXT NOT NULL
);
