import { resolve } from 'node:path';
import { type Freshness, parseFreshness } from '../../domain/calendar-date.ts';
import type { Text } from '../../domain/text.ts';
import { type Complaint, type JsonPath, showPath, valueAt } from './complaints.ts';

/**
 * The rules between fields. They look at the configuration as written, because they are to complain also
 * where something else is wrong: every complaint comes at once.
 */
export function crossComplaints(raw: unknown, folder: string): Complaint[] {
  const at = (...path: JsonPath) => valueAt(raw, path);
  const complaints: Complaint[] = [];
  const complain = (path: JsonPath, text: Text) => complaints.push({ path: showPath(path), text });

  certificateRules(at, complain);
  retentionRule(at, complain);
  automaticRules(at, complain);
  if (at('roster', 'kind') === 'csv') csvRules(at, complain, folder);
  if (at('roster', 'kind') === 'sqlite') sqliteRules(at, complain);
  distinctFiles(at, complain, folder);
  return complaints;
}

type At = (...path: JsonPath) => unknown;
type Complain = (path: JsonPath, text: Text) => void;

function certificateRules(at: At, complain: Complain): void {
  const environment = at('spar', 'environment');
  const certificate = at('spar', 'certificate');
  if (certificate === undefined && (environment === 'test' || environment === 'production')) {
    complain(['spar', 'certificate'], {
      en: `is missing; SPAR answers nobody without one in "${environment}" (only "simulator" needs none)`,
      sv: `saknas; SPAR svarar inte utan certifikat i "${environment}" (bara "simulator" klarar sig utan)`,
    });
  }
  const file = at('spar', 'certificate', 'passphraseFile') !== undefined;
  const env = at('spar', 'certificate', 'passphraseEnv') !== undefined;
  if (file && env) {
    complain(['spar', 'certificate', 'passphraseEnv'], {
      en: 'stands beside "passphraseFile"; only one of them may be there',
      sv: 'står bredvid "passphraseFile"; bara en av dem får finnas',
    });
  }
  if (at('spar', 'certificate', 'file') !== undefined && !file && !env) {
    complain(['spar', 'certificate'], {
      en: 'says no passphrase; "passphraseFile" (a file that holds it) or "passphraseEnv" (the name of an environment variable) must be there',
      sv: 'saknar lösenfras; "passphraseFile" (en fil där den står) eller "passphraseEnv" (namnet på en miljövariabel) måste finnas',
    });
  }
}

/** The most days that a period can have: 92 for three months, 31 for one. */
function longestDays(freshness: Freshness): number {
  return freshness.kind === 'days' ? freshness.days : Math.ceil(freshness.months * 30.6);
}

// Defaults of `config-schema.ts`, needed here because these rules see the configuration as written.
const DEFAULT_CACHE_DAYS = 400;
const DEFAULT_STATE = 'spar-sync.db';

function retentionRule(at: At, complain: Complain): void {
  const written = at('freshness');
  const freshness = typeof written === 'string' ? parseFreshness(written) : undefined;
  const days = at('retention', 'cacheDays') ?? DEFAULT_CACHE_DAYS;
  if (freshness === undefined || typeof days !== 'number' || days > longestDays(freshness)) return;
  const longest = longestDays(freshness);
  complain(['retention', 'cacheDays'], {
    en: `is ${days}; it must exceed "freshness" (${longest} days), or answers would be erased while they are fresh and bought again`,
    sv: `är ${days}; ska vara mer än "freshness" (${longest} dagar), annars raderas svar medan de är aktuella och köps igen`,
  });
}

function automaticRules(at: At, complain: Complain): void {
  if (at('automatic', 'enabled') !== true) return;
  if (at('automatic', 'responsible') === undefined) {
    complain(['automatic', 'responsible'], {
      en: 'is missing; when "enabled" is true it must name the person whom SPAR logs for the automatic runs',
      sv: 'saknas; när "enabled" är true ska den person anges som SPAR loggar för de automatiska körningarna',
    });
  }
  const types = at('automatic', 'types');
  if (Array.isArray(types) && types.length === 0 && at('automatic', 'guardians') !== true) {
    complain(['automatic', 'types'], {
      en: 'is empty and "guardians" is not true: an automatic run would have nothing to do',
      sv: 'är tom och "guardians" är inte true: en automatisk körning skulle inte ha något att göra',
    });
  }
}

