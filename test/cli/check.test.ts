import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../src/cli/commands/check.ts';
import type { CommandContext } from '../../src/cli/context.ts';
import { testCertificates } from '../support/certificates.ts';
import { createFakeContext } from './fake-process.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spar-sync-check-'));
  await writeFile(join(folder, 'people.csv'), ROSTER);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const ROSTER = 'id,type,personnummer,first_name,last_name\n1,student,201501122384,Elsa,Åkerström\n';
const SIMULATOR = { environment: 'simulator' };
/** Nothing listens on port 1. */
const NOBODY_THERE = { environment: 'test', url: 'https://127.0.0.1:1/', timeoutSeconds: 1 };
const CUSTOMER = {
  kundNrLeveransMottagare: 500243,
  kundNrSlutkund: 500243,
  uppdragId: 637,
  slutAnvandarId: 'anna@exempelskolan',
};

interface Changes {
  readonly spar?: object;
  readonly state?: string;
  readonly roster?: object;
}

/** What `check --online --json` finds: each thing with its status, in the order looked at. */
async function check({ spar = SIMULATOR, ...sections }: Changes, changes: Partial<CommandContext> = {}) {
  const config = {
    active: true,
    spar: { ...CUSTOMER, ...spar },
    freshness: 'month',
    language: 'en',
    roster: { kind: 'csv', files: [{ path: 'people.csv' }] },
    ...sections,
  };
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  const { context, stdout } = createFakeContext({ cwd: folder, json: true, ...changes });
  const exit = await run({ online: true }, context);
  const shown: { ok: boolean; checks: { what: string; status: string; message: string }[] } = JSON.parse(
    stdout.text,
  );
  const wrong = shown.checks.filter(({ status }) => status === 'error');
  const fine = shown.checks.filter(({ status }) => status === 'ok').map(({ what }) => what);
  return { exit, ok: shown.ok, wrong, fine: [...new Set(fine)], checks: shown.checks };
}

describe('check', () => {
  it('finds everything in order, and leaves nothing behind', async () => {
    expect(await check({})).toMatchObject({
      exit: 0,
      ok: true,
      wrong: [],
      fine: ['config', 'certificate', 'connection', 'roster', 'state'],
    });
    expect((await readdir(folder)).sort()).toEqual(['config.json', 'people.csv']);
  });

  it.each([
    ['whose folder does not exist', 'nodir/x.db', 'its folder does not exist'],
    ['below a file', 'people.csv/x.db', 'its folder does not exist'],
    ['that is a folder', 'taken', 'it is no ordinary file'],
    ['that is a text', 'letter.txt', 'it is not a SQLite database'],
  ])('says no to a state file %s, as update would, and still looks at the roster', async (_, state, why) => {
    await mkdir(join(folder, 'taken'));
    await writeFile(join(folder, 'letter.txt'), 'mine');
    const { exit, ok, wrong, fine } = await check({ state });
    expect({ exit, ok, fine }).toEqual({
      exit: 20,
      ok: false,
      fine: ['config', 'certificate', 'connection', 'roster'],
    });
    expect(wrong).toMatchObject([{ what: 'state', message: expect.stringContaining(why) }]);
  });

  it('says no to a roster that can be read and not written', async () => {
    // What stands where the proof of writing is made stops it for every account, the superuser's too.
    await mkdir(join(folder, '.people.csv.spar-sync-probe.tmp', 'x'), { recursive: true });
    const { exit, wrong, fine } = await check({});
    expect(wrong).toMatchObject([{ what: 'roster' }]);
    expect({ exit, fine }).toEqual({
      exit: 5,
      fine: ['config', 'certificate', 'connection', 'roster', 'state'],
    });
  });

  it('says no to a certificate that is not there, and does not connect without', async () => {
    const spar = { ...NOBODY_THERE, certificate: { cert: 'none.pem', key: 'none.pem' } };
    const { exit, wrong, fine, checks } = await check({ spar });
    expect(wrong).toMatchObject([{ what: 'certificate' }]);
    expect(checks).toContainEqual(expect.objectContaining({ what: 'connection', status: 'warning' }));
    expect({ exit, fine }).toEqual({ exit: 2, fine: ['config', 'roster', 'state'] });
  });

  it('says no to a register that does not answer, though the certificate is right', async () => {
    const { cert, key } = testCertificates().client;
    await writeFile(join(folder, 'cert.pem'), cert, { mode: 0o600 });
    await writeFile(join(folder, 'key.pem'), key, { mode: 0o600 });
    const spar = { ...NOBODY_THERE, certificate: { cert: 'cert.pem', key: 'key.pem' } };
    const { exit, wrong, fine } = await check({ spar });
    expect(wrong).toMatchObject([{ what: 'connection' }]);
    expect({ exit, fine }).toEqual({ exit: 10, fine: ['config', 'certificate', 'roster', 'state'] });
  });

  it('says no to an end user that cannot be sent, and goes on', async () => {
    const { exit, wrong, fine } = await check(
      { spar: { ...SIMULATOR, slutAnvandarId: '{user}' } },
      { env: { SUDO_USER: 'an\u0001na' } },
    );
    expect(wrong).toMatchObject([{ what: 'config', message: expect.stringContaining('slutAnvandarId') }]);
    expect({ exit, fine }).toEqual({
      exit: 2,
      fine: ['config', 'certificate', 'connection', 'roster', 'state'],
    });
  });

  it('finds everything that is wrong at once, each under its own name', async () => {
    const { exit, wrong } = await check({
      spar: { ...NOBODY_THERE, certificate: { cert: 'none.pem', key: 'none.pem' } },
      roster: { kind: 'csv', files: [{ path: 'none.csv' }] },
      state: 'nodir/x.db',
    });
    expect(wrong.map(({ what }) => what)).toEqual(['certificate', 'roster', 'state']);
    expect(exit).toBe(20);
  });

  it('shows no personnummer, whatever file has one in its name', async () => {
    const roster = { kind: 'csv', files: [{ path: '201501122384.csv' }] };
    const { wrong } = await check({ roster });
    expect(wrong).toMatchObject([
      { what: 'roster', message: expect.stringContaining('20150112-****.csv'), hint: expect.anything() },
    ]);
    const { context, stdout } = createFakeContext({ cwd: folder });
    await run({ online: false }, context);
    expect(stdout.text).toContain('20150112-****.csv');
    expect(stdout.text).not.toContain('201501122384');
  });
});
