import { printableShort } from '../adapters/report/printable.ts';
import { type CalendarDate, parseCalendarDate } from '../domain/calendar-date.ts';
import { PERSON_TYPES, type PersonType } from '../domain/roster.ts';
import type { Text } from '../domain/text.ts';
import { SparSyncError } from '../errors.ts';

/** What can be said everywhere, before or after the command's name. */
export interface CommonOptions {
  readonly config?: string;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly color: boolean;
  readonly asOf?: CalendarDate;
}

/** One `--id`: of any type where the type is missing. */
export interface RowSelector {
  readonly type?: PersonType;
  readonly id: string;
}

export interface UpdateOptions {
  /** Missing: what the configuration says. */
  readonly types?: readonly PersonType[];
  /** Missing: everybody. */
  readonly ids?: readonly RowSelector[];
  readonly dryRun: boolean;
  readonly offline: boolean;
  readonly refresh: boolean;
  /** Where to save the plan. */
  readonly plan?: string;
  readonly force: boolean;
  readonly yes: boolean;
  /** Folder for the reports. */
  readonly report?: string;
}

export interface ApplyOptions {
  readonly plan: string;
  readonly report?: string;
}

export interface CheckOptions {
  readonly online: boolean;
}

export interface SimulatorOptions {
  /** Missing: any free one. */
  readonly port?: number;
  /** Folder for the certificates. */
  readonly dir: string;
}

/** As commander hands them over: flags as booleans, values as text, lists as text. */
export type RawOptions = Readonly<Record<string, unknown>>;

export function parseCommonOptions(raw: RawOptions): CommonOptions {
  const config = textOf(raw, 'config', '--config');
  const asOf = textOf(raw, 'asOf', '--as-of');
  return {
    ...(config !== undefined && { config }),
    json: raw['json'] === true,
    quiet: raw['quiet'] === true,
    color: raw['color'] !== false,
    ...(asOf !== undefined && { asOf: parseAsOf(asOf) }),
  };
}

export function parseUpdateOptions(raw: RawOptions): UpdateOptions {
  const types = listOf(raw, 'type');
  const ids = listOf(raw, 'id');
  const plan = textOf(raw, 'plan', '--plan');
  const report = textOf(raw, 'report', '--report');
  if (raw['offline'] === true && raw['refresh'] === true) {
    throw usage({
      en: '--offline and --refresh contradict each other: the one never asks SPAR, the other always does.',
      sv: '--offline och --refresh går inte ihop: det ena frågar aldrig SPAR, det andra alltid.',
    });
  }
  return {
    ...(types && { types: [...new Set(types.map(parseType))] }),
    ...(ids && { ids: ids.map(parseRowSelector) }),
    dryRun: raw['dryRun'] === true,
    offline: raw['offline'] === true,
    refresh: raw['refresh'] === true,
    ...(plan !== undefined && { plan }),
    force: raw['force'] === true,
    yes: raw['yes'] === true,
    ...(report !== undefined && { report }),
  };
}

export function parseApplyOptions(plan: string, raw: RawOptions): ApplyOptions {
  const report = textOf(raw, 'report', '--report');
  return { plan, ...(report !== undefined && { report }) };
}

export function parseSimulatorOptions(raw: RawOptions): SimulatorOptions {
  const port = textOf(raw, 'port', '--port');
  return {
    dir: textOf(raw, 'dir', '--dir') ?? 'spar-simulator',
    ...(port !== undefined && { port: parsePort(port) }),
  };
}

function parseAsOf(text: string): CalendarDate {
  const date = parseCalendarDate(text.trim());
  if (date === undefined) {
    throw usage({
      en: `--as-of needs a real date as YYYY-MM-DD, not \`${printableShort(text)}\`.`,
      sv: `--as-of ska vara ett riktigt datum som ÅÅÅÅ-MM-DD, inte \`${printableShort(text)}\`.`,
    });
  }
  return date;
}

const TYPE_WORDS: ReadonlyMap<string, PersonType> = new Map<string, PersonType>([
  ...PERSON_TYPES.map((type) => [type, type] as const),
  ['elev', 'student'],
  ['personal', 'staff'],
  ['vårdnadshavare', 'guardian'],
  ['närstående', 'guardian'],
]);

function typeOf(word: string): PersonType | undefined {
  return TYPE_WORDS.get(word.trim().normalize('NFC').toLowerCase());
}

function parseType(word: string): PersonType {
  const type = typeOf(word);
  if (type === undefined) {
    throw usage({
      en: `--type takes student, staff or guardian, not \`${printableShort(word)}\`.`,
      sv: `--type tar student, staff eller guardian (elev, personal, vårdnadshavare), inte \`${printableShort(word)}\`.`,
    });
  }
  return type;
}

/** `17` or `student:17`. An id may hold a colon itself: only a type before it counts. */
function parseRowSelector(text: string): RowSelector {
  const colon = text.indexOf(':');
  const type = colon > 0 ? typeOf(text.slice(0, colon)) : undefined;
  const id = (type === undefined ? text : text.slice(colon + 1)).trim();
  if (id === '') {
    throw usage({
      en: '--id needs a row id: `17` or `student:17`.',
      sv: '--id ska vara ett id: `17` eller `student:17`.',
    });
  }
  return { id, ...(type !== undefined && { type }) };
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port >= 0 && port <= 65_535)) {
    throw usage({
      en: `--port takes a number from 0 (any free port) to 65535, not \`${printableShort(text)}\`.`,
      sv: `--port tar ett tal från 0 (valfri ledig port) till 65535, inte \`${printableShort(text)}\`.`,
    });
  }
  return port;
}

function textOf(raw: RawOptions, key: string, flag: string): string | undefined {
  const value = raw[key];
  if (typeof value !== 'string') return undefined;
  if (value.trim() === '') {
    throw usage({
      en: `${flag} needs a value that is not empty.`,
      sv: `${flag} behöver ett värde som inte är tomt.`,
    });
  }
  return value;
}

function listOf(raw: RawOptions, key: string): readonly string[] | undefined {
  const value = raw[key];
  return Array.isArray(value) ? value.map(String) : undefined;
}

function usage(text: Text): SparSyncError {
  return new SparSyncError('usage', text, {
    en: '`spar-sync --help` and `spar-sync COMMAND --help` show what there is, with examples.',
    sv: '`spar-sync --help` och `spar-sync KOMMANDO --help` visar vad som finns, med exempel.',
  });
}
