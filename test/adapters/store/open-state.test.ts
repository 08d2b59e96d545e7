import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MIGRATIONS, migrate, removeMigrationBackups } from '../../../src/adapters/store/migrations.ts';
import { openState, stateFileIsExposed } from '../../../src/adapters/store/open-state.ts';
import { asStateError } from '../../../src/adapters/store/state-trouble.ts';
import type { State } from '../../../src/app/ports.ts';
import type { Answer } from '../../../src/domain/person.ts';
import type { PersonId } from '../../../src/domain/person-id.ts';
import { SparSyncError } from '../../../src/errors.ts';
import {
  attempt,
  begin,
  carryOut,
  planned,
  remember,
  rowAct,
  wholeRow,
} from '../../contract/state-on-trial.ts';
import { describeStoreContract } from '../../contract/store.contract.ts';

describeStoreContract({
  name: 'sqlite',
  async open() {
    const folder = mkdtempSync(join(tmpdir(), 'spar-sync-state-'));
    const path = join(folder, 'state.db');
    return {
      state: await openState({ path }),
      reopen: () => openState({ path }),
      remove: async () => rmSync(folder, { recursive: true }),
    };
  },
});

const ANNA = '200901112383' as PersonId;
const BO = '200908012388' as PersonId;
const KIM = '201102282389' as PersonId;

const withStreet = (id: PersonId, street: string): Answer => ({
  kind: 'registered',
  id,
  name: { surname: 'Hemlighult' },
  home: { kind: 'swedish', lines: [street] },
  emigrated: false,
  predecessors: [],
});

