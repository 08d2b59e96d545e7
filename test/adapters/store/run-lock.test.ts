import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openState } from '../../../src/adapters/store/open-state.ts';
import { acquireRunLock } from '../../../src/adapters/store/run-lock.ts';
import { SparSyncError } from '../../../src/errors.ts';

const HOLDER = { command: 'nightly', at: '2026-11-23T02:00:00.000Z', pid: 4711 };
/** As a clock in Sweden shows it. */
const HOLDER_SINCE = '2026-11-23 03:00';
const MODULE = new URL('../../../src/adapters/store/run-lock.ts', import.meta.url).href;

describe('the run lock', () => {
  let folder: string;
  let state: string;
  const children: ChildProcess[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'spar-sync-lock-'));
    state = join(folder, 'state.db');
  });

  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });

  /** A process of its own that holds the lock until it is killed. */
  async function holdElsewhere(): Promise<ChildProcess> {
    const script = `
      import { acquireRunLock } from ${JSON.stringify(MODULE)};
      acquireRunLock(${JSON.stringify(state)}, { command: 'update', at: '${HOLDER.at}', pid: process.pid });
      process.stdout.write('held');
      setInterval(() => undefined, 1000);
    `;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    const [text] = await once(child.stdout, 'data');
    expect(String(text)).toBe('held');
    return child;
  }

  it('lets one run in at a time, says who holds it, and leaves no note behind', () => {
    const lock = acquireRunLock(state, HOLDER);
    const error = failure(() => acquireRunLock(state, { ...HOLDER, command: 'update', pid: 1 }));
    expect(error.code).toBe('state-locked');
    for (const text of [error.text.en, error.text.sv]) {
      for (const part of ['nightly', HOLDER_SINCE, '4711']) expect(text).toContain(part);
    }
    lock.release();
    lock.release();
    expect(readdirSync(folder)).toEqual(['state.db-lock']);
    acquireRunLock(state, HOLDER).release();
  });

  it('keeps the lock when a second run of the same process has been turned away', () => {
    const lock = acquireRunLock(state, HOLDER);
    for (let i = 0; i < 3; i++)
      expect(failure(() => acquireRunLock(state, HOLDER)).code).toBe('state-locked');
    lock.release();
  });

  it('is for its owner alone, whatever the umask', () => {
    const before = process.umask(0);
    let modes: number[];
    try {
      const lock = acquireRunLock(state, HOLDER);
      modes = readdirSync(folder).map((file) => statSync(join(folder, file)).mode & 0o777);
      lock.release();
    } finally {
      process.umask(before);
    }
    expect(new Set(modes)).toEqual(new Set([0o600]));
  });

  it('is one lock for two names of one state file', async () => {
    await (await openState({ path: state })).close();
    mkdirSync(join(folder, 'elsewhere'));
    const alias = join(folder, 'elsewhere', 'alias.db');
    symlinkSync(state, alias);
    const lock = acquireRunLock(alias, HOLDER);
    expect(failure(() => acquireRunLock(state, HOLDER)).code).toBe('state-locked');
    lock.release();
  });

  it('does not need the note to be there or to be readable', () => {
    const lock = acquireRunLock(state, HOLDER);
    writeFileSync(`${state}-lock.json`, '{"comm');
    expect(failure(() => acquireRunLock(state, HOLDER)).text.en).toBe('Another run is under way.');
    rmSync(`${state}-lock.json`);
    expect(failure(() => acquireRunLock(state, HOLDER)).text.sv).toBe('En annan körning pågår.');
    lock.release();
  });

  it('says so when the folder is missing or the lock file is something else', () => {
    expect(failure(() => acquireRunLock(join(folder, 'no', 'state.db'), HOLDER)).code).toBe('state-unusable');
    writeFileSync(`${state}-lock`, 'x'.repeat(5000));
    expect(failure(() => acquireRunLock(state, HOLDER)).code).toBe('state-unusable');
  });

  it('is held by another process, and free at once when that is killed', async () => {
    const child = await holdElsewhere();
    const error = failure(() => acquireRunLock(state, HOLDER));
    expect(error.text.en).toContain(`\`update\` since ${HOLDER_SINCE} (process ${child.pid})`);

    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(existsSync(`${state}-lock.json`)).toBe(true);
    const lock = acquireRunLock(state, HOLDER);
    expect(JSON.parse(readFileSync(`${state}-lock.json`, 'utf8'))).toEqual(HOLDER);
    lock.release();
  });

  it('does not keep others from reading the state', async () => {
    const lock = acquireRunLock(state, HOLDER);
    const writer = await openState({ path: state });
    const reader = await openState({ path: state, readonly: true });
    expect(await reader.snapshots.summary()).toEqual({ count: 0 });
    await reader.close();
    await writer.close();
    lock.release();
  });
});

function failure(work: () => unknown): SparSyncError {
  let error: unknown;
  try {
    work();
  } catch (thrown) {
    error = thrown;
  }
  if (!(error instanceof SparSyncError)) throw error ?? new Error('it did not fail');
  return error;
}
