import { chmodSync, closeSync, fsyncSync, openSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { SparSyncError } from '../../errors.ts';
import { stateUnusable } from './state-trouble.ts';

/**
 * One step a number: step n turns version n - 1 of the state file into version n (`user_version`). A step
 * that has been released is never changed; a new one is added below it.
 *
 * `person_id` is the twelve digits as a whole number, so that an answer is found by rowid.
 */
export const MIGRATIONS: readonly string[] = [
  // 1
  `
  CREATE TABLE snapshot (              -- the last answer about each person
    person_id INTEGER PRIMARY KEY,
    fetched_on TEXT NOT NULL,          -- day of the answer, by --as-of where given
    permissions TEXT NOT NULL,         -- JSON array
    compared_rows TEXT NOT NULL,       -- JSON array of type:id that were compared with this very answer
    last_seen TEXT NOT NULL,           -- last day on which the person was in the roster, for retention
    answer TEXT NOT NULL               -- JSON, the fields of domain/person.ts and nothing else
  );
  CREATE INDEX snapshot_with_permissions ON snapshot (person_id) WHERE permissions <> '[]';

  CREATE TABLE run (
    run INTEGER PRIMARY KEY AUTOINCREMENT,
    command TEXT NOT NULL,
    as_of TEXT NOT NULL,
    started_at TEXT NOT NULL,          -- wall clock, UTC
    end_user TEXT NOT NULL,
    dry_run INTEGER NOT NULL,
    phase TEXT NOT NULL DEFAULT 'started' CHECK (phase IN ('started', 'planned', 'applied', 'not-applied')),
    files TEXT NOT NULL DEFAULT '[]',  -- JSON array: path and SHA-256 before and after
    compared TEXT NOT NULL DEFAULT '[]', -- JSON array while planned: rows to be marked as compared
    exit TEXT                          -- how it ended; null while it runs, or when it was killed
  );
  CREATE INDEX run_by_day ON run (as_of);
  CREATE INDEX run_unfinished ON run (run) WHERE phase = 'planned';

  CREATE TABLE ledger (                -- who was asked about: append-only, completed once
    attempt INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run (run),
    person_id INTEGER NOT NULL,
    permissions TEXT NOT NULL,         -- JSON array
    rows TEXT NOT NULL,                -- JSON array of type:id, the rows at the time
    end_user TEXT NOT NULL,            -- SlutAnvandarId as sent
    begun_at TEXT NOT NULL,            -- wall clock, UTC
    ended_at TEXT,                     -- null: sent, or about to be, and never heard of again
    outcome TEXT,
    answer_kind TEXT,                  -- what kind of answer it was, where there was one
    reference TEXT                     -- SPAR's UUID
  );
  CREATE INDEX ledger_by_run ON ledger (run);
  CREATE INDEX ledger_by_person ON ledger (person_id);
  CREATE TRIGGER ledger_is_not_replaced BEFORE INSERT ON ledger
    WHEN NEW.outcome IS NOT NULL OR EXISTS (SELECT 1 FROM ledger WHERE attempt = NEW.attempt)
    BEGIN SELECT RAISE(ABORT, 'a row of the ledger is never replaced'); END;
  CREATE TRIGGER ledger_is_not_deleted BEFORE DELETE ON ledger
    BEGIN SELECT RAISE(ABORT, 'a row of the ledger is never deleted'); END;
  CREATE TRIGGER ledger_is_completed_once BEFORE UPDATE ON ledger
    WHEN OLD.outcome IS NOT NULL OR NEW.outcome IS NULL OR NEW.ended_at IS NULL
      OR NEW.attempt IS NOT OLD.attempt OR NEW.run IS NOT OLD.run OR NEW.person_id IS NOT OLD.person_id
      OR NEW.permissions IS NOT OLD.permissions OR NEW.rows IS NOT OLD.rows
      OR NEW.end_user IS NOT OLD.end_user OR NEW.begun_at IS NOT OLD.begun_at
    BEGIN SELECT RAISE(ABORT, 'a row of the ledger is completed once and never changed'); END;

  CREATE TABLE change (                -- the journal: cells that runs have written, or were about to write
    change INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run (run),
    row TEXT NOT NULL,                 -- type:id
    person_id INTEGER,                 -- whose answer led to it
    field TEXT NOT NULL,
    old TEXT,                          -- both null: erased, because the person is protected now
    new TEXT
  );
  CREATE INDEX change_by_run ON change (run);
  CREATE INDEX change_by_row ON change (row);
  CREATE INDEX change_by_person ON change (person_id) WHERE person_id IS NOT NULL;

  CREATE TABLE review (                -- since when each review item has been there
    row TEXT NOT NULL,                 -- type:id
    reason TEXT NOT NULL,
    since TEXT NOT NULL,
    PRIMARY KEY (row, reason)
  ) WITHOUT ROWID;
  `,
  // 2
  `
  ALTER TABLE run ADD COLUMN undoes INTEGER REFERENCES run (run);
  ALTER TABLE run ADD COLUMN holds INTEGER NOT NULL DEFAULT 0; -- 1: an undo, and not of an undo that holds
  CREATE INDEX run_by_undone ON run (undoes) WHERE undoes IS NOT NULL;

  CREATE TABLE act (                   -- the journal: rows and links that runs added, took away or moved
    act INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run (run),
    kind TEXT NOT NULL
      CHECK (kind IN ('row-added', 'row-removed', 'link-added', 'link-removed', 'link-moved')),
    row TEXT,                          -- type:id, of a row
    student TEXT,                      -- ids, of a link
    guardian TEXT,
    from_guardian TEXT,                -- of a link that was moved: the guardian before
    person_id INTEGER,                 -- whose row it is; the guardian whose link it is
    whole TEXT,                        -- JSON; null: not known yet, or erased because the person is protected now
    CHECK ((row IS NULL) = (kind IN ('link-added', 'link-removed', 'link-moved'))),
    CHECK ((student IS NULL) <> (row IS NULL) AND (guardian IS NULL) = (student IS NULL)),
    CHECK ((from_guardian IS NOT NULL) = (kind = 'link-moved'))
  );
  CREATE INDEX act_by_run ON act (run);
  CREATE INDEX act_by_row ON act (row) WHERE row IS NOT NULL;
  CREATE INDEX act_by_person ON act (person_id) WHERE person_id IS NOT NULL;
  CREATE INDEX act_by_student ON act (student, person_id) WHERE student IS NOT NULL;
  CREATE INDEX act_whole_by_guardian ON act (guardian) WHERE guardian IS NOT NULL AND whole IS NOT NULL;

  CREATE TABLE decision (              -- what a person decided about two rows
    decision INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run (run),
    a TEXT NOT NULL,                   -- type:id
    b TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('same', 'different')),
    a_person INTEGER,                  -- whose rows they were at the time, where that was known
    b_person INTEGER
  );
  CREATE INDEX decision_by_run ON decision (run);
  CREATE INDEX decision_by_a ON decision (a);
  CREATE INDEX decision_by_b ON decision (b);
  CREATE INDEX decision_by_a_person ON decision (a_person) WHERE a_person IS NOT NULL;
  CREATE INDEX decision_by_b_person ON decision (b_person) WHERE b_person IS NOT NULL;

  CREATE TABLE secret (                -- ids of new rows are derived from it
    only INTEGER PRIMARY KEY CHECK (only = 1),
    hex TEXT NOT NULL
  );
  -- SQLite seeds randomblob from the operating system.
  INSERT INTO secret (only, hex) VALUES (1, lower(hex(randomblob(32))));

  CREATE INDEX snapshot_protected ON snapshot (person_id)
    WHERE answer ->> 'kind' IN ('protected', 'withheld');

  CREATE TABLE same_person (           -- numbers that answers say are one person's
    told_by INTEGER NOT NULL REFERENCES snapshot (person_id) ON DELETE CASCADE, -- whose answer said so
    former INTEGER NOT NULL,
    successor INTEGER NOT NULL,
    PRIMARY KEY (told_by, former, successor)
  ) WITHOUT ROWID;
  CREATE INDEX same_person_by_former ON same_person (former, successor);
  CREATE INDEX same_person_by_successor ON same_person (successor, former);
  INSERT OR IGNORE INTO same_person (told_by, former, successor)
    SELECT person_id, person_id, CAST(value AS INTEGER)
    FROM snapshot, json_each(answer, '$.successors') WHERE answer ->> 'reason' = 'renumbered'
    UNION ALL
    SELECT person_id, CAST(value AS INTEGER), person_id FROM snapshot, json_each(answer, '$.predecessors');

  -- A guardian who has a number is known by it alone.
  UPDATE snapshot SET answer = json_set(answer, '$.guardianship.current', json((
      SELECT json_group_array(json(iif(value ->> 'id' IS NULL, value, json_remove(value, '$.name', '$.birthDate'))))
      FROM json_each(answer, '$.guardianship.current'))))
    WHERE permissions <> '[]' AND json_type(answer, '$.guardianship.current') = 'array';
  `,
  // 3
  `
  -- One run may write more than once: a nightly run what update plans and then what guardians plans.
  ALTER TABLE run ADD COLUMN writes INTEGER NOT NULL DEFAULT 0;    -- how many it has carried out
  ALTER TABLE change ADD COLUMN write INTEGER NOT NULL DEFAULT 0;  -- how many there had been before this one
  ALTER TABLE act ADD COLUMN write INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE decision ADD COLUMN write INTEGER NOT NULL DEFAULT 0;

  ALTER TABLE ledger ADD COLUMN type TEXT;     -- as what the person was asked about; null: not known
  ALTER TABLE ledger ADD COLUMN price INTEGER; -- what a lookup cost then, in hundredths; null: not known
  DROP TRIGGER ledger_is_completed_once;
  CREATE TRIGGER ledger_is_completed_once BEFORE UPDATE ON ledger
    WHEN OLD.outcome IS NOT NULL OR NEW.outcome IS NULL OR NEW.ended_at IS NULL
      OR NEW.attempt IS NOT OLD.attempt OR NEW.run IS NOT OLD.run OR NEW.person_id IS NOT OLD.person_id
      OR NEW.permissions IS NOT OLD.permissions OR NEW.rows IS NOT OLD.rows
      OR NEW.end_user IS NOT OLD.end_user OR NEW.begun_at IS NOT OLD.begun_at
      OR NEW.type IS NOT OLD.type OR NEW.price IS NOT OLD.price
    BEGIN SELECT RAISE(ABORT, 'a row of the ledger is completed once and never changed'); END;

  -- For retention. People come and go far more seldom than runs: who is absent is written down, not who is there.
  ALTER TABLE snapshot DROP COLUMN last_seen;
  CREATE INDEX snapshot_by_day ON snapshot (fetched_on);
  CREATE TABLE absent (                -- people of whom something is kept and to whom nothing leads any more
    person_id INTEGER PRIMARY KEY,
    since TEXT NOT NULL                -- day of the first run that missed them
  );
  CREATE TABLE outlived (              -- people whose answer went by its age while the journal held names of theirs
    person_id INTEGER PRIMARY KEY
  );
  `,
  // 4
  `
  CREATE TABLE environment (           -- which of SPAR's was asked; an answer settles it
    only INTEGER PRIMARY KEY CHECK (only = 1),
    name TEXT NOT NULL
  );
  `,
  // 5
  `
  -- The run in which the addresses in the answer were given first; 0: before this was kept.
  ALTER TABLE snapshot ADD COLUMN addresses_since INTEGER NOT NULL DEFAULT 0;

  CREATE TABLE marked_row (            -- the numbers that rows have held while the school marked them as protected
    row TEXT NOT NULL,
    person_id INTEGER NOT NULL,
    certain INTEGER NOT NULL,          -- 0: read out of a number with a slip, or of a row that could not be taken
    PRIMARY KEY (row, person_id)
  ) WITHOUT ROWID;
  `,
];

/**
 * Brings an open state file to the newest version, in one transaction, which also proves that it can be
 * written to. Before an older file is touched, a copy of it is laid beside it as `<path>.v<version>-backup`.
 * Throws `state-newer` where the file was written by a newer program.
 */
export function migrate(db: Database, path: string, steps: readonly string[] = MIGRATIONS): void {
  const before = versionOf(db);
  if (before > steps.length) throw stateNewer(path, before, steps.length);
  if (before > 0 && before < steps.length) backUp(db, `${path}.v${before}-backup`);
  const run = db.transaction(() => {
    // Read again: another process may have migrated while this one waited for its turn.
    const version = versionOf(db);
    if (version > steps.length) throw stateNewer(path, version, steps.length);
    for (const step of steps.slice(version)) db.exec(step);
    db.pragma(`user_version = ${steps.length}`);
  });
  run.immediate();
}

/** The version of an open state file; 0 for one that is new. */
export function versionOf(db: Database): number {
  return Number(db.pragma('user_version', { simple: true }));
}

/** Removes the copies that migrations left; for the end of the first run that has finished since. */
export function removeMigrationBackups(path: string): void {
  const folder = dirname(path);
  const prefix = `${basename(path)}.v`;
  for (const name of readdirSync(folder)) {
    if (name.startsWith(prefix) && /^\d+-backup$/.test(name.slice(prefix.length))) rmSync(join(folder, name));
  }
}

/** An older copy of the same name is from a migration that did not come to its end: the file is still the same. */
function backUp(db: Database, target: string): void {
  rmSync(target, { force: true });
  const fd = openSync(target, 'wx', 0o600);
  try {
    chmodSync(target, 0o600);
    db.prepare('VACUUM INTO ?').run(target);
    fsyncSync(fd);
  } catch (error) {
    // Half a copy is of no use, and takes the room that is missing.
    rmSync(target, { force: true });
    throw error;
  } finally {
    closeSync(fd);
  }
}

function stateNewer(path: string, found: number, known: number): SparSyncError {
  return new SparSyncError(
    'state-newer',
    {
      en: `The state file ${path} was written by a newer spar-sync (version ${found} of the file; this program knows ${known}).`,
      sv: `Den lokala databasen ${path} är skriven av ett nyare spar-sync (filens version ${found}; programmet känner till ${known}).`,
    },
    {
      en: `Run the newer program, or put the copy ${basename(path)}.v${known}-backup in its place if there is one.`,
      sv: `Kör det nyare programmet, eller lägg tillbaka kopian ${basename(path)}.v${known}-backup om den finns.`,
    },
  );
}

/** A file with our mark and no version is one whose making was cut off; with tables in it, it is not ours to use. */
export function assertUntouched(db: Database, path: string): void {
  const tables = Number(db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get());
  if (versionOf(db) === 0 && tables > 0) {
    throw stateUnusable(path, {
      en: 'it holds tables of another program.',
      sv: 'den innehåller ett annat programs tabeller.',
    });
  }
}
