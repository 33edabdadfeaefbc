-- What the watcher has seen. A change here raises VERSION in ledger.py; times are seconds since the epoch.

CREATE TABLE beats (
    service TEXT NOT NULL,
    at REAL NOT NULL,
    health TEXT NOT NULL,
    latency REAL NOT NULL,
    PRIMARY KEY (service, at)
) WITHOUT ROWID;

-- The roll-up of the beats of an hour, counted from the epoch.
CREATE TABLE hours (
    service TEXT NOT NULL,
    hour INTEGER NOT NULL,
    up INTEGER NOT NULL DEFAULT 0,
    warning INTEGER NOT NULL DEFAULT 0,
    down INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (service, hour)
) WITHOUT ROWID;

CREATE TABLE incidents (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    service TEXT NOT NULL,
    began REAL NOT NULL,
    ended REAL,
    health TEXT NOT NULL,
    message TEXT NOT NULL
);
