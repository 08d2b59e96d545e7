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

export type GuardiansOptions = Omit<UpdateOptions, 'types' | 'refresh'>;

export type DuplicatesFormat = 'table' | 'csv' | 'json';

export interface DuplicatesOptions {
  readonly format: DuplicatesFormat;
  /** Missing: standard output. */
  readonly output?: string;
  /** For a spreadsheet rather than in the roster's own dialect. */
  readonly excel: boolean;
}

export interface DecisionsOptions {
  readonly file: string;
  readonly dryRun: boolean;
}

export interface ExportOptions {
  readonly types?: readonly PersonType[];
  readonly output?: string;
  readonly withGuardians: boolean;
  readonly excel: boolean;
}

export interface HistoryOptions {
  /** Missing: all of them. */
  readonly run?: number;
}

export interface UndoOptions {
  readonly run: number;
  readonly dryRun: boolean;
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

export function parseGuardiansOptions(raw: RawOptions): GuardiansOptions {
  const { types: _types, refresh: _refresh, ...options } = parseUpdateOptions(raw);
  const strangers = (options.ids ?? []).filter(({ type }) => type !== undefined && type !== 'student');
  if (strangers.length > 0) {
    throw usage({
      en: '`guardians` goes by students: --id takes `17` or `student:17` here.',
      sv: '`guardians` utgår från eleverna: här tar --id `17` eller `student:17`.',
    });
  }
  return options;
}

const FORMATS: readonly DuplicatesFormat[] = ['table', 'csv', 'json'];

export function parseDuplicatesOptions(raw: RawOptions, json: boolean): DuplicatesOptions {
  const written = textOf(raw, 'format', '--format');
  const output = textOf(raw, 'output', '--output');
  const excel = raw['excel'] === true;
  const wanted =
    written ?? (json ? 'json' : excel || output?.toLowerCase().endsWith('.csv') ? 'csv' : 'table');
  const format = FORMATS.find((one) => one === wanted.trim().toLowerCase());
  if (format === undefined) {
    throw usage({
      en: `--format takes table, csv or json, not \`${printableShort(wanted)}\`.`,
      sv: `--format tar table, csv eller json, inte \`${printableShort(wanted)}\`.`,
    });
  }
  if (excel && format !== 'csv') {
    throw usage({ en: '--excel is for --format csv.', sv: '--excel gäller --format csv.' });
  }
  if (json && format !== 'json') {
    throw usage({
      en: '--json and another --format contradict each other.',
      sv: '--json och ett annat --format går inte ihop.',
    });
  }
  return { format, excel, ...(output !== undefined && { output }) };
}

export function parseExportOptions(raw: RawOptions): ExportOptions {
  const types = listOf(raw, 'type');
  const output = textOf(raw, 'output', '--output');
  const withGuardians = raw['withGuardians'] === true;
  if (withGuardians && types !== undefined) {
    throw usage({
      en: '--type and --with-guardians contradict each other: the latter lists students and their guardians.',
      sv: '--type och --with-guardians går inte ihop: det senare visar elever och deras vårdnadshavare.',
    });
  }
  return {
    ...(types && { types: [...new Set(types.map(parseType))] }),
    ...(output !== undefined && { output }),
    withGuardians,
    excel: raw['excel'] === true,
  };
}

/** The number of a run, as `history` shows it. */
export function parseRun(text: string): number {
  const run = /^\d{1,15}$/.test(text.trim()) ? Number(text) : 0;
  if (run < 1) {
    throw usage({
      en: `A run is a number as \`spar-sync history\` shows it, not \`${printableShort(text)}\`.`,
      sv: `En körning är ett nummer som i \`spar-sync history\`, inte \`${printableShort(text)}\`.`,
    });
  }
  return run;
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
