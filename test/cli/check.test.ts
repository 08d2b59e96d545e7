import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../src/cli/commands/check.ts';
import type { CommandContext } from '../../src/cli/context.ts';
import { testCertificates } from '../support/certificates.ts';
import { type LoopbackSpar, openLoopbackSpar } from '../support/loopback-spar.ts';
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
  readonly automatic?: object;
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
  const shown: { ok: boolean; checks: { what: string; status: string; message: string; hint?: string }[] } =
    JSON.parse(stdout.text);
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

  it('says what a night would do and whom SPAR would log, and proves that it could', async () => {
    const automatic = { enabled: true, types: ['student'], responsible: 'bo.ek' };
    const spar = { ...SIMULATOR, slutAnvandarId: '{user}@skolan', utokadBehorighet: ['Relationer'] };
    const found = await check({ spar, automatic });
    expect([found.exit, found.checks.map(({ message }) => message)]).toEqual([
      0,
      expect.arrayContaining(['`nightly` runs `update` (student); SPAR logs bo.ek@skolan']),
    ]);
    const { exit, wrong } = await check({ spar, automatic: { ...automatic, guardians: true } });
    expect([exit, wrong]).toMatchObject([
      2,
      [{ what: 'roster', message: expect.stringContaining('roster.links') }],
    ]);
  });

  it.each([
    ['whose folder does not exist', 'nodir/x.db', 'its folder does not exist'],
    ['below a file', 'people.csv/x.db', 'its folder does not exist'],
    ['that is a folder', 'taken', 'it is no ordinary file'],
    ['that is a text', 'letter.txt', 'it is not a SQLite database'],
    ['that is a link to nothing', 'dangling.db', 'it is a link that leads nowhere'],
    ['that is a link to itself', 'loop.db', 'it is a link that leads nowhere'],
    ['of too long a name', `${'x'.repeat(300)}.db`, 'its name is too long'],
  ])('says no to a state file %s, as update would, and still looks at the roster', async (_, state, why) => {
    await mkdir(join(folder, 'taken'));
    await writeFile(join(folder, 'letter.txt'), 'mine');
    await symlink('nowhere.db', join(folder, 'dangling.db'));
    await symlink('loop.db', join(folder, 'loop.db'));
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

describe('the connection', () => {
  let spar: LoopbackSpar;
  beforeEach(async () => {
    spar = await openLoopbackSpar(() => ({ kind: 'close' }));
    const { client, clientIntermediate, stranger, serverCa } = testCertificates();
    await writeFile(join(folder, 'cert.pem'), client.cert + clientIntermediate.cert, { mode: 0o600 });
    await writeFile(join(folder, 'key.pem'), client.key, { mode: 0o600 });
    await writeFile(join(folder, 'other-cert.pem'), stranger.cert, { mode: 0o600 });
    await writeFile(join(folder, 'other-key.pem'), stranger.key, { mode: 0o600 });
    await writeFile(join(folder, 'ca.pem'), serverCa.cert);
  });
  afterEach(() => spar.close());

  const own = { cert: 'cert.pem', key: 'key.pem' };
  const hintOf = async (changes: object, url = spar.url) => {
    const { exit, wrong } = await check({ spar: { environment: 'test', url, ...changes } });
    expect(wrong).toMatchObject([{ what: 'connection' }]);
    return [exit, wrong[0]?.hint] as const;
  };

  it('that a server cannot be trusted with leads to spar.ca, not to the internet', async () => {
    const [exit, hint] = await hintOf({ certificate: own });
    expect([exit, hint]).toEqual([10, expect.stringContaining('spar.ca')]);
    expect(hint).not.toContain('internet');
  });

  it('that is closed once our certificate is seen leads to the certificate', async () => {
    const certificate = { cert: 'other-cert.pem', key: 'other-key.pem' };
    const [exit, hint] = await hintOf({ certificate, ca: 'ca.pem' });
    expect([exit, hint]).toEqual([10, expect.stringContaining('certificate')]);
    expect(hint).not.toContain('internet');
  });

  it('that is not there leads to the internet', async () => {
    const [exit, hint] = await hintOf({ certificate: own, ca: 'ca.pem' }, 'https://127.0.0.1:1/');
    expect([exit, hint]).toEqual([10, expect.stringContaining('internet')]);
  });

  it('that is refused by an alert does not lead back to check', async () => {
    // The bytes of a fatal alert, bad_certificate, in TLS 1.2.
    const refused = createServer((socket) => socket.end(Buffer.from([21, 3, 3, 0, 2, 2, 42])));
    refused.listen(0, '127.0.0.1');
    await once(refused, 'listening');
    try {
      const { port } = refused.address() as AddressInfo;
      const [exit, hint] = await hintOf({ certificate: own, ca: 'ca.pem' }, `https://localhost:${port}/`);
      expect([exit, hint]).toEqual([11, expect.stringContaining('organisation certificate')]);
      expect(hint).not.toContain('spar-sync check');
    } finally {
      refused.close();
    }
  });
});

describe('spar.ca', () => {
  const { serverCa, client, clientIntermediate } = testCertificates();
  const broken = serverCa.cert.replace(/\n[A-Za-z0-9+/]{20}/, '\nAAAAAAAAAAAAAAAAAAAA');
  it.each([
    ['whose only block is broken', broken],
    ['with a broken block behind a right one', serverCa.cert + broken],
    ['with a block that does not end', serverCa.cert + serverCa.cert.slice(0, 200)],
    ['that is no PEM', 'hej'],
  ])('%s is said no to', async (_, ca) => {
    expect(ca).not.toBe(serverCa.cert);
    await writeFile(join(folder, 'cert.pem'), client.cert + clientIntermediate.cert, { mode: 0o600 });
    await writeFile(join(folder, 'key.pem'), client.key, { mode: 0o600 });
    await writeFile(join(folder, 'ca.pem'), ca);
    const certificate = { cert: 'cert.pem', key: 'key.pem' };
    const { exit, wrong } = await check({ spar: { ...NOBODY_THERE, certificate, ca: 'ca.pem' } });
    expect({ exit, wrong }).toMatchObject({
      exit: 2,
      wrong: [{ what: 'certificate', message: expect.stringContaining('spar.ca: ca.pem') }],
    });
  });
});
