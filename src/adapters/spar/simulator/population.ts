import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { SparSyncError } from '../../../errors.ts';
import type { Post } from './post.ts';
import { PERSON_ID, POST, type Term } from './terms.ts';

/** The people that the simulator knows. */
export interface Population {
  readonly size: number;
  find(id: string): Post | undefined;
  /** Any post but this one's, for answers that are about the wrong person. */
  findOther(id: string): Post | undefined;
}

/** Of posts made in code; the types say what a post may hold. Two posts of one number are a bug of the caller. */
export function createPopulation(posts: Iterable<Post>): Population {
  const byId = new Map<string, Post>();
  for (const post of posts) {
    if (byId.has(post.IdNummer)) throw new Error('two posts with the same IdNummer in the population');
    byId.set(post.IdNummer, post);
  }
  return {
    size: byId.size,
    find: (id) => byId.get(id),
    findOther(id) {
      for (const post of byId.values()) if (post.IdNummer !== id) return post;
      return undefined;
    },
  };
}

/** The population that comes with the program. */
export const POPULATION_FILE = fileURLToPath(
  new URL('../../../../fixtures/population.json', import.meta.url),
);

/**
 * Reads a population: a JSON array of posts (`Post`).
 *
 * @throws SparSyncError `config` with the file and every JSON path that is wrong.
 */
export async function loadPopulation(path: string = POPULATION_FILE): Promise<Population> {
  const parsed: unknown = parse(await read(path), path);
  const problems: string[] = [];
  if (Array.isArray(parsed))
    for (const [index, post] of parsed.entries()) checkPost(post, `[${index}]`, problems);
  else problems.push('not an array');
  if (problems.length > 0) throw unusable(path, problems.join('; '));
  // Checked above against the same table that answers are rendered by.
  return createPopulation(parsed as readonly Post[]);
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    throw unusable(path, 'cannot be read');
  }
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw unusable(path, 'not JSON');
  }
}

function unusable(path: string, problem: string): SparSyncError {
  return new SparSyncError(
    'config',
    {
      en: `The simulator's population ${path} cannot be used: ${problem}`,
      sv: `Simulatorns befolkning ${path} går inte att använda: ${problem}`,
    },
    {
      en: 'Each post mirrors AviseringPost; see fixtures/population.json for examples.',
      sv: 'Varje post följer AviseringPost; se fixtures/population.json för exempel.',
    },
  );
}

function checkPost(post: unknown, path: string, problems: string[]): void {
  checkRow(post, [...PERSON_ID, ...POST], path, problems);
  const { IdNummer: id } = isObject(post) ? post : {};
  if (typeof id !== 'string' || !/^[1-9][0-9]{11}$/.test(id))
    problems.push(`${path}.IdNummer is not twelve digits`);
}

function checkRow(row: unknown, terms: readonly Term[], path: string, problems: string[]): void {
  if (!isObject(row)) {
    problems.push(`${path} is not an object`);
    return;
  }
  for (const [key, value] of Object.entries(row)) {
    const term = terms.find(({ name }) => name === key);
    if (term === undefined) problems.push(`${path}.${key} is unknown`);
    else checkValue(value, term, `${path}.${key}`, problems);
  }
}

function checkValue(value: unknown, term: Term, path: string, problems: string[]): void {
  const { children } = term;
  if (children === undefined) {
    if (!isText(value, term)) problems.push(`${path} is not text`);
  } else if (!term.repeats) {
    checkRow(value, children, path, problems);
  } else if (Array.isArray(value)) {
    for (const [index, row] of value.entries()) checkRow(row, children, `${path}[${index}]`, problems);
  } else {
    problems.push(`${path} is not an array`);
  }
}

function isText(value: unknown, term: Term): boolean {
  if (value === null || typeof value === 'string') return true;
  if (term.attribute === undefined || !isObject(value)) return false;
  return Object.entries(value).every(
    ([key, text]) => (key === 'text' || key === term.attribute) && typeof text === 'string',
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
