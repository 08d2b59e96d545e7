import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Sqlite from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildProgram } from '../support/built-program.ts';
import { type FaultSchool, type FaultSpar, openFaultSpar, PEOPLE } from '../support/fault-school.ts';
import { recordRuns } from '../support/recorded-runs.ts';
import { readOnly, type Step, watchSteps } from '../support/step-faults.ts';

const UPDATE = ['update', '--json'];
const TELL_LOCK = fileURLToPath(new URL('../support/tell-lock.mjs', import.meta.url));
const TIMEOUT = 60_000;
const runs = recordRuns();
let spar: FaultSpar;
let final: readonly string[];

beforeAll(async () => {
  await buildProgram();
  spar = await openFaultSpar();
  const school = spar.createSchool('csv');
  const { exit, stdout } = await runs.here(UPDATE, school);
  expect(exit, stdout).toBe(0);
  final = school.roster();
  school.remove();
}, TIMEOUT);
afterAll(() => spar.close());

/** What another program makes of the file of students. */
type Meddle = (text: string) => string | 'deleted';

const editedCell: Meddle = (text) => text.replace('Torggatan 3', 'Nygatan 9');
const editedOther: Meddle = (text) => text.replace('Bergström', 'Bergman');
const addedRow: Meddle = (text) => `${text}1011,20131202-2385,Alma,Wallin,,,,\n`;
const removedRow: Meddle = (text) => text.replace(/1001,.*\n/, '');
const emptied: Meddle = () => '';
const deleted: Meddle = () => 'deleted';

/** Somebody who has come while SPAR was asked is asked about too. */
const askedToo = (text: string) =>
  addedRow(text).replace('Wallin,,,,', 'Wallin,Hagalundsvägen 30,745 39,Enköping,');

interface Meddled {
  readonly exit: number;
  readonly code?: string;
  /** Rows left alone. */
  readonly changed?: readonly string[];
  /** What is to be in the file afterwards, of what is in it after an undisturbed run. */
  readonly students: (final: string, meddled: string) => string;
}

describe('a roster that another program replaces', () => {
  it.each<[what: string, when: Step['name'] | 'asking', meddle: Meddle, expected: Meddled]>([
    ['a cell is edited', 'make', editedCell, { exit: 3, changed: ['1001'], students: withRow('1001') }],
    ['a cell is edited', 'sync', editedCell, { exit: 3, changed: ['1001'], students: withRow('1001') }],
    [
      'another cell is edited',
      'sync',
      editedOther,
      { exit: 3, changed: ['1002'], students: withRow('1002') },
    ],
    ['a row is added', 'sync', addedRow, { exit: 0, students: (text) => addedRow(text) }],
    ['a row is removed', 'sync', removedRow, { exit: 0, students: (text) => removedRow(text) }],
    ['it is emptied', 'sync', emptied, { exit: 5, code: 'roster-unreadable', students: () => '' }],
    ['it is deleted', 'sync', deleted, { exit: 5, code: 'roster-unreadable', students: () => 'deleted' }],
    ['it is deleted', 'make', deleted, { exit: 5, code: 'roster-unreadable', students: () => 'deleted' }],
    ['a row is added', 'asking', addedRow, { exit: 0, students: askedToo }],
    ['a row is removed', 'asking', removedRow, { exit: 0, students: (text) => removedRow(text) }],
    ['it is emptied', 'asking', emptied, { exit: 5, code: 'roster-unreadable', students: () => '' }],
    ['it is deleted', 'asking', deleted, { exit: 5, code: 'roster-unreadable', students: () => 'deleted' }],
  ])('where %s before %s', async (_, when, meddle, expected) => {
    const school = spar.createSchool('csv');
    try {
      const [before = '', guardians] = school.roster();
      let isDone = false;
      const meddleOnce = () => {
        if (!isDone) replace(school, meddle(before));
        isDone = true;
      };
      if (when === 'asking') spar.behave(school, () => void meddleOnce());
      const stop = watchSteps(school.dir, ({ name, path }) => {
        if (name === when && /students\.csv(?!.*probe)/.test(path)) meddleOnce();
      });
      const { exit, json, stdout, stderr } = await runs.here(UPDATE, school);
      stop();

      expect(isDone).toBe(true);
      expect([exit, json.error?.code], stdout + stderr).toEqual([expected.exit, expected.code]);
      // However often SPAR is asked in a run.
      expect(stderr.match(/The certificate expires/g)).toHaveLength(1);
      const isThere = existsSync(school.path('students.csv'));
      const students = isThere ? readFileSync(school.path('students.csv'), 'utf8') : 'deleted';
      expect(students).toBe(expected.students(final[0] ?? '', meddle(before)));
      const review = (json['review'] ?? []) as { readonly id: string; readonly reason: string }[];
      const changed = review.filter(({ reason }) => reason === 'roster-changed').map(({ id }) => id);
      expect(changed).toEqual(expected.changed ?? []);
      if (exit === 5) {
        expect(readFileSync(school.path('guardians.csv'), 'utf8')).toBe(guardians);
        expect(json.error?.message).toContain('students.csv');
        expect(json.error?.hint).not.toBe('');
      }
      expect(school.files().filter((name) => name.endsWith('.tmp'))).toEqual([]);

      // The file is put right, and nothing is paid for twice.
      writeFileSync(school.path('students.csv'), before);
      const asked = spar.askedBy(school).length;
      const again = await runs.here(UPDATE, school);
      expect(again.exit, again.stdout).toBe(0);
      expect(spar.askedBy(school).slice(asked)).toEqual([]);
      expect(school.roster()).toEqual(final);
      expect(school.state().unsettled).toBe(0);
      expect((await runs.here(['history', '--json'], school)).exit).toBe(0);
    } finally {
      school.remove();
    }
  });

  it('again and again, is not written, and that is said', async () => {
    const school = spar.createSchool('csv');
    try {
      let edits = 0;
      const stop = watchSteps(school.dir, ({ name, path }) => {
        if (name !== 'sync' || !path.includes('.students.csv')) return;
        edits += 1;
        const text = readFileSync(school.path('students.csv'), 'utf8');
        replace(school, `${text.replace(/90\d\d,.*\n/, '')}${9000 + edits},,Ny,Elev,,,,\n`);
      });
      const { exit, json } = await runs.here(UPDATE, school);
      stop();
      expect([exit, json.error?.code, edits]).toEqual([5, 'roster-unwritable', 3]);
      expect(json.error?.hint).toContain('Another program is writing to it');
      expect(readFileSync(school.path('students.csv'), 'utf8')).toContain('Torggatan 3');
    } finally {
      school.remove();
    }
  });
});

