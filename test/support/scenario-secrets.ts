import { readFileSync } from 'node:fs';
import { POPULATION_FILE } from '../../src/adapters/spar/simulator/population.ts';
import { type RawRoster, textOf } from './roster-cells.ts';

/** What no screen and no log may show of anybody. */
export interface Secrets {
  /** Finds unmasked numbers, in any way of writing them. */
  readonly numbers: RegExp | undefined;
  /** Names, streets, c/o of people who are protected. */
  readonly ofProtected: readonly string[];
  /** Finds unmasked numbers of people who are protected. */
  readonly numbersOfProtected: RegExp | undefined;
}

const TELLING = ['first_name', 'last_name', 'street', 'care_of', 'email', 'phone'];

interface Post {
  readonly IdNummer: string;
  readonly Sekretessmarkering?: unknown;
  readonly Namn?: readonly Readonly<Record<string, string | null>>[];
  readonly Folkbokforingsadress?: readonly { readonly SvenskAdress?: Readonly<Record<string, string>> }[];
}

/**
 * Gathers the secrets of all these rosters; protected is who the register or any row says is.
 *
 * @param register files with the people whom SPAR knows besides its population; the latest is what SPAR says now
 */
export function secretsOf(rosters: readonly RawRoster[], register: readonly string[] = []): Secrets {
  const posts = [POPULATION_FILE, ...register].flatMap(readPosts);
  const now = new Map(posts.map((post) => [tenDigits(post), post]));
  const isHidden = (number: string) => now.get(number)?.Sekretessmarkering !== undefined;
  const rows = rowsByKey(rosters);
  const numbers = new Set(now.keys());
  const ofProtected = new Set<string>();
  const ofOthers = new Set<string>();
  const numbersOfProtected = new Set([...numbers].filter(isHidden));
  for (const [row, versions] of rows) {
    if (row === 'line 1') continue;
    const held = versions.map((cells) => (cells.get('personnummer') ?? '').replace(/\D/g, '').slice(-10));
    for (const number of held) if (number.length === 10) numbers.add(number);
    const isProtected =
      held.some(isHidden) ||
      versions.some((cells) => !['', '0', 'nej', 'no', 'false'].includes(cells.get('protected') ?? ''));
    if (isProtected) for (const number of held) if (number.length === 10) numbersOfProtected.add(number);
    const values = isProtected ? ofProtected : ofOthers;
    for (const cells of versions) for (const field of TELLING) values.add(cells.get(field) ?? '');
  }
  for (const post of posts) {
    const values = numbersOfProtected.has(tenDigits(post)) ? ofProtected : ofOthers;
    for (const value of toldBy(post)) values.add(value);
  }
  ofOthers.add('');
  return {
    numbers: anyOf(numbers),
    // What also is somebody else's, a surname for one, tells nothing of the protected.
    ofProtected: [...ofProtected].filter((value) => !ofOthers.has(value)),
    numbersOfProtected: anyOf(numbersOfProtected),
  };
}

/** The rows, by type and id, as each of the rosters has them. */
function rowsByKey(rosters: readonly RawRoster[]): Map<string, Map<string, string>[]> {
  const rows = new Map<string, Map<string, string>[]>();
  for (const roster of rosters) {
    const ofRoster = new Map<string, Map<string, string>>();
    for (const { name, raw } of roster.cells) {
      const at = name.lastIndexOf(' ');
      const [row, field] = [name.slice(0, at), name.slice(at + 1)];
      const cells = ofRoster.get(row) ?? new Map<string, string>();
      ofRoster.set(row, cells.set(field, textOf(raw)));
    }
    for (const [row, cells] of ofRoster) rows.set(row, [...(rows.get(row) ?? []), cells]);
  }
  return rows;
}

function readPosts(file: string): readonly Post[] {
  return JSON.parse(readFileSync(file, 'utf8'));
}

function tenDigits({ IdNummer }: Post): string {
  return IdNummer.slice(2);
}

/** The names and streets of a post, as they may turn up in a roster. */
function toldBy({ Namn = [], Folkbokforingsadress = [] }: Post): string[] {
  const names = Namn.flatMap(({ Fornamn, Efternamn }) => [...(Fornamn ?? '').split(' '), Efternamn ?? '']);
  const streets = Folkbokforingsadress.map(({ SvenskAdress }) => SvenskAdress?.['Utdelningsadress2'] ?? '');
  return [...names, ...streets];
}

function anyOf(numbers: ReadonlySet<string>): RegExp | undefined {
  if (numbers.size === 0) return undefined;
  return new RegExp([...numbers].map((ten) => `${ten.slice(0, 6)}[-+ ]?${ten.slice(6)}`).join('|'));
}
