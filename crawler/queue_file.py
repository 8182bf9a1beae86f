"""The SQLite file of a queue: its tables, and files of earlier versions brought up to date."""

import sqlite3
from pathlib import Path

_VERSION = 2
_SCHEMA = """
CREATE TABLE requests (
  id INTEGER PRIMARY KEY,
  key BLOB NOT NULL UNIQUE,          -- address_key of the address
  url TEXT NOT NULL,
  kind TEXT NOT NULL,                -- listing, item, attachment
  page INTEGER NOT NULL,             -- page of the item or listing, from 1
  root INTEGER,                      -- first page of the same item, on later ones
  parent INTEGER,                    -- page that led here first
  request TEXT NOT NULL,             -- what is to be sent and done, as JSON
  state TEXT NOT NULL,               -- pending, leased, done, failed
  priority INTEGER NOT NULL,
  round INTEGER NOT NULL,            -- round in which it was wanted last
  due REAL NOT NULL,                 -- pending: not before; done, failed: wanted again from then
  failures INTEGER NOT NULL DEFAULT 0, -- in a row
  reason TEXT,                       -- of the last failure
  status INTEGER,                    -- of the last answer
  gone_at REAL,                      -- since when the site says 404 or 410
  fetched_at REAL,                   -- last answer that showed the page
  changed_at REAL,                   -- last answer that showed something new
  span REAL,                         -- seconds between visits
  is_tail INTEGER NOT NULL DEFAULT 0, -- no later page of the item is known
  etag TEXT,
  modified TEXT,                     -- Last-Modified as sent
  media_type TEXT,                   -- Content-Type as sent
  digest TEXT,                       -- of the payload that is archived
  warc_file TEXT, warc_offset INTEGER, warc_length INTEGER,
  listed INTEGER, layout TEXT,       -- of a listing: items it linked, hash of their surroundings
  layout_round INTEGER               -- round in which that hash changed
);
CREATE INDEX queue ON requests (priority DESC, id) WHERE state = 'pending';
CREATE INDEX visits ON requests (due) WHERE state IN ('done', 'failed');
CREATE INDEX tails ON requests (root) WHERE is_tail = 1;
CREATE TABLE files (name TEXT PRIMARY KEY, size INTEGER NOT NULL, is_open INTEGER NOT NULL);
CREATE TABLE rounds (
  id INTEGER PRIMARY KEY, run_id TEXT NOT NULL, begun_at REAL NOT NULL, ended_at REAL,
  ended TEXT, counts TEXT NOT NULL DEFAULT '{}'
);
CREATE TABLE notes (name TEXT PRIMARY KEY, value REAL NOT NULL);
"""
_ROBOTS = """
CREATE TABLE robots (host TEXT PRIMARY KEY, body BLOB NOT NULL, kept_at REAL NOT NULL);
"""
_STEPS = {0: _SCHEMA + _ROBOTS, 1: _ROBOTS}
"""What leads from the version of a file to this one."""


def open_queue(path: Path) -> sqlite3.Connection:
    """Open the file of a queue for one writer, or make it.

    Raises sqlite3.Error when it cannot be used, also when a newer program has made it.

    >>> from contextlib import closing
    >>> with closing(open_queue(Path(":memory:"))) as database:
    ...     database.execute("SELECT count(*) FROM requests").fetchone()
    (0,)
    """
    database = sqlite3.connect(path, isolation_level=None, timeout=20)
    database.execute("PRAGMA journal_mode = WAL")
    # With a power cut the last commits may be missing, in order: those pages are fetched again.
    database.execute("PRAGMA synchronous = NORMAL")
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if version in _STEPS:
        database.executescript(
            f"BEGIN; {_STEPS[version]} PRAGMA user_version = {_VERSION}; COMMIT;"
        )
    elif version != _VERSION:
        database.close()
        raise sqlite3.DatabaseError(f"it is of version {version}, not {_VERSION}")
    return database
