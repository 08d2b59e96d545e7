import type { Text } from '../../domain/text.ts';
import { SparSyncError } from '../../errors.ts';
import { allowedText } from './allowed-values.ts';
import { nearestWord } from './nearest-word.ts';

/** One thing that is wrong with the configuration. Never holds a value that could be secret or personal. */
export interface Complaint {
  /** JSON path (`roster.files[0].path`); empty for the configuration as a whole. */
  readonly path: string;
  readonly text: Text;
}

export type JsonPath = readonly PropertyKey[];

/** What `complaints.ts` uses of an issue of the schema. */
export interface SchemaIssue {
  readonly code?: string | undefined;
  readonly path: JsonPath;
  /** An `AllowedName`, or the known keys where `code` is `unrecognized_keys`. */
  readonly message: string;
  readonly keys?: readonly string[];
  readonly values?: readonly unknown[];
  readonly errors?: readonly (readonly SchemaIssue[])[];
}

/** More than anybody mends in one go: what comes after is no configuration. */
const MOST_TOLD = 100;

/** One error that lists every complaint, a line each. */
export function configError(file: string, complaints: readonly Complaint[]): SparSyncError {
  const count = complaints.length;
  const more = count - MOST_TOLD;
  const lines = (language: 'en' | 'sv') => {
    const told = complaints.slice(0, MOST_TOLD).map(({ path, text }) => {
      return `\n  ${path === '' ? '' : `${path}: `}${text[language]}`;
    });
    const rest = { en: `\n  … and ${more} more`, sv: `\n  … och ${more} till` };
    return told.join('') + (more > 0 ? rest[language] : '');
  };
  return new SparSyncError(
    'config',
    {
      en: `${file} cannot be used, ${count === 1 ? 'one complaint' : `${count} complaints`}:${lines('en')}`,
      sv: `${file} kan inte användas, ${count === 1 ? 'ett fel' : `${count} fel`}:${lines('sv')}`,
    },
    {
      en: 'config.example.json shows every key; config.schema.json lets an editor check while you write.',
      sv: 'config.example.json visar alla nycklar; med config.schema.json kan en editor kontrollera medan du skriver.',
    },
  );
}

/** Makes sentences of the schema's issues. `places` says where keys that exist belong, by key. */
export function complaintsOf(
  issues: readonly SchemaIssue[],
  raw: unknown,
  places: ReadonlyMap<string, readonly string[]>,
): Complaint[] {
  return issues.flatMap((issue): Complaint[] => {
    const branch = bestBranch(issue, raw);
    if (branch !== undefined) {
      const inner = branch.map((one) => ({ ...one, path: [...issue.path, ...one.path] }));
      return complaintsOf(inner, raw, places);
    }
    if (issue.keys !== undefined) {
      const known = issue.message.split(' ');
      const owner = valueAt(raw, issue.path);
      return issue.keys.map((key) => ({
        path: showPath([...issue.path, key]),
        text: unknownKeyText(key, valueAt(owner, [key]), known, places.get(key) ?? []),
      }));
    }
    return [{ path: showPath(issue.path), text: wrongValueText(issue, valueAt(raw, issue.path)) }];
  });
}

/** Of several forms that a value may have, the one that it fails least; none when it has no such form at all. */
function bestBranch(issue: SchemaIssue, raw: unknown): readonly SchemaIssue[] | undefined {
  const value = valueAt(raw, issue.path);
  if (typeof value !== 'object' || value === null) return undefined;
  const branches = (issue.errors ?? []).filter((branch) =>
    branch.every((one) => one.path.length > 0 || one.code !== 'invalid_type'),
  );
  const faults = (branch: readonly SchemaIssue[]) =>
    branch.reduce((sum, one) => sum + (one.keys === undefined ? 1 : one.keys.length), 0);
  return [...branches].sort((a, b) => faults(a) - faults(b))[0];
}

/** The value at a path of own properties; `undefined` where there is none. */
export function valueAt(raw: unknown, path: JsonPath): unknown {
  let here = raw;
  for (const key of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, key)) return undefined;
    here = Object.getOwnPropertyDescriptor(here, key)?.value;
  }
  return here;
}