describe('the state file', () => {
  let folder: string;
  let path: string;
  const open: { close(): unknown }[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'spar-sync-state-'));
    path = join(folder, 'state.db');
  });

  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
    rmSync(folder, { recursive: true });
  });

  async function openHere(readonly = false): Promise<State> {
    const state = await openState({ path, readonly });
    open.push(state);
    return state;
  }

  /** SQLite without the adapter. */
  function raw(sql = ''): Database.Database {
    const db = new Database(path, { timeout: 0 });
    open.push(db);
    db.exec(sql);
    return db;
  }

  /** Read by another process: closing a file here would let go the locks that SQLite holds on it. */
  function bytesOnDisk(): string {
    const files = readdirSync(folder).map((file) => join(folder, file));
    return execFileSync('cat', files, { encoding: 'latin1' });
  }

  describe('is made', () => {
    it.each([0o000, 0o022, 0o277])(
      'for its owner alone, with umask %o, and so are the files beside it',
      async (mask) => {
        const before = process.umask(mask);
        let modes: Record<string, number>;
        try {
          await remember(await openHere(), withStreet(ANNA, 'x'));
          modes = Object.fromEntries(
            readdirSync(folder).map((f) => [f, statSync(join(folder, f)).mode & 0o777]),
          );
        } finally {
          process.umask(before);
        }
        expect(modes).toEqual({ 'state.db': 0o600, 'state.db-shm': 0o600, 'state.db-wal': 0o600 });
        expect(stateFileIsExposed(path)).toBe(false);
      },
    );

    it('from an empty file, which is closed to others', async () => {
      writeFileSync(path, '', { mode: 0o644 });
      await openHere();
      expect(statSync(path).mode & 0o777).toBe(0o600);
    });

    it('with the settings that its promises rest on', async () => {
      await (await openHere()).close();
      const db = raw();
      expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
      expect(db.pragma('user_version', { simple: true })).toBe(MIGRATIONS.length);
      expect(db.pragma('application_id', { simple: true })).toBe(0x53504152);
    });

    it('is said to be exposed when others may read it', async () => {
      expect(stateFileIsExposed(path)).toBe(false);
      await openHere();
      chmodSync(path, 0o640);
      expect(stateFileIsExposed(path)).toBe(true);
    });

    it('is made again where its making was cut off after the mark', async () => {
      raw(`PRAGMA application_id = ${0x53504152}`).close();
      expect(await (await openHere()).snapshots.summary()).toEqual({ count: 0 });
    });
  });

  describe('is refused', () => {
    const foreign = (sql: string) => () => raw(sql).close();
    it.each<[string, string, () => void]>([
      ['a folder', 'state-unusable', () => mkdirSync(path)],
      ['text', 'state-unusable', () => writeFileSync(path, 'id;name\n'.repeat(100))],
      ['a few bytes', 'state-unusable', () => writeFileSync(path, 'x')],
      ['another program’s database', 'state-unusable', foreign('CREATE TABLE people (id)')],
      [
        'another program’s database in WAL mode',
        'state-unusable',
        foreign('PRAGMA journal_mode = wal; CREATE TABLE people (id)'),
      ],
      ['an empty database without our mark', 'state-unusable', foreign('PRAGMA user_version = 0; VACUUM')],
      [
        'our mark on other tables',
        'state-unusable',
        foreign(`PRAGMA application_id = ${0x53504152}; CREATE TABLE people (id)`),
      ],
    ])('when it is %s, and is left as it was', async (_, code, make) => {
      make();
      const before = statSync(path).isFile() ? readFileSync(path) : Buffer.alloc(0);
      for (const readonly of [false, true]) {
        const error = await failure(openState({ path, readonly }));
        expect([error.code, error.text.en.includes(path), typeof error.hint?.sv]).toEqual([
          code,
          true,
          'string',
        ]);
      }
      const after = statSync(path).isFile() ? readFileSync(path) : Buffer.alloc(0);
      expect(after.equals(before)).toBe(true);
      expect(readdirSync(folder)).toEqual(['state.db']);
    });

    it('while another program still has a foreign database open', async () => {
      const db = raw('PRAGMA journal_mode = wal; CREATE TABLE people (id)');
      expect((await failure(openState({ path }))).code).toBe('state-unusable');
      db.exec('INSERT INTO people VALUES (1)');
      expect(db.prepare('SELECT count(*) FROM people').pluck().get()).toBe(1);
    });

    it('when its folder is missing', async () => {
      const error = await failure(openState({ path: join(folder, 'no', 'state.db') }));
      expect([error.code, error.hint?.en]).toEqual([
        'state-unusable',
        expect.stringContaining('Make the folder'),
      ]);
    });

    it('when it was written by a newer program', async () => {
      await (await openHere()).close();
      raw(`PRAGMA user_version = ${MIGRATIONS.length + 1}`).close();
      for (const readonly of [false, true]) {
        expect((await failure(openState({ path, readonly }))).code).toBe('state-newer');
      }
    });

    it('when it is cut short or overwritten in the middle', async () => {
      const state = await openHere();
      for (let i = 0; i < 50; i++) await remember(state, withStreet(ANNA, 'x'.repeat(500 + i)));
      await state.close();
      const whole = readFileSync(path);
      truncateSync(path, 8192);
      expect((await failure(openState({ path }))).code).toBe('state-unusable');
      writeFileSync(path, whole.fill(0xff, 4096));
      expect((await failure(readEverything())).code).toBe('state-unusable');
    });

    async function readEverything(): Promise<void> {
      const state = await openHere();
      await state.snapshots.getMany([ANNA]);
      await begin(state);
    }

    it.each([
      ['a link to nothing', () => symlinkSync('nowhere', path), false],
      ['a link to itself', () => symlinkSync('state.db', path), true],
      [
        'of too long a name',
        () => {
          path = join(folder, 'x'.repeat(300));
        },
        true,
      ],
    ])('when it is %s', async (_, make, readonlyToo) => {
      make();
      expect((await failure(openState({ path }))).code).toBe('state-unusable');
      if (readonlyToo)
        expect((await failure(openState({ path, readonly: true }))).code).toBe('state-unusable');
    });

    it.each(['SQLITE_FULL', 'SQLITE_IOERR_WRITE', 'SQLITE_IOERR_SHMSIZE', 'SQLITE_IOERR_FSYNC'])(
      'with a word about room on the disk for %s, which a full one can be',
      (code) => {
        const explained = asStateError(path, new Database.SqliteError('', code));
        expect(explained).toMatchObject({
          code: 'state-unusable',
          hint: { en: expect.stringContaining('room') },
        });
      },
    );

    it('without such a word where only reading failed', () => {
      const explained = asStateError(path, new Database.SqliteError('', 'SQLITE_IOERR_READ'));
      expect(explained).toMatchObject({ hint: { en: expect.stringContaining('backup') } });
    });

    it.skipIf(process.getuid?.() === 0)('when it cannot be read or written (skipped for root)', async () => {
      await (await openHere()).close();
      chmodSync(path, 0o400);
      expect((await failure(openState({ path }))).code).toBe('state-unusable');
      chmodSync(path, 0o000);
      expect((await failure(openState({ path }))).code).toBe('state-unusable');
      expect((await failure(openState({ path, readonly: true }))).code).toBe('state-unusable');
    });
  });

  describe('beside other connections', () => {
    it('a reader sees each commit of a writer, and cannot write', async () => {
      const writer = await openHere();
      const reader = await openHere(true);
      expect(await reader.snapshots.getMany([ANNA])).toEqual([undefined]);
      await remember(writer, withStreet(ANNA, 'Gatan'));
      expect((await reader.snapshots.getMany([ANNA]))[0]?.answer.id).toBe(ANNA);
      expect((await failure(begin(reader))).code).toBe('state-unusable');
    });

    it('a reader of nothing sees an empty state and makes no file', async () => {
      const reader = await openHere(true);
      expect(await reader.snapshots.summary()).toEqual({ count: 0 });
      await expect(begin(reader)).rejects.toThrow();
      expect(existsSync(path)).toBe(false);
    });

    it('a reader has the secret of the file; where there is no file, one of its own', async () => {
      const ofNothing = await openHere(true);
      const writer = await openHere();
      const reader = await openHere(true);
      const kept = await writer.secret();
      expect(kept).toMatch(/^[0-9a-f]{64}$/);
      expect(await reader.secret()).toBe(kept);
      const other = await ofNothing.secret();
      expect(other).toMatch(/^[0-9a-f]{64}$/);
      expect(other).not.toBe(kept);
      expect(await ofNothing.secret()).toBe(other);
    });

    it('two writers that ask for the secret at once are given the same', async () => {
      const [one, other] = [await openHere(), await openHere()];
      const [first, second] = await Promise.all([one.secret(), other.secret()]);
      expect(second).toBe(first);
    });

    it('what is requested in one turn is one commit, and is resolved after it', async () => {
      const state = await openHere();
      const run = await begin(state);
      const watcher = raw();
      const version = () => Number(watcher.pragma('data_version', { simple: true }));
      const count = watcher.prepare('SELECT count(*) FROM ledger').pluck();
      version();
      const seen = await Promise.all(
        [ANNA, BO, ANNA].map(async (id) => {
          await attempt(state, run, id);
          return [version(), count.get()];
        }),
      );
      expect(new Set(seen.map(String)).size).toBe(1);
      expect(seen[0]?.[1]).toBe(3);
    });

    it('says who is in the way when another program keeps writing, and goes on afterwards', async () => {
      const state = await openHere();
      const other = raw('BEGIN IMMEDIATE');
      const patient = new Database(path, { timeout: 0 });
      open.push(patient);
      expect(() => patient.exec('BEGIN IMMEDIATE')).toThrow(/locked/);
      other.exec('ROLLBACK');
      expect(await begin(state)).toBe(1);
    });
  });

  describe('the ledger', () => {
    it.each([
      ['DELETE FROM ledger', /never deleted/],
      ["UPDATE ledger SET outcome = 'refused', ended_at = 'x' WHERE attempt = 1", /completed once/],
      ['UPDATE ledger SET person_id = 1 WHERE attempt = 2', /completed once/],
      [
        "UPDATE ledger SET outcome = 'answered', ended_at = 'x', end_user = 'y' WHERE attempt = 2",
        /completed once/,
      ],
      ['UPDATE ledger SET ended_at = NULL WHERE attempt = 1', /completed once/],
      [
        'INSERT OR REPLACE INTO ledger SELECT 1, run, person_id, permissions, rows, end_user, begun_at, NULL, NULL, NULL, NULL, type, price FROM ledger WHERE attempt = 1',
        /never replaced/,
      ],
    ])('cannot be changed by hand: %s', async (sql, message) => {
      const state = await openHere();
      const run = await remember(state, withStreet(ANNA, 'x'));
      await attempt(state, run, BO);
      const db = raw();
      const before = db.prepare('SELECT * FROM ledger').all();
      expect(() => db.exec(sql)).toThrow(message);
      expect(db.prepare('SELECT * FROM ledger').all()).toEqual(before);
    });

    it('holds what the audit will show', async () => {
      await remember(await openHere(), withStreet(ANNA, 'x'), { permissions: ['relations'] });
      expect(raw().prepare('SELECT * FROM ledger').get()).toEqual({
        attempt: 1,
        run: 1,
        person_id: Number(ANNA),
        type: 'student',
        price: 40,
        permissions: '[]',
        rows: '["student:1"]',
        end_user: 'anna@skola.example',
        begun_at: '2026-11-23T10:00:00.000Z',
        ended_at: '2026-11-23T10:00:00.000Z',
        outcome: 'answered',
        answer_kind: 'registered',
        reference: 'a-reference',
      });
    });
  });

  describe('erasing', () => {
    const SECRET = 'Hemlighult';

    it.each<[string, (state: State) => Promise<unknown>]>([
      ['withhold', (state) => state.snapshots.withhold([ANNA])],
      [
        'a protected answer',
        (state) => remember(state, { kind: 'protected', id: ANNA, mark: 'sekretessmarkering' }),
      ],
    ])('%s leaves no trace in any file while the state stays open', async (_, erase) => {
      const state = await openHere();
      const run = await remember(state, withStreet(ANNA, 'Gatan 1'));
      const change = {
        key: { type: 'student', id: '1' },
        field: 'last_name',
        from: 'Ek',
        to: SECRET,
        person: ANNA,
      } as const;
      const acts = [rowAct('row-removed', '7', { person: ANNA, whole: wholeRow(SECRET) })];
      await state.journal.planned(run, planned({ changes: [change], acts }));
      await state.journal.applied(run, { rows: [], links: [] }, []);
      expect(bytesOnDisk()).toContain(SECRET);
      await erase(state);
      expect(bytesOnDisk()).not.toContain(SECRET);
    });

    it('of a row leaves no trace of it whole, nor of what was merged with it', async () => {
      const state = await openHere();
      const [kept, gone] = ['7', '9'].map((id) => ({ type: 'guardian', id }) as const);
      if (kept === undefined || gone === undefined) throw new Error('two rows');
      await carryOut(state, {
        acts: [rowAct('row-removed', '9', { whole: wholeRow(SECRET) })],
        decisions: [{ a: gone, b: kept, verdict: 'same' }],
      });
      expect(bytesOnDisk()).toContain(SECRET);
      await state.journal.eraseValues([kept]);
      expect(bytesOnDisk()).not.toContain(SECRET);
    });

    it('what was kept under an earlier number goes without a trace, even if it was replaced before', async () => {
      const state = await openHere();
      await remember(state, withStreet(BO, 'Gatan 1'));
      expect(bytesOnDisk()).toContain(SECRET);
      await remember(state, { kind: 'deregistered', id: BO, reason: 'renumbered', successors: [ANNA] });
      await remember(state, { kind: 'protected', id: ANNA, mark: 'sekretessmarkering' });
      expect(bytesOnDisk()).not.toContain(SECRET);
    });

    it('relations go without a trace', async () => {
      const state = await openHere();
      const answer = {
        ...withStreet(ANNA, 'x'),
        guardianship: { current: [{ name: { surname: 'Vårdnadsson' }, deceased: false }], ended: [] },
      };
      await remember(state, answer as Answer, { permissions: ['relations'] });
      const trace = Buffer.from('Vårdnadsson').toString('latin1');
      expect(bytesOnDisk()).toContain(trace);
      await state.snapshots.eraseRelations([ANNA]);
      expect(bytesOnDisk()).not.toContain(trace);
    });

    it.each(['the next erasing', 'the next start'])(
      'what a reader holds on to goes with %s',
      async (when) => {
        const state = await openHere();
        await remember(state, withStreet(ANNA, 'Gatan 1'));
        const reader = raw('BEGIN; SELECT * FROM snapshot');
        await state.snapshots.withhold([ANNA]);
        expect(bytesOnDisk()).toContain(SECRET);
        reader.exec('ROLLBACK');
        if (when === 'the next start') await openHere();
        else await state.snapshots.withhold([BO]);
        expect(bytesOnDisk()).not.toContain(SECRET);
      },
    );
  });

  it('erasing takes the copy from before an upgrade too: it holds the same', async () => {
    const state = await openHere();
    await remember(state, withStreet(ANNA, 'Gatan 1'));
    const copy = `${path}.v2-backup`;
    writeFileSync(copy, 'Hemlighult');
    const nothing = { answers: [], hidden: [], journal: [], journalRows: [] };
    await state.retention.erase({ ...nothing, answers: [ANNA] }, { trial: true });
    await state.snapshots.withhold([BO]);
    expect(existsSync(copy)).toBe(true);
    await state.snapshots.withhold([ANNA]);
    expect(existsSync(copy)).toBe(false);
  });

  describe('migrations', () => {
    const LATER = [...MIGRATIONS, "CREATE TABLE later (x); INSERT INTO later VALUES ('new')"];

    it('make a copy of the older file first, for its owner alone, then change everything at once', async () => {
      const state = await openHere();
      await remember(state, withStreet(ANNA, 'Gatan 1'));
      await state.close();
      const db = raw();
      migrate(db, path, LATER);
      expect(db.pragma('user_version', { simple: true })).toBe(MIGRATIONS.length + 1);
      expect(db.prepare('SELECT x FROM later').pluck().get()).toBe('new');

      const copy = `${path}.v${MIGRATIONS.length}-backup`;
      expect(statSync(copy).mode & 0o777).toBe(0o600);
      const older = await openState({ path: copy });
      open.push(older);
      expect((await older.snapshots.getMany([ANNA]))[0]?.answer).toEqual(withStreet(ANNA, 'Gatan 1'));

      writeFileSync(`${copy}.txt`, 'mine');
      removeMigrationBackups(path);
      expect(existsSync(copy)).toBe(false);
      expect(existsSync(`${copy}.txt`)).toBe(true);
    });

    it('leave the file as it was when a step fails, and take the place of an unfinished copy', async () => {
      await (await openHere()).close();
      const copy = `${path}.v${MIGRATIONS.length}-backup`;
      writeFileSync(copy, 'half a copy');
      const db = raw();
      expect(() => migrate(db, path, [...LATER, 'CREATE TABLE snapshot (x)'])).toThrow(/already exists/);
      expect(db.pragma('user_version', { simple: true })).toBe(MIGRATIONS.length);
      expect(() => db.prepare('SELECT * FROM later')).toThrow(/no such table/);
      expect(readFileSync(copy).toString('latin1', 0, 15)).toBe('SQLite format 3');
    });

    /** A file as version 1 of the state left it, with something in every table. */
    function leaveVersionOne(): void {
      const db = raw(`PRAGMA application_id = ${0x53504152}; PRAGMA journal_mode = wal`);
      migrate(db, path, MIGRATIONS.slice(0, 1));
      const renumbered = { kind: 'deregistered', id: BO, reason: 'renumbered', successors: [ANNA] };
      const child = {
        ...withStreet(KIM, 'Gatan 1'),
        guardianship: {
          current: [
            { id: BO, name: { surname: 'Ek' }, birthDate: '2009-08-01', deceased: false },
            { name: { surname: 'Ask' }, birthDate: '1981', deceased: false },
          ],
          ended: [ANNA],
        },
        predecessors: [BO],
      };
      db.exec(`
        INSERT INTO snapshot VALUES
          (${ANNA}, '2026-11-20', '["relations"]', '["student:1@a.b.c"]', '2026-11-23',
            '${JSON.stringify(withStreet(ANNA, 'Gatan 1'))}'),
          (${BO}, '2026-11-21', '[]', '[]', '2026-11-23', '${JSON.stringify(renumbered)}'),
          (${KIM}, '2026-11-21', '["relations"]', '[]', '2026-11-23', '${JSON.stringify(child)}');
        INSERT INTO run VALUES
          (1, 'update', '2026-11-20', '2026-11-20T10:00:00.000Z', 'anna@skola.example', 0, 'applied', '[]', '[]', 'done'),
          (2, 'update', '2026-11-21', '2026-11-21T10:00:00.000Z', 'anna@skola.example', 1, 'started', '[]', '[]', NULL),
          (5, 'update', '2026-11-22', '2026-11-22T10:00:00.000Z', 'anna@skola.example', 0, 'planned',
            '[{"path":"/r/people.csv","before":"aa","after":"bb"}]',
            '[{"key":{"type":"student","id":"2"},"person":"${BO}","mark":"student:2@a.b.c"}]', NULL);
        INSERT INTO ledger (run, person_id, permissions, rows, end_user, begun_at) VALUES
          (1, ${ANNA}, '[]', '["student:1"]', 'anna@skola.example', '2026-11-20T10:00:00.000Z'),
          (1, ${BO}, '[]', '["student:2"]', 'anna@skola.example', '2026-11-20T10:00:01.000Z');
        UPDATE ledger SET ended_at = '2026-11-20T10:00:02.000Z', outcome = 'answered', answer_kind = 'registered',
          reference = 'a-reference' WHERE attempt = 1;
        INSERT INTO change (run, row, person_id, field, old, new) VALUES
          (1, 'student:1', ${ANNA}, 'street', 'Gamla', 'Gatan 1'),
          (1, 'student:1', ${ANNA}, 'city', NULL, NULL),
          (5, 'student:2', NULL, 'street', 'a', 'b');
        INSERT INTO review VALUES ('student:2', 'renumbered', '2026-11-21');
      `);
      db.close();
    }

    const SINCE_VERSION_ONE = ['snapshot', 'run', 'ledger', 'change', 'review'];

    function tables(db: Database.Database): unknown[] {
      return SINCE_VERSION_ONE.map((table) => db.prepare(`SELECT * FROM ${table}`).all());
    }

    it('bring a file of version 1 up to date with everything in it, and leave a copy', async () => {
      leaveVersionOne();
      const before = raw();
      const rows = tables(before);
      before.close();
      const state = await openHere();
      const street = { field: 'street', from: 'Gamla', to: 'Gatan 1', person: ANNA } as const;
      const [one, two] = ['1', '2'].map((id) => ({ type: 'student', id }) as const);
      if (one === undefined || two === undefined) throw new Error('two rows');

      expect(await state.snapshots.getMany([ANNA])).toEqual([
        {
          answer: withStreet(ANNA, 'Gatan 1'),
          fetchedOn: '2026-11-20',
          permissions: ['relations'],
          comparedRows: ['student:1@a.b.c'],
          addressesSince: 0,
        },
      ]);
      expect(await state.snapshots.renumbered()).toEqual([{ former: BO, successors: [ANNA, KIM] }]);
      // Of a guardian who has a number no name is kept.
      expect((await state.snapshots.getMany([KIM]))[0]?.answer).toEqual({
        ...withStreet(KIM, 'Gatan 1'),
        guardianship: {
          current: [
            { id: BO, deceased: false },
            { name: { surname: 'Ask' }, birthDate: '1981', deceased: false },
          ],
          ended: [ANNA],
        },
        predecessors: [BO],
      });
      expect(await state.ledger.spentIn('2026-11', 40)).toBe(80);
      const asked = await state.ledger.attempts({}, { limit: 9 });
      expect(asked.map(({ id, type, rows, outcome }) => [id, type, rows, outcome])).toEqual([
        [BO, 'student', [two], undefined],
        [ANNA, 'student', [one], 'answered'],
      ]);
      expect((await state.ledger.attemptCounts()).map(({ type, price }) => [type, price])).toEqual([
        ['student', undefined],
        ['student', undefined],
      ]);
      expect(await state.ledger.peopleAskedOn(two)).toEqual([BO]);
      expect(await state.reviews.sinceOf([{ key: two, reason: 'renumbered' }])).toEqual(['2026-11-21']);
      expect(await state.journal.lastChanges([one])).toEqual(
        new Map([['student:1', [{ key: one, ...street, held: [] }]]]),
      );
      expect(await state.journal.unfinished()).toEqual([
        {
          run: 5,
          command: 'update',
          changes: [{ key: two, field: 'street', from: 'a', to: 'b' }],
          acts: [],
          files: [{ path: '/r/people.csv', before: 'aa', after: 'bb' }],
          compared: [{ key: two, person: BO, mark: 'student:2@a.b.c' }],
          decisions: [],
        },
      ]);
      const acts = { 'row-added': 0, 'row-removed': 0, 'link-added': 0, 'link-removed': 0, 'link-moved': 0 };
      const run = { command: 'update', endUser: 'anna@skola.example', acts, decisions: 0, undoneBy: [] };
      const at = (day: string) => ({ ...run, asOf: day, at: `${day}T10:00:00.000Z` });
      expect(await state.journal.runs()).toEqual([
        { ...at('2026-11-22'), run: 5, dryRun: false, phase: 'planned', changes: 1, changedRows: 1 },
        { ...at('2026-11-21'), run: 2, dryRun: true, phase: 'started', changes: 0, changedRows: 0 },
        {
          ...at('2026-11-20'),
          run: 1,
          dryRun: false,
          phase: 'applied',
          exit: 'done',
          changes: 2,
          changedRows: 1,
        },
      ]);
      // An old run can be undone, and the next number follows the highest that there ever was.
      expect(await carryOut(state, {}, { undoes: 1 })).toBe(6);

      const copy = new Database(`${path}.v1-backup`);
      open.push(copy);
      expect(copy.pragma('user_version', { simple: true })).toBe(1);
      expect(tables(copy)).toEqual(rows);
    });

    it('bring a file of version 1 up to date for a command that only looks, too', async () => {
      leaveVersionOne();
      expect(await (await openHere(true)).journal.runs()).toHaveLength(3);
      expect(existsSync(`${path}.v1-backup`)).toBe(true);
    });

    it('bring a file of version 2 up to date, in which a guardian without a row was asked about on the child’s', async () => {
      const db = raw(`PRAGMA application_id = ${0x53504152}; PRAGMA journal_mode = wal`);
      migrate(db, path, MIGRATIONS.slice(0, 2));
      db.exec(`
        INSERT INTO run (run, command, as_of, started_at, end_user, dry_run) VALUES
          (1, 'guardians', '2026-11-20', '2026-11-20T10:00:00.000Z', 'anna@skola.example', 0);
        INSERT INTO ledger (run, person_id, permissions, rows, end_user, begun_at) VALUES
          (1, ${KIM}, '["relations"]', '["student:1"]', 'anna@skola.example', '2026-11-20T10:00:00.000Z'),
          (1, ${BO}, '[]', '["student:1"]', 'anna@skola.example', '2026-11-20T10:00:01.000Z');
      `);
      db.close();
      const { ledger } = await openHere(true);
      const asked = await ledger.attempts({}, { limit: 9 });
      expect(asked.map(({ id, type }) => [id, type])).toEqual([
        [BO, 'guardian'],
        [KIM, 'student'],
      ]);
      expect(await ledger.peopleAskedOn({ type: 'student', id: '1' })).toEqual([KIM]);
    });

    it('do nothing to a file that is new enough, and make no copy', async () => {
      await (await openHere()).close();
      await (await openHere()).close();
      expect(readdirSync(folder)).toEqual(['state.db']);
    });
  });
});

async function failure(work: Promise<unknown>): Promise<SparSyncError> {
  const error = await work.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof SparSyncError)) throw error;
  return error;
}