function listAt(at: At, ...path: JsonPath): readonly unknown[] {
  const value = at(...path);
  return Array.isArray(value) ? value : [];
}

function csvRules(at: At, complain: Complain, folder: string): void {
  const files = listAt(at, 'roster', 'files');
  files.forEach((_, index) => {
    columnRules(at, complain, ['roster', 'files', index, 'columns']);
  });
  columnRules(at, complain, ['roster', 'links', 'columns']);
  const file = at('roster', 'newGuardian', 'file');
  if (typeof file !== 'string') return;
  const places = files.map((one) => valueAt(one, ['path']));
  const found = places.findIndex(
    (path) => typeof path === 'string' && resolve(folder, path) === resolve(folder, file),
  );
  newGuardianRule(
    complain,
    ['roster', 'newGuardian', 'file'],
    valueAt(files[found], ['type']),
    found,
    FILE_PLACE,
  );
}

function sqliteRules(at: At, complain: Complain): void {
  const people = at('roster', 'people');
  const tables = Array.isArray(people) ? people : [people];
  const pathOf = (index: number): JsonPath =>
    Array.isArray(people) ? ['roster', 'people', index] : ['roster', 'people'];
  const seen = new Map<string, JsonPath>();
  const links = at('roster', 'links', 'table');
  if (typeof links === 'string') seen.set(links.toLowerCase(), ['roster', 'links', 'table']);
  tables.forEach((one, index) => {
    columnRules(at, complain, [...pathOf(index), 'columns']);
    const table = valueAt(one, ['table']);
    if (typeof table !== 'string') return;
    const earlier = seen.get(table.toLowerCase());
    const path = [...pathOf(index), 'table'];
    if (earlier !== undefined) complain(path, sameAs(showPath(earlier)));
    seen.set(table.toLowerCase(), path);
  });
  columnRules(at, complain, ['roster', 'links', 'columns']);
  const table = at('roster', 'newGuardian', 'table');
  if (typeof table !== 'string') return;
  const found = tables.findIndex((one) => valueAt(one, ['table']) === table);
  newGuardianRule(
    complain,
    ['roster', 'newGuardian', 'table'],
    valueAt(tables[found], ['type']),
    found,
    TABLE_PLACE,
  );
}

const FILE_PLACE: Text = { en: 'one of the files in roster.files', sv: 'en av filerna i roster.files' };
const TABLE_PLACE: Text = {
  en: 'one of the tables in roster.people',
  sv: 'en av tabellerna i roster.people',
};

function newGuardianRule(
  complain: Complain,
  path: JsonPath,
  type: unknown,
  found: number,
  place: Text,
): void {
  if (found === -1) {
    complain(path, {
      en: `names something else; it must be ${place.en}`,
      sv: `anger något annat; ska vara ${place.sv}`,
    });
  } else if (type === 'student' || type === 'staff') {
    complain(path, {
      en: `names a place for "${type}" only; it must take guardians`,
      sv: `anger en plats för enbart "${type}"; den ska ta emot vårdnadshavare`,
    });
  }
}

/** One header cannot be two of our columns. */
function columnRules(at: At, complain: Complain, path: JsonPath): void {
  const columns = at(...path);
  if (typeof columns !== 'object' || columns === null || Array.isArray(columns)) return;
  const seen = new Map<unknown, string>();
  for (const [ours, theirs] of Object.entries(columns)) {
    const earlier = seen.get(theirs);
    if (typeof theirs === 'string' && earlier !== undefined) complain([...path, ours], sameAs(earlier));
    seen.set(theirs, ours);
  }
}

function sameAs(other: string): Text {
  return { en: `is the same as ${other}`, sv: `är samma som ${other}` };
}

/** The files of the roster, its links and the state are different files. */
function distinctFiles(at: At, complain: Complain, folder: string): void {
  const files = listAt(at, 'roster', 'files').map((_, index): JsonPath => ['roster', 'files', index, 'path']);
  const seen = new Map<string, string>();
  for (const path of [...files, ['roster', 'path'], ['roster', 'links', 'path'], ['state']]) {
    const written = at(...path) ?? (path[0] === 'state' ? DEFAULT_STATE : undefined);
    if (typeof written !== 'string' || written === '' || written.includes('\0')) continue;
    const absolute = resolve(folder, written);
    const earlier = seen.get(absolute);
    if (earlier !== undefined) complain(path, sameAs(earlier));
    seen.set(absolute, showPath(path));
  }
}