/** `roster.files[0].path`. A key that might itself be a secret or a personnummer is not shown. */
export function showPath(path: JsonPath): string {
  return path
    .map((key, index) => {
      if (typeof key === 'number') return `[${key}]`;
      const text = String(key);
      if (/^[\p{L}_$][\p{L}\d_$-]{0,39}$/u.test(text) && !/\d{6}/.test(text))
        return index === 0 ? text : `.${text}`;
      return '[…]';
    })
    .join('');
}

function wrongValueText(issue: SchemaIssue, value: unknown): Text {
  const isOtherKind = issue.code === 'invalid_type' || (issue.errors ?? []).length > 0;
  const wrong = describeValue(value, isOtherKind);
  const allowed = allowedText(issue.message) ?? { en: 'something else', sv: 'något annat' };
  const words = issue.values ?? WORDS[issue.message] ?? [];
  const meant =
    typeof value === 'string' && value.length > 1
      ? nearestWord(
          value,
          words.filter((word) => typeof word === 'string'),
        )
      : undefined;
  return {
    en: `${wrong.en}; it must be ${allowed.en}${meant === undefined ? '' : `. Did you mean "${meant}"?`}`,
    sv: `${wrong.sv}; ska vara ${allowed.sv}${meant === undefined ? '' : `. Menade du "${meant}"?`}`,
  };
}

/** Words that an issue of these places does not list itself. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  freshness: ['week', 'month', 'quarter'],
  rosterKind: ['csv', 'sqlite'],
};

/** Says what kind of value it is. Texts and long numbers are never quoted: they may be secret or personal. */
function describeValue(value: unknown, isOtherKind: boolean): Text {
  if (value === undefined) return { en: 'is missing', sv: 'saknas' };
  if (value === null || typeof value === 'boolean') return { en: `is ${value}`, sv: `är ${value}` };
  if (typeof value === 'number') {
    const shown = Math.abs(value) < 1e6 && String(value).length <= 8 ? ` ${value}` : undefined;
    return { en: `is${shown ?? ' another number'}`, sv: `är${shown ?? ' ett annat tal'}` };
  }
  if (value === '') return { en: 'is empty', sv: 'är tom' };
  if (typeof value === 'string') {
    return isOtherKind
      ? { en: 'is a text', sv: 'är en text' }
      : { en: 'is something that is not allowed here', sv: 'är något som inte får stå här' };
  }
  if (!Array.isArray(value)) return { en: 'is an object', sv: 'är ett objekt' };
  return isOtherKind
    ? { en: 'is a list', sv: 'är en lista' }
    : { en: 'is another list', sv: 'är en annan lista' };
}

const SECRET_KEY = /pass|pwd|secret|lösen|losen|hemlig|pin/i;

function unknownKeyText(
  key: string,
  value: unknown,
  known: readonly string[],
  places: readonly string[],
): Text {
  if (SECRET_KEY.test(key)) {
    return {
      en: 'is not a known key. A passphrase never stands in the configuration: put it into a file and name the file in "passphraseFile", or name an environment variable in "passphraseEnv"',
      sv: 'är ingen känd nyckel. En lösenfras står aldrig i inställningarna: lägg den i en fil och ange filen i "passphraseFile", eller ange en miljövariabel i "passphraseEnv"',
    };
  }
  if (known.includes('personnummer') && typeof value === 'string' && known.includes(value)) {
    return {
      en: `is not one of our column names. Our name stands first and the roster's header after it: "${value}": "…"`,
      sv: `är inget av våra kolumnnamn. Vårt namn står först och registrets rubrik efter: "${value}": "…"`,
    };
  }
  const meant = nearestWord(key, known);
  if (meant !== undefined) {
    return {
      en: `is not a known key. Did you mean "${meant}"?`,
      sv: `är ingen känd nyckel. Menade du "${meant}"?`,
    };
  }
  const place = places[0];
  if (place !== undefined) {
    return {
      en: `is not a known key here. It belongs at ${place}`,
      sv: `är ingen känd nyckel här. Den hör hemma på ${place}`,
    };
  }
  return {
    en: `is not a known key. Known here: ${known.join(', ')}`,
    sv: `är ingen känd nyckel. Här finns: ${known.join(', ')}`,
  };
}
