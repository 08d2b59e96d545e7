import { printableShort } from '../adapters/report/printable.ts';
import { type CalendarDate, parseCalendarDate } from '../domain/calendar-date.ts';
import { PERSON_TYPES, type PersonType } from '../domain/roster.ts';
import type { Text } from '../domain/text.ts';
import { SparSyncError } from '../errors.ts';
import type {
  ApplyOptions,
  AuditOptions,
  CommonOptions,
  CostOptions,
  DuplicatesOptions,
  ExportOptions,
  ForgetOptions,
  GuardiansOptions,
  NightlyOptions,
  RowSelector,
  SimulatorOptions,
  TableFormat,
  UpdateOptions,
} from './options.ts';

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
    ...(asOf !== undefined && { asOf: parseDay(asOf, '--as-of') }),
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

const FORMATS: readonly TableFormat[] = ['table', 'csv', 'json'];

type TableOptions = Pick<DuplicatesOptions, 'format' | 'output' | 'excel'>;

/** `--format`, `-o` and `--excel` of a command whose result is a table. */
export function parseTableOptions(raw: RawOptions, json: boolean): TableOptions {
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

export function parseNightlyOptions(raw: RawOptions): NightlyOptions {
  const report = textOf(raw, 'report', '--report');
  return report === undefined ? {} : { report };
}

export function parseCostOptions(raw: RawOptions): CostOptions {
  const month = textOf(raw, 'month', '--month')?.trim();
  if (month === undefined) return {};
  if (parseCalendarDate(`${month}-01`) === undefined) {
    throw usage({
      en: `--month needs a month as YYYY-MM, not \`${printableShort(month)}\`.`,
      sv: `--month ska vara en månad som ÅÅÅÅ-MM, inte \`${printableShort(month)}\`.`,
    });
  }
  return { month };
}

export function parseAuditOptions(raw: RawOptions, json: boolean): AuditOptions {
  const id = textOf(raw, 'id', '--id')?.trim();
  const since = textOf(raw, 'since', '--since');
  return {
    ...parseTableOptions(raw, json),
    ...(id !== undefined && { about: id === STDIN ? 'stdin' : parseRowSelector(id) }),
    ...(since !== undefined && { since: parseDay(since, '--since') }),
  };
}

/** What stands for standard input. */
const STDIN = '-';

export function parseForgetOptions(ids: readonly string[], raw: RawOptions): ForgetOptions {
  const isDeparted = raw['departed'] === true;
  const isStdin = ids.includes(STDIN);
  if (isDeparted ? ids.length > 0 : ids.length === 0 || (isStdin && ids.length > 1)) {
    throw usage({
      en: '`forget` needs one of three: ids of rows, `-` for a list on standard input, or --departed.',
      sv: '`forget` behöver ett av tre: id för rader, `-` för en lista på standard in, eller --departed.',
    });
  }
  return {
    whom: isDeparted ? 'departed' : isStdin ? 'stdin' : ids.map(parseRowSelector),
    dryRun: raw['dryRun'] === true,
    force: raw['force'] === true,
  };
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

function parseDay(text: string, flag: string): CalendarDate {
  const date = parseCalendarDate(text.trim());
  if (date === undefined) {
    throw usage({
      en: `${flag} needs a real date as YYYY-MM-DD, not \`${printableShort(text)}\`.`,
      sv: `${flag} ska vara ett riktigt datum som ÅÅÅÅ-MM-DD, inte \`${printableShort(text)}\`.`,
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
export function parseRowSelector(text: string): RowSelector {
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
