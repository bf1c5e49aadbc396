/*
 * The tables, as the steps that made them: a new folder takes all of them, an older one those that it lacks. A step
 * never changes once a release has carried it out.
 */

const FIRST = `
  CREATE TABLE room (
    key INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    epoch TEXT NOT NULL
  ) STRICT;
  CREATE TABLE entry (
    room INTEGER NOT NULL REFERENCES room (key),
    sequence INTEGER NOT NULL,
    author TEXT,
    time INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    content BLOB NOT NULL,
    UNIQUE (room, sequence)
  ) STRICT;
  CREATE TABLE checkpoint (
    room INTEGER PRIMARY KEY REFERENCES room (key),
    sequence INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    state BLOB NOT NULL
  ) STRICT;
  CREATE TABLE client (
    room INTEGER NOT NULL REFERENCES room (key),
    client INTEGER NOT NULL,
    username TEXT NOT NULL,
    PRIMARY KEY (room, client)
  ) STRICT;
  CREATE TABLE document (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    parent TEXT,
    value TEXT NOT NULL,
    UNIQUE (kind, id)
  ) STRICT;
  CREATE INDEX document_parent ON document (kind, parent, position);
`;

/** Entries of the audit logs are neither changed nor removed, not even by a mistake of the service. */
const AUDIT = `
  CREATE TABLE audit (
    chain TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    hash TEXT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (chain, sequence)
  ) STRICT;
  CREATE TRIGGER audit_unchanged BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit entries stay'); END;
  CREATE TRIGGER audit_kept BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit entries stay'); END;
`;

/** The number of steps taken is the database's `user_version`. */
export const SCHEMA_STEPS: readonly string[] = [FIRST, AUDIT];
