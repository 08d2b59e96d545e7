import { stat } from 'node:fs/promises';
import type { WrittenDecision } from '../../app/duplicates/duplicate-report.ts';
import type { Verdict } from '../../domain/decision.ts';
import { type RowKey, rowKeyText } from '../../domain/roster.ts';
import type { Text } from '../../domain/text.ts';
import { SparSyncError } from '../../errors.ts';
import { latin1AsWindows1252 } from '../roster/csv/csv-encoding.ts';
import { readTable } from '../roster/csv/csv-table.ts';
import { DECISION_COLUMNS, readCheckCell } from './duplicates/duplicates-csv.ts';
import { restoreFormula } from './formula-cells.ts';
import { parseRowId } from './row-id.ts';

/** What `renderDuplicatesCsv` wrote and a person has edited. */
export interface DecisionFile {
  /** In the order of the file; each pair once. */
  readonly decisions: readonly WrittenDecision[];
}

type Column = (typeof DECISION_COLUMNS)[number];

const VERDICTS: Readonly<Record<string, Verdict>> = {
  same: 'same',
  samma: 'same',
  different: 'different',
  olika: 'different',
};

const LARGEST = 50 * 1024 * 1024;
const PROBLEMS_TOLD = 20;

/**
 * Reads the decisions out of a file that came from a spreadsheet: comma, semicolon or tab, UTF-8 or
 * Windows-1252, columns in any order, further columns and missing or blank lines forgiven. A line without a
 * decision says nothing.
 *
 * @param name the file as the person named it
 * @throws SparSyncError `decisions-unusable` with everything that is wrong, by line
 */
export async function readDecisionFile(path: string, name = path): Promise<DecisionFile> {
  await refuseHugeFile(path, name);
  const problems: Text[] = [];
  const decisions: WrittenDecision[] = [];
  const known = new Map<string, WrittenDecision>();
  const rows = readTable<WrittenDecision>({ path, name }, (shape, add) => {
    const decode = shape.encoding === 'windows-1252' ? latin1AsWindows1252 : (cell: string) => cell;
    const columns = findColumns(shape.headers, (trouble) => problems.push(atLine(shape.headerLine, trouble)));
    return (cells, _row, line) => {
      if (columns === undefined || cells.every((cell) => cell.trim() === '')) return;
      const told = (trouble: Text) => void problems.push(atLine(line, trouble));
      if (isRagged(cells, shape.headers.length, columns)) return told(RAGGED);
      const cellOf = (column: Column): string =>
        restoreFormula(decode(cells[columns[column] ?? Number.POSITIVE_INFINITY] ?? '').trim());
      const decision = readDecision(cellOf, line, told);
      if (decision === undefined) return;
      const pair = [decision.a, decision.b].map(rowKeyText).sort().join('\n');
      const earlier = known.get(pair);
      if (earlier === undefined) {
        known.set(pair, decision);
        add(decision);
      } else if (!agree(earlier, decision)) told(decidedTwice(earlier.line));
    };
  });
  try {
    for await (const batch of rows) decisions.push(...batch);
  } catch (error) {
    if (!(error instanceof SparSyncError)) throw error;
    // Of the reading itself: it names file and line, and nothing of what follows could be read.
    throw unusable([...problems.map((trouble) => inFile(name, trouble)), error.text]);
  }
  if (problems.length > 0) throw unusable(problems.map((trouble) => inFile(name, trouble)));
  return { decisions };
}

function findColumns(
  headers: readonly string[],
  told: (trouble: Text) => void,
): Readonly<Partial<Record<Column, number>>> | undefined {
  const names = headers.map((header) => header.trim().toLowerCase());
  const places: Partial<Record<Column, number>> = {};
  let isWhole = true;
  for (const column of DECISION_COLUMNS) {
    const place = names.indexOf(column);
    if (place >= 0) places[column] = place;
    if (place < 0 && column !== 'keep') told(missingColumn(column));
    if (place >= 0 && names.lastIndexOf(column) !== place) told(doubleColumn(column));
    if ((place < 0 && column !== 'keep') || names.lastIndexOf(column) !== place) isWhole = false;
  }
  return isWhole ? places : undefined;
}

/** Spreadsheets leave out or add blank cells at the end of a line; anything else has shifted its cells. */
function isRagged(
  cells: readonly string[],
  width: number,
  columns: Readonly<Partial<Record<Column, number>>>,
): boolean {
  if (cells.length > width) return cells.slice(width).some((cell) => cell.trim() !== '');
  return Object.values(columns).some((place) => place >= cells.length);
}

function readDecision(
  cellOf: (column: Column) => string,
  line: number,
  told: (trouble: Text) => void,
): WrittenDecision | undefined {
  const word = cellOf('decision').toLowerCase();
  if (word === '') return undefined;
  const verdict = Object.hasOwn(VERDICTS, word) ? VERDICTS[word] : undefined;
  const [a, b] = [parseRowId(cellOf('a')), parseRowId(cellOf('b'))];
  const check = readCheckCell(cellOf('check'));
  if (verdict === undefined) return void told(UNKNOWN_WORD);
  if (a === undefined || b === undefined) return void told(MISSING_ID);
  if (rowKeyText(a) === rowKeyText(b)) return void told(SAME_ROW);
  if (check === '') return void told(MISSING_CHECK);
  const keep = chooseKept(cellOf('keep'), a, b);
  if (keep === undefined && verdict === 'same') return void told(KEEP_NEITHER);
  return { line, verdict, a, b, keep, check };
}

