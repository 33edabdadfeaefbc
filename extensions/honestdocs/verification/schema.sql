-- Results of runs. A change here raises VERSION in database.py; older files are then moved aside.

CREATE TABLE store (
    created REAL NOT NULL                   -- seconds since the epoch, as are all times
);

CREATE TABLE runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,   -- never given twice, so that a later run is greater
    started REAL NOT NULL,
    finished REAL NOT NULL,
    docs_changeset TEXT NOT NULL,
    services TEXT NOT NULL                  -- JSON
);

CREATE TABLE examples (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
);

-- What was seen of one example at one moment: the same seen again in a later run is no new record.
CREATE TABLE records (
    example INTEGER NOT NULL,
    checked_at REAL NOT NULL,
    cause TEXT NOT NULL,
    outcome TEXT NOT NULL,
    grade TEXT NOT NULL,
    run INTEGER NOT NULL,
    mismatches TEXT NOT NULL,               -- JSON, empty for none
    PRIMARY KEY (example, checked_at, cause, outcome)
) WITHOUT ROWID;

CREATE INDEX records_run ON records (run);

-- The newest record of each example, whole: what a page or a report shows is one scan.
CREATE TABLE latest (
    example INTEGER PRIMARY KEY,
    run INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    grade TEXT NOT NULL,
    cause TEXT NOT NULL,
    checked_at REAL NOT NULL,
    reason TEXT NOT NULL,
    matched TEXT NOT NULL,                  -- JSON, empty for none; so are the next three
    headers TEXT NOT NULL,
    members TEXT NOT NULL,
    mismatches TEXT NOT NULL,
    exact TEXT NOT NULL,                    -- JSON: what was observed at each mismatch, whole
    service TEXT NOT NULL,
    server_version TEXT NOT NULL,
    seconds REAL NOT NULL,
    status INTEGER,
    flaky INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE services (
    name TEXT PRIMARY KEY,
    checked_at REAL NOT NULL,
    state TEXT NOT NULL                     -- JSON
) WITHOUT ROWID;

-- How long each page takes, as the last run of the whole tree measured it.
CREATE TABLE IF NOT EXISTS paces (
    page TEXT PRIMARY KEY,
    seconds REAL NOT NULL,
    exchanges INTEGER NOT NULL
) WITHOUT ROWID;

-- The files that hold failed examples, as they were when a run last looked: what has changed
-- since then cannot be rewritten from what it saw.
CREATE TABLE IF NOT EXISTS sources (
    file TEXT PRIMARY KEY,
    digest TEXT NOT NULL
) WITHOUT ROWID;