/** The undisturbed result with one row as somebody else has written it. */
function withRow(id: string): Meddled['students'] {
  const row = new RegExp(`^${id},.*$`, 'm');
  return (text, meddled) => text.replace(row, row.exec(meddled)?.[0] ?? '');
}

/** As programs save: a new file in the place of the old one. */
function replace(school: FaultSchool, text: string): void {
  const path = school.path('students.csv');
  if (text === 'deleted') {
    rmSync(path);
    return;
  }
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

describe.concurrent('a database of the roster that another program holds', () => {
  it(
    'for a while, is waited for',
    async () => {
      const { school, ended, locker } = await updateUnderLock('IMMEDIATE', async (free) => free());
      try {
        expect([ended.exit, ended.json.error], ended.stderr).toEqual([0, undefined]);
        expect(school.roster()[0]).toContain('Björkvägen 12 LGH 1102');
      } finally {
        locker.close();
        school.remove();
      }
    },
    TIMEOUT,
  );

  it.each([
    ['writing', 'IMMEDIATE', 'roster-unwritable'],
    ['reading too', 'EXCLUSIVE', 'roster-unreadable'],
  ] as const)(
    'for good, from %s, is left as it is, and the next run finishes without paying twice',
    async (_, lock, code) => {
      const { school, ended, locker } = await updateUnderLock(lock, async () => {});
      try {
        locker.exec('ROLLBACK');
        expect([ended.exit, ended.json.error?.code], ended.stderr).toEqual([5, code]);
        expect(ended.json.error?.message).toContain('another program holds it locked');
        expect(ended.json.error?.hint).toContain('close it');
        expect(school.roster()[0]).toContain('Torggatan 3');
        expect(school.state().answered).toHaveLength(PEOPLE.length);

        const asked = spar.askedBy(school).length;
        const again = await runs.here(UPDATE, school);
        expect(again.exit, again.stdout).toBe(0);
        expect(spar.askedBy(school)).toHaveLength(asked);
        expect(school.roster()[0]).toContain('Björkvägen 12 LGH 1102');
        expect(school.state().unsettled).toBe(0);
      } finally {
        locker.close();
        school.remove();
      }
    },
    TIMEOUT,
  );
});

/**
 * An update in a process of its own, during whose first question somebody locks the roster. `onWait` is called when
 * it is about to ask for the right to write.
 */
async function updateUnderLock(lock: string, onWait: (free: () => void) => Promise<void>) {
  const school = spar.createSchool('sqlite');
  const locker = new Sqlite(school.path('roster.db'));
  const waiting = school.path('waiting');
  let watcher: ReturnType<typeof watch> | undefined;
  spar.behave(school, (n) => {
    if (n !== 1) return undefined;
    locker.exec(`BEGIN ${lock}`);
    // Made before anything was paid for, to prove that the roster can be written to.
    rmSync(waiting);
    watcher = watch(school.dir, (_, name) => {
      if (name === 'waiting' && existsSync(waiting)) void onWait(() => locker.exec('ROLLBACK'));
    });
    return undefined;
  });
  const env = { LOCKING_FILE: waiting };
  const ended = await runs.program(UPDATE, { cwd: school.dir, env, node: ['--import', TELL_LOCK] });
  watcher?.close();
  return { school, ended, locker };
}

describe('a folder that cannot be written to', () => {
  const NOBODY = 65534;
  const isRoot = process.getuid?.() === 0;

  /** Real modes, and where an administrator runs the tests, whom no mode stops, an account that they stop. */
  async function asOrdinary<T>(school: FaultSchool, work: () => Promise<T>): Promise<T> {
    mkdirSync(school.path('lokal'));
    for (const name of readdirSync(school.dir)) if (isRoot) chownSync(school.path(name), NOBODY, NOBODY);
    chmodSync(school.dir, 0o555);
    if (isRoot) process.seteuid?.(NOBODY);
    try {
      return await work();
    } finally {
      if (isRoot) process.seteuid?.(0);
      chmodSync(school.dir, 0o755);
    }
  }

  it.skipIf(process.platform === 'win32').each([
    ["the roster's", 'lokal/spar-sync.db', [], [5, 'roster-unwritable']],
    ["the state's", 'spar-sync.db', [], [20, 'state-unusable']],
    ["the report's", 'lokal/spar-sync.db', ['--report', 'rapport'], [2, 'usage']],
    ["the plan's", 'lokal/spar-sync.db', ['--plan', 'plan.json'], [2, 'usage']],
  ])('is found out before anything is paid for: %s', async (_, state, args, expected) => {
    const school = spar.createSchool('csv', { more: { state } });
    try {
      const before = school.roster();
      const { exit, json } = await asOrdinary(school, () => runs.here([...UPDATE, ...args], school));
      expect([exit, json.error?.code], json.error?.message).toEqual(expected);
      expect(json.error?.hint).toMatch(/account that runs spar-sync|that you may write to/);
      expect(spar.askedBy(school)).toEqual([]);
      expect(school.roster()).toEqual(before);
      expect(school.files().filter((name) => /tmp|probe|rapport|plan/.test(name))).toEqual([]);
      const after = await runs.here([...UPDATE, ...args], school);
      expect(after.exit, after.stdout).toBe(0);
    } finally {
      school.remove();
    }
  });

  it.each(['EROFS', 'EACCES'] as const)(
    'from the first question on, leaves the roster whole, and the next run pays nothing (%s)',
    async (code) => {
      const school = spar.createSchool('csv');
      try {
        const before = school.roster();
        const isRoster = readOnly(code, (path) => /(students|guardians)\.csv/.test(path));
        const stop = watchSteps(school.dir, (step) => {
          if (spar.askedBy(school).length > 0) isRoster(step);
        });
        const { exit, json } = await runs.here(UPDATE, school);
        stop();
        expect([exit, json.error?.code], json.error?.message).toEqual([5, 'roster-unwritable']);
        expect(json.error?.message).toContain(code);
        expect(json.error?.hint).toContain('account that runs spar-sync');
        expect(school.roster()).toEqual(before);
        const again = await runs.here(UPDATE, school);
        expect(again.exit, again.stdout).toBe(0);
        expect(spar.askedBy(school)).toHaveLength(PEOPLE.length);
        expect(school.roster()).toEqual(final);
      } finally {
        school.remove();
      }
    },
  );

  it('is no matter to those who only look', async () => {
    const school = spar.createSchool('csv', { more: { state: 'lokal/spar-sync.db' } });
    try {
      const looks = await asOrdinary(school, async () => {
        const ended = [];
        for (const command of ['status', 'history', 'export', 'duplicates']) {
          // What an export shows is meant to be seen: it goes to a file.
          const file = command === 'export' ? ['-o', join('lokal', 'ut.csv')] : [];
          ended.push(await runs.here([command, ...file], school));
        }
        return ended;
      });
      const said = looks.map(({ exit, stderr }) => [exit, stderr.replace(/^Written to .*\n/, '')]);
      expect(said).toEqual(looks.map(() => [0, '']));
      expect(statSync(school.path('lokal/ut.csv')).mode & 0o777).toBe(0o600);
    } finally {
      school.remove();
    }
  });
});

describe('a clock that jumps back', () => {
  it.each([
    // An answer of tomorrow counts as fresh: midnight may have passed during the run.
    ['by a day', '2026-11-22', 0],
    // One of a later day is not believed.
    ['by a month', '2026-10-23', PEOPLE.length],
  ])('%s: what is bought anew is bought by the rule, and that is said', async (_, asOf, bought) => {
    const school = spar.createSchool('csv');
    try {
      const first = await runs.here(UPDATE, school);
      expect(first.exit).toBe(0);
      const back = await runs.here([...UPDATE, '--as-of', asOf], school);
      expect(back.exit, back.stdout).toBe(0);
      expect(spar.askedBy(school)).toHaveLength(PEOPLE.length + bought);
      expect(back.stderr).toContain('Some cached answers bear a date after today');
      expect(school.roster()).toEqual(final);
      const again = await runs.here([...UPDATE, '--as-of', asOf], school);
      expect(again.exit, again.stdout).toBe(0);
      expect(spar.askedBy(school)).toHaveLength(PEOPLE.length + bought);
      const forth = await runs.here(UPDATE, school);
      expect(forth.exit, forth.stdout).toBe(0);
    } finally {
      school.remove();
    }
  });
});

it('says nothing of people or secrets in any of these runs', () => {
  expect(runs.count()).toBeGreaterThan(40);
  expect(runs.leaks()).toEqual([]);
});