/** The one of the two that is meant; its id alone is enough where only one of them has it. */
function chooseKept(cell: string, a: RowKey, b: RowKey): RowKey | undefined {
  const named = parseRowId(cell);
  if (named === undefined) return undefined;
  const exact = [a, b].find((key) => rowKeyText(key) === rowKeyText(named));
  const byId = [a, b].filter((key) => key.id === cell);
  return exact ?? (byId.length === 1 ? byId[0] : undefined);
}

function agree(one: WrittenDecision, other: WrittenDecision): boolean {
  if (one.verdict !== other.verdict || one.check !== other.check) return false;
  return one.verdict === 'different' || sameKey(one.keep, other.keep);
}

function sameKey(one: RowKey | undefined, other: RowKey | undefined): boolean {
  return one?.type === other?.type && one?.id === other?.id;
}

async function refuseHugeFile(path: string, name: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw notThere(name);
  if (found.size > LARGEST) throw unusable([{ en: `${name}: ${HUGE.en}`, sv: `${name}: ${HUGE.sv}` }]);
}

function notThere(name: string): SparSyncError {
  return new SparSyncError(
    'decisions-unusable',
    { en: `${name} is not there, or may not be read.`, sv: `${name} finns inte, eller får inte läsas.` },
    {
      en: '`spar-sync duplicates --format csv -o FILE` makes the file to decide in.',
      sv: '`spar-sync duplicates --format csv -o FIL` gör filen att ta ställning i.',
    },
  );
}

function unusable(problems: readonly Text[]): SparSyncError {
  const told = problems.slice(0, PROBLEMS_TOLD);
  const more = problems.length - told.length;
  const en = [...told.map(({ en }) => en), ...(more > 0 ? [`… and ${more} more`] : [])];
  const sv = [...told.map(({ sv }) => sv), ...(more > 0 ? [`… och ${more} till`] : [])];
  return new SparSyncError('decisions-unusable', { en: en.join('\n'), sv: sv.join('\n') }, HINT);
}

function atLine(line: number, trouble: Text): Text {
  return { en: `line ${line}: ${trouble.en}`, sv: `rad ${line}: ${trouble.sv}` };
}

function inFile(name: string, trouble: Text): Text {
  return { en: `${name}, ${trouble.en}`, sv: `${name}, ${trouble.sv}` };
}

function missingColumn(column: Column): Text {
  return { en: `the column \`${column}\` is missing`, sv: `kolumnen \`${column}\` saknas` };
}

function doubleColumn(column: Column): Text {
  return {
    en: `there are several columns \`${column}\``,
    sv: `det finns flera kolumner \`${column}\``,
  };
}

function decidedTwice(line: number): Text {
  return {
    en: `the pair is decided otherwise on line ${line}`,
    sv: `paret är avgjort på annat sätt på rad ${line}`,
  };
}

// None of these quotes a cell: where cells have shifted, a name or a number may stand in any of them.
const RAGGED: Text = {
  en: 'there are too many or too few cells, so it is not clear which is which',
  sv: 'det är för många eller för få celler, så det framgår inte vilken som är vilken',
};

const UNKNOWN_WORD: Text = {
  en: 'in `decision` stands something else than same or different',
  sv: 'i `decision` står något annat än samma eller olika',
};

const MISSING_ID: Text = { en: 'the cell `a` or `b` is empty', sv: 'cellen `a` eller `b` är tom' };

const SAME_ROW: Text = {
  en: '`a` and `b` are one and the same row',
  sv: '`a` och `b` är en och samma rad',
};

const MISSING_CHECK: Text = { en: 'the cell `check` is empty', sv: 'cellen `check` är tom' };

const KEEP_NEITHER: Text = {
  en: 'in `keep` must stand the id of the row to keep, either that of `a` or that of `b`',
  sv: 'i `keep` ska id för raden som behålls stå, antingen det i `a` eller det i `b`',
};

const HUGE: Text = {
  en: 'the file is larger than 50 MB, so it is no file of decisions',
  sv: 'filen är större än 50 MB, så det är ingen fil med beslut',
};

const HINT: Text = {
  en: 'Nothing was carried out. Correct these lines and save the file as CSV ("CSV UTF-8" in Excel), or make a new one with `spar-sync duplicates --format csv -o FILE`; only `decision` and `keep` are meant to be edited.',
  sv: 'Inget har genomförts. Rätta raderna och spara filen som CSV ("CSV UTF-8" i Excel), eller gör en ny med `spar-sync duplicates --format csv -o FIL`; bara `decision` och `keep` är till för att ändras.',
};
