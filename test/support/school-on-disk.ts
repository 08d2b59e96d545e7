import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';

/** A register to ask and the client certificate that it takes, in PEM. */
export interface RegisterToAsk {
  readonly url: string;
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

export interface SchoolOnDisk {
  readonly dir: string;
  path(name: string): string;
  /** Lays these sections over those of `config.json`, key by key. */
  configure(sections: Readonly<Record<string, object>>): void;
  /** Names of all files, sorted. */
  files(): string[];
  /** What the state file knows; of a run that never got so far, nothing. */
  state(): KeptState;
  remove(): void;
}

export interface KeptState {
  /** Numbers with an attempt in the ledger, one entry an attempt. */
  readonly attempted: readonly string[];
  /** Numbers whose answer the ledger says it has. */
  readonly answered: readonly string[];
  readonly cached: readonly string[];
  /** Runs whose outcome is open. */
  readonly unsettled: number;
}

/** The same folder once more, as it is now: its state file too, and with it everything that was paid for. */
export function copySchool(school: Pick<SchoolOnDisk, 'dir'>): SchoolOnDisk {
  const dir = makeFolder();
  cpSync(school.dir, dir, { recursive: true });
  return schoolIn(dir);
}

/** A folder with `config.json`, the certificates of `register` and these files. */
export function createSchool(
  register: RegisterToAsk,
  files: Readonly<Record<string, string>>,
  config: {
    readonly roster: object;
    readonly spar?: object;
    readonly limits?: object;
    readonly automatic?: object;
  },
): SchoolOnDisk {
  const dir = makeFolder();
  const path = (name: string) => join(dir, name);
  const written = {
    active: true,
    spar: {
      environment: 'test',
      url: register.url,
      kundNrLeveransMottagare: 500243,
      kundNrSlutkund: 500243,
      uppdragId: 637,
      slutAnvandarId: '{user}@exempelskolan',
      certificate: { cert: 'client-cert.pem', key: 'client-key.pem' },
      ca: 'ca.pem',
      requestsPerSecond: 1000,
      ...config.spar,
    },
    freshness: 'month',
    language: 'en',
    limits: { maxChangedShare: 1, ...config.limits },
    ...(config.automatic && { automatic: config.automatic }),
    roster: config.roster,
  };
  writeFileSync(path('config.json'), JSON.stringify(written, null, 2));
  writeFileSync(path('ca.pem'), register.ca, { mode: 0o600 });
  writeFileSync(path('client-cert.pem'), register.cert, { mode: 0o600 });
  writeFileSync(path('client-key.pem'), register.key, { mode: 0o600 });
  for (const [name, content] of Object.entries(files)) {
    if (name.endsWith('.sql')) {
      const db = new Sqlite(path(name.slice(0, -'.sql'.length)));
      db.exec(content);
      db.close();
    } else {
      writeFileSync(path(name), content);
    }
  }
  return schoolIn(dir);
}

function makeFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'spar-sync-school-')));
}

function schoolIn(dir: string): SchoolOnDisk {
  const path = (name: string) => join(dir, name);
  return {
    dir,
    path,
    configure(sections) {
      const config: Record<string, object> = JSON.parse(readFileSync(path('config.json'), 'utf8'));
      for (const [name, section] of Object.entries(sections)) config[name] = { ...config[name], ...section };
      writeFileSync(path('config.json'), JSON.stringify(config, null, 2));
    },
    files: () => readdirSync(dir).sort(),
    state: () => readState(path('spar-sync.db')),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

/** What a state file knows; nothing where there is none. */
export function readState(path: string): KeptState {
  if (!existsSync(path)) return { attempted: [], answered: [], cached: [], unsettled: 0 };
  // Not read-only: a file whose writer was killed has a WAL that somebody must be able to take in.
  const db = new Sqlite(path);
  const column = (sql: string) => db.prepare<[], number>(sql).pluck().all().map(String);
  const exists = db.prepare("SELECT count(*) FROM sqlite_schema WHERE name = 'ledger'").pluck().get() === 1;
  const state = exists
    ? {
        attempted: column('SELECT person_id FROM ledger ORDER BY attempt'),
        answered: column("SELECT person_id FROM ledger WHERE outcome = 'answered' ORDER BY person_id"),
        cached: column('SELECT person_id FROM snapshot ORDER BY person_id'),
        unsettled: Number(column("SELECT count(*) FROM run WHERE phase = 'planned'")[0]),
      }
    : { attempted: [], answered: [], cached: [], unsettled: 0 };
  db.close();
  return state;
}
