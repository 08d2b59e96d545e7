import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BIN } from './built-program.ts';
import { COLUMNS, makeUpPeople, rosterLines } from './made-up-school.ts';
import { interleave, median, medianRatio, type Result, runNode } from './measure.ts';
import { type SparProcess, startSparProcess } from './spar-process.ts';

/** What help costs beside starting Node at all. */
export async function measureHelp(rounds: number): Promise<Result[]> {
  const measured = await interleave(rounds, {
    help: async () => (await runNode([BIN, '--help'])).milliseconds,
    bare: async () => (await runNode(['-e', '0'])).milliseconds,
  });
  return [
    {
      what: '--help as a process',
      ours: `${median(measured.help).toFixed(0)} ms`,
      against: `node -e 0: ${median(measured.bare).toFixed(0)} ms`,
      ratio: medianRatio(measured.help, measured.bare),
      target: { atMost: 2.5 },
    },
  ];
}

const FIRST_LOOKUP_MS = 600;
const PEOPLE = 40;

/** From the start of the process until its first question has come to a server that was there before. */
export async function measureFirstLookup(rounds: number): Promise<Result[]> {
  const folder = await mkdtemp(join(tmpdir(), 'spar-sync-bench-'));
  const spar = await startSparProcess(PEOPLE, 0);
  try {
    await writeFile(join(folder, 'people.csv'), [...rosterLines(makeUpPeople(PEOPLE), PEOPLE)].join(''));
    await writeFile(join(folder, 'ca.pem'), spar.ca);
    await writeFile(join(folder, 'cert.pem'), spar.clientCert);
    await writeFile(join(folder, 'key.pem'), spar.clientKey, { mode: 0o600 });
    await writeFile(join(folder, 'config.json'), configOf(spar.url));
    const measured = await interleave(rounds, {
      firstLookup: () => firstLookup(folder, spar),
    });
    const first = median(measured.firstLookup);
    return [
      {
        what: 'first lookup on the wire',
        ours: `${first.toFixed(0)} ms after the start`,
        against: `${FIRST_LOOKUP_MS} ms`,
        ratio: first / FIRST_LOOKUP_MS,
        target: { atMost: 1 },
      },
    ];
  } finally {
    spar.close();
    await rm(folder, { recursive: true });
  }
}

async function firstLookup(folder: string, spar: SparProcess): Promise<number> {
  const asked = spar.nextQuestion();
  const started = Date.now();
  const child = spawn(process.execPath, [BIN, 'update', '--dry-run', '--refresh', '--yes'], {
    cwd: folder,
    stdio: 'ignore',
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`update ended with ${code}`);
  return (await asked) - started;
}

function configOf(url: string): string {
  return JSON.stringify({
    active: true,
    spar: {
      environment: 'test',
      url,
      kundNrLeveransMottagare: 500243,
      kundNrSlutkund: 500243,
      uppdragId: 637,
      slutAnvandarId: 'anna@exempelskolan',
      certificate: { cert: 'cert.pem', key: 'key.pem' },
      ca: 'ca.pem',
      requestsPerSecond: 1000,
    },
    freshness: 'month',
    roster: { kind: 'csv', files: [{ path: 'people.csv', columns: COLUMNS }] },
  });
}
