import type { MergeProblem, MergeProblemKind } from '../../domain/duplicates/merge-groups.ts';
import { type RowKey, rowKeyText } from '../../domain/roster.ts';
import type { Text } from '../../domain/text.ts';
import { SparSyncError } from '../../errors.ts';

type Told = (rows: string, tables: string) => Text;

const TOLD: Readonly<Record<MergeProblemKind, Told>> = {
  'unknown-row': (rows) => ({
    en: `the row is not in the roster, or is there several times (has it been merged already?): ${rows}`,
    sv: `raden finns inte i registret, eller finns flera gånger (är den redan sammanslagen?): ${rows}`,
  }),
  'other-type': (rows) => ({
    en: `only guardians can be merged: ${rows}`,
    sv: `bara vårdnadshavare kan slås ihop: ${rows}`,
  }),
  'other-keep': (rows) => ({
    en: `keep has to name one of the rows, and the same one for one person: ${rows}`,
    sv: `keep ska ange en av raderna, och samma rad för samma person: ${rows}`,
  }),
  contradiction: (rows) => ({
    en: `these are said to be both the same and different: ${rows}`,
    sv: `de här sägs vara både samma och olika: ${rows}`,
  }),
  'two-numbers': (rows) => ({
    en: `these have valid personnummer of different people: ${rows}`,
    sv: `de här har giltiga personnummer som tillhör olika personer: ${rows}`,
  }),
  'referred-to': (rows, tables) => ({
    en: `the row that would go is referred to by ${tables}: ${rows}`,
    sv: `raden som skulle tas bort används i ${tables}: ${rows}`,
  }),
  'no-place-for-mark': (rows) => ({
    en: `one is marked as protected, and the roster has no column for the mark where the kept row is: ${rows}`,
    sv: `en är skyddsmarkerad, och registret har ingen kolumn för markeringen där raden som behålls finns: ${rows}`,
  }),
};

/** As many lines as anybody reads. */
const TOLD_AT_MOST = 20;

/** Nothing of the decisions is carried out: the problems, by the line of the file. */
export function decisionsRefused(problems: readonly MergeProblem[]): SparSyncError {
  const told = problems.slice(0, TOLD_AT_MOST).map((problem) => {
    const { line, kind, tables } = problem;
    const text = (language: keyof Text) => TOLD[kind](whereOf(problem, language), (tables ?? []).join(', '));
    return { en: `  line ${line}: ${text('en').en}`, sv: `  rad ${line}: ${text('sv').sv}` };
  });
  const more = problems.length - told.length;
  if (more > 0) told.push({ en: `  … and ${more} more`, sv: `  … och ${more} till` });
  return new SparSyncError(
    'decisions-unusable',
    {
      en: `These decisions cannot be carried out, so nothing was written:\n${told.map(({ en }) => en).join('\n')}`,
      sv: `De här besluten går inte att genomföra, så inget har skrivits:\n${told.map(({ sv }) => sv).join('\n')}`,
    },
    {
      en: 'Change or empty `decision` on those lines and run the same command again.',
      sv: 'Ändra eller töm `decision` på de raderna och kör samma kommando igen.',
    },
  );
}

/** Rows by their ids; of those that are not there only the cell: where cells have shifted it holds anything. */
function whereOf({ rows, cells }: MergeProblem, language: keyof Text): string {
  if (cells === undefined) return rows.map(shortKeyText).join(', ');
  const word = { en: 'column', sv: 'kolumn' }[language];
  return cells.map((cell) => `${word} ${cell}`).join(', ');
}

/** The rows of some lines of the file, those that are read. */
export function tellLines(
  lines: readonly { readonly line: number; readonly a: RowKey; readonly b: RowKey }[],
): Text {
  const told = lines
    .slice(0, TOLD_AT_MOST)
    .map(({ line, a, b }) => `${line} (${shortKeyText(a)}, ${shortKeyText(b)})`)
    .join('; ');
  const more = lines.length - TOLD_AT_MOST;
  return more > 0
    ? { en: `${told}; … and ${more} more`, sv: `${told}; … och ${more} till` }
    : { en: told, sv: told };
}

const LONGEST_ID = 40;

function shortKeyText(key: RowKey): string {
  // A letter may take two units; of ten million no more than needed is looked at.
  const id = [...key.id.slice(0, 2 * LONGEST_ID + 2)];
  return rowKeyText(
    id.length > LONGEST_ID ? { ...key, id: `${id.slice(0, LONGEST_ID - 1).join('')}…` } : key,
  );
}
