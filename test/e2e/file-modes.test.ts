import { chmodSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../src/adapters/spar/simulator/server.ts';
import { type FaultSpar, openFaultSpar } from '../support/fault-school.ts';
import { recordRuns } from '../support/recorded-runs.ts';
import { sampleCsv } from '../support/sample-rosters.ts';
import type { SchoolOnDisk } from '../support/school-on-disk.ts';
import { watchSteps } from '../support/step-faults.ts';

const runs = recordRuns();
let simulator: Simulator;
let spar: FaultSpar;

beforeAll(async () => {
  simulator = await startSimulator();
  spar = await openFaultSpar();
});
afterAll(async () => {
  await simulator.close();
  await spar.close();
});

/** The school's own files, which stay as they were. */
const OWN = /^(config\.json|(people|links|decisions|students|guardians)\.csv|.*\.pem)$/;
const ROSTER_MODE = 0o640;

describe.skipIf(process.platform === 'win32')('every file with personal data', () => {
  it.each([0o000, 0o077])(
    'is for its owner alone while it is there and afterwards, under the umask %o',
    async (umask) => {
      const { url, ca, clientCert: cert, clientKey: key } = simulator;
      const school = sampleCsv().create({ url: `${url}/2021.1/`, ca, cert, key });
      for (const name of ['people.csv', 'links.csv']) chmodSync(school.path(name), ROSTER_MODE);
      const open = new Map<string, string>();
      const seen = new Set<string>();
      const look = (): void => {
        for (const [name, mode] of modesIn(school)) {
          seen.add(name);
          // The new roster is closed to others until it is whole, and then gets the mode of the old one.
          const isRoster = /^\.(people|links)\.csv\..*\.tmp$/.test(name) && mode === ROSTER_MODE;
          if ((mode & 0o077) !== 0 && !isRoster) open.set(name, mode.toString(8));
        }
      };
      const stop = watchSteps(school.dir, look);
      const before = process.umask(umask);
      try {
        for (const command of [
          'update --dry-run --plan plan.json',
          'guardians --dry-run --plan vplan.json',
          'apply plan.json',
          'update --report rapport',
          'guardians --report vrapport',
          'duplicates -o decisions.csv',
          'export -o ut.csv',
          'export --with-guardians --excel -o par.csv',
          'duplicates apply decisions.csv',
          'undo 3',
          'check',
        ]) {
          const { exit, stdout, stderr } = await runs.here(command.split(' '), school);
          expect(exit, `${command}: ${stdout}${stderr}`).toBe(0);
          look();
        }
      } finally {
        process.umask(before);
        stop();
      }
      expect(Object.fromEntries(open)).toEqual({});
      for (const name of [
        ...[
          'spar-sync.db',
          'spar-sync.db-wal',
          'spar-sync.db-shm',
          'spar-sync.db-lock',
          'spar-sync.db-lock.json',
        ],
        ...['plan.json', 'vplan.json', 'rapport', 'rapport/update.json', 'vrapport/duplicates.csv'],
        ...['ut.csv', 'par.csv', '.people.csv.spar-sync-3.tmp', '.links.csv.spar-sync-5.tmp'],
      ]) {
        expect([...seen], 'it was never there to be looked at').toContain(name);
      }
      for (const name of ['people.csv', 'links.csv']) {
        expect(statSync(school.path(name)).mode & 0o777).toBe(ROSTER_MODE);
      }
      school.remove();
    },
  );
});

/** All but the school's own, folders too, by their path from the school's folder. */
function modesIn(school: SchoolOnDisk): [name: string, mode: number][] {
  return readdirSync(school.dir, { recursive: true, withFileTypes: true }).flatMap((item) => {
    const path = join(item.parentPath, item.name);
    const stat = statSync(path, { throwIfNoEntry: false });
    const name = relative(school.dir, path);
    return stat === undefined || OWN.test(name) ? [] : [[name, stat.mode & 0o777]];
  });
}

describe.skipIf(process.platform === 'win32')('a file that others can read', () => {
  it('is spoken of by every command that uses it, once, and by no other', async () => {
    const school = spar.createSchool('csv', { spar: { concurrency: 4 } });
    try {
      expect((await runs.here(['update', '--dry-run'], school)).stderr).not.toContain('can read that file');
      chmodSync(school.path('spar-sync.db'), 0o640);
      chmodSync(school.path('skolan.p12'), 0o604);
      chmodSync(school.path('losenfras.txt'), 0o644);
      const STATE = 'spar-sync.db';
      const KEYS = ['spar.certificate.file', 'spar.certificate.passphraseFile'];
      for (const [command, spoken] of [
        ['update --quiet', [STATE]],
        ['update --refresh --id 1001 --quiet', [STATE, ...KEYS]],
        ['status', [STATE]],
        ['history --json', [STATE]],
        ['check', []],
        ['export -o ut.csv', [STATE]],
        ['--help', []],
        ['--version', []],
      ] as const) {
        const { exit, stdout, stderr } = await runs.here(command.split(' '), school);
        expect(exit, `${command}: ${stdout}${stderr}`).toBe(0);
        const told = [...stderr.matchAll(/^Note: (\S+): others on this machine can read that file/gm)];
        expect(
          told.map(([, file]) => file),
          command,
        ).toEqual(spoken);
      }
      const { json } = await runs.here(['check', '--json'], school);
      const warned = (json['checks'] as { status: string; message: string }[]).filter(({ message }) =>
        message.includes('others on this machine'),
      );
      expect(warned.map(({ status }) => status)).toEqual(['warning', 'warning', 'warning']);
    } finally {
      school.remove();
    }
  });
});

it('says nothing of secrets in any of these runs', () => {
  expect(runs.leaks().filter((leak) => !leak.includes('standard output'))).toEqual([]);
});
