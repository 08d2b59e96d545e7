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
}

const POPULATION: readonly Post[] = JSON.parse(readFileSync(POPULATION_FILE, 'utf8'));
const PROTECTED = new Set(
  POPULATION.filter((post) => post.Sekretessmarkering !== undefined).map((post) => post.IdNummer.slice(2)),
);

/** Gathers the secrets of all these rosters; protected is who the register or any row says is. */
export function secretsOf(rosters: readonly RawRoster[]): Secrets {
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
  const numbers = new Set(POPULATION.map((post) => post.IdNummer.slice(2)));
  const ofProtected = new Set<string>();
  const numbersOfProtected = new Set<string>();
  for (const [row, versions] of rows) {
    if (row === 'line 1') continue;
    const held = versions.map((cells) => (cells.get('personnummer') ?? '').replace(/\D/g, '').slice(-10));
    for (const number of held) if (number.length === 10) numbers.add(number);
    const isProtected =
      held.some((number) => PROTECTED.has(number)) ||
      versions.some((cells) => !['', '0', 'nej', 'no', 'false'].includes(cells.get('protected') ?? ''));
    if (!isProtected) continue;
    for (const number of held) if (number.length === 10) numbersOfProtected.add(number);
    for (const cells of versions) for (const field of TELLING) ofProtected.add(cells.get(field) ?? '');
  }
  ofProtected.delete('');
  return {
    numbers: anyOf(numbers),
    ofProtected: [...ofProtected],
    numbersOfProtected: anyOf(numbersOfProtected),
  };
}

function anyOf(numbers: ReadonlySet<string>): RegExp | undefined {
  if (numbers.size === 0) return undefined;
  return new RegExp([...numbers].map((ten) => `${ten.slice(0, 6)}[-+ ]?${ten.slice(6)}`).join('|'));
}
