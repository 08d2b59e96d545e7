import { readFileSync, writeFileSync } from 'node:fs';
import { loadPopulation } from '../../src/adapters/spar/simulator/population.ts';
import { createRenderer } from '../../src/adapters/spar/simulator/render-answer.ts';
import { makePkcs12, testCertificates } from './certificates.ts';
import {
  type LoopbackOptions,
  type LoopbackSpar,
  openLoopbackSpar,
  type ReceivedQuestion,
  type Reply,
} from './loopback-spar.ts';
import { dumpSqlite } from './roster-cells.ts';
import { createSchool, type SchoolOnDisk } from './school-on-disk.ts';

export const TODAY = '2026-11-23';
export const PASSPHRASE = 'Hemlig-fras-7731';

/** A child who has moved, one of whom SPAR says what the roster does, and one with protected personal data. */
const STUDENTS = `id,personnummer,first_name,last_name,street,postal_code,city,protected
1001,20150112-2384,Elsa,Åkerström,Torggatan 3,745 31,Enköping,
1002,20141215-2397,Hugo,Bergström,Fältspatsgränd 4 LGH 1203,745 37,Enköping,
1010,20150803-2396,Melvin,Strandh,Skolgatan 5,745 32,Enköping,
`;
/** A guardian who has moved. */
const GUARDIANS = `id;personnummer;first_name;last_name;street;postal_code;city
3017;19900413-2396;Daniel;Sandell;Gamla vägen 1;745 91;Enköping
`;

/** Everybody's number, as SPAR is asked. */
export const PEOPLE = ['201501122384', '201412152397', '201508032396', '199004132396'];

/** Of people who have moved, a report of changes shows where from and where to, on standard output only. */
export const SHOWN_AS_CHANGE = ['Torggatan', 'Björkvägen 12', 'Gamla vägen 1', 'Luthagsstråket'];

/** Names and addresses that nobody is ever shown by these runs: nothing of them changes. */
export const NEVER_SHOWN = [
  ...['Elsa', 'Märta', 'Åkerström', 'Daniel', 'Sandell'],
  ...['Hugo', 'Bergström', 'Fältspatsgränd'],
  ...['Melvin', 'Strandh', 'Skolgatan'],
];

const ROSTERS = {
  csv: {
    kind: 'csv',
    files: [
      { path: 'students.csv', type: 'student' },
      { path: 'guardians.csv', type: 'guardian' },
    ],
  },
  sqlite: {
    kind: 'sqlite',
    path: 'roster.db',
    people: [
      { table: 'student', type: 'student' },
      { table: 'guardian', type: 'guardian' },
    ],
  },
};
export type RosterKind = keyof typeof ROSTERS;

export interface FaultSchool extends SchoolOnDisk {
  readonly kind: RosterKind;
  /** The account under which it asks; no other school's. */
  readonly account: string;
  /** Content as text, file by file. */
  roster(): readonly string[];
}

/** What the register does when this school asks its n-th question; nothing given: the right answer. */
export type Behaviour = (
  n: number,
  question: ReceivedQuestion,
) => Reply | undefined | Promise<Reply | undefined>;

export interface FaultSpar extends LoopbackSpar {
  /** A school that asks here. */
  createSchool(kind: RosterKind, config?: { readonly spar?: object; readonly more?: object }): FaultSchool;
  behave(school: FaultSchool, behaviour: Behaviour): void;
  /** Numbers that a school has asked about so far. */
  askedBy(school: FaultSchool): readonly string[];
  /** The right answer about a number. */
  answer(id: string): string;
  /** An Undantag instead, with a description. */
  exception(id: string, code: string, description: string): string;
}

/** A SPAR on loopback with the people that come with the program, that fails each school in its own way. */
export async function openFaultSpar(options: LoopbackOptions = {}): Promise<FaultSpar> {
  const population = await loadPopulation();
  const renderer = createRenderer('2021.1');
  const behaviours = new Map<string, Behaviour>();
  const answer = (id: string): string => {
    const post = population.find(id);
    return renderer.answer(id, post === undefined ? [] : [renderer.post(post, [])]);
  };
  const asked = (account: string) =>
    spar.questions.filter(({ body }) => body.includes(`>${account}@exempelskolan<`)).map(({ id }) => id);
  const spar = await openLoopbackSpar(async (question) => {
    const [, account = ''] = />(school-\d+)@exempelskolan</.exec(question.body) ?? [];
    const reply = await behaviours.get(account)?.(asked(account).length, question);
    return reply ?? { kind: 'body', body: answer(question.id) };
  }, options);
  let schools = 0;
  return {
    ...spar,
    createSchool(kind, config = {}) {
      schools += 1;
      return schoolOnDisk(kind, spar.url, `school-${schools}`, config);
    },
    behave: (school, behaviour) => void behaviours.set(school.account, behaviour),
    askedBy: ({ account }) => asked(account),
    answer,
    exception: renderer.exception,
  };
}

function schoolOnDisk(
  kind: RosterKind,
  url: string,
  account: string,
  { spar = {}, more = {} }: { readonly spar?: object; readonly more?: object },
): FaultSchool {
  const { serverCa, client, clientIntermediate } = testCertificates();
  const school = createSchool(
    { url, ca: serverCa.cert, cert: client.cert + clientIntermediate.cert, key: client.key },
    kind === 'csv'
      ? { 'students.csv': STUDENTS, 'guardians.csv': GUARDIANS }
      : { 'roster.db.sql': `${sqlOf('student', STUDENTS, ',')}${sqlOf('guardian', GUARDIANS, ';')}` },
    {
      roster: ROSTERS[kind],
      spar: {
        concurrency: 1,
        retries: 0,
        slutAnvandarId: `${account}@exempelskolan`,
        certificate: { file: 'skolan.p12', passphraseFile: 'losenfras.txt' },
        ...spar,
      },
    },
  );
  const config = JSON.parse(readFileSync(school.path('config.json'), 'utf8'));
  writeFileSync(school.path('config.json'), JSON.stringify({ ...config, ...more }));
  writeFileSync(school.path('skolan.p12'), clientPkcs12(), { mode: 0o600 });
  writeFileSync(school.path('losenfras.txt'), `${PASSPHRASE}\n`, { mode: 0o600 });
  return {
    ...school,
    kind,
    account,
    roster: () =>
      kind === 'csv'
        ? ['students.csv', 'guardians.csv'].map((name) => readFileSync(school.path(name), 'utf8'))
        : [dumpSqlite(school.path('roster.db'))],
  };
}

let pkcs12: Buffer | undefined;

/** The client's certificate and key as every school of these has them. */
export function clientPkcs12(): Buffer {
  const { client, clientIntermediate } = testCertificates();
  pkcs12 ??= makePkcs12(client, [clientIntermediate], PASSPHRASE);
  return pkcs12;
}

function sqlOf(table: string, csv: string, delimiter: string): string {
  const [header = '', ...rows] = csv.trim().split('\n');
  const quoted = (row: string) =>
    row
      .split(delimiter)
      .map((value) => `'${value}'`)
      .join(', ');
  const columns = header.split(delimiter).map((name) => `${name} TEXT${name === 'id' ? ' PRIMARY KEY' : ''}`);
  const values = rows.map((row) => `(${quoted(row)})`).join(', ');
  return `CREATE TABLE ${table} (${columns.join(', ')});\nINSERT INTO ${table} VALUES ${values};\n`;
}
