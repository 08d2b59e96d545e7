import { type DuplicatePair, SHOWN_FIELDS, type ShownCells } from '../../../domain/duplicate-pair.ts';
import type { Language } from '../../../domain/text.ts';
import { type CsvForm, encodeCsvTable } from '../csv-output.ts';
import { neutraliseReversibly } from '../formula-cells.ts';
import { spreadsheetRowId } from '../row-id.ts';
import { duplicateTextsOf } from './duplicate-texts.ts';

export interface DecisionFileOptions {
  readonly language: Language;
  readonly form: CsvForm;
  /** A digest of both rows as they are now, so that a decision about rows that changed since is noticed. */
  readonly checkOf: (pair: DuplicatePair) => string;
}

/** The columns that `duplicates apply` reads. */
export const DECISION_COLUMNS = ['decision', 'keep', 'a', 'b', 'check'] as const;

const COLUMNS = [
  'decision',
  'keep',
  'a',
  'b',
  'group',
  'grade',
  'evidence',
  'contradictions',
  'children',
  'email_held_by',
  ...SHOWN_FIELDS.map((field) => `a_${field}`),
  ...SHOWN_FIELDS.map((field) => `b_${field}`),
  'check',
];

/**
 * The duplicate report as a file to decide in: one line a pair, `decision` empty, `keep` prefilled. Evidence
 * and contradictions are words of the language, all else is the same in every language. Numbers stand there
 * whole: write it to files of mode 0600 only.
 */
export function renderDuplicatesCsv(pairs: readonly DuplicatePair[], options: DecisionFileOptions): Buffer {
  const { evidence, contradictions } = duplicateTextsOf(options.language);
  return encodeCsvTable(lines(), options.form);

  function* lines(): Generator<readonly string[]> {
    yield COLUMNS;
    for (const pair of pairs) yield lineOf(pair).map(neutraliseReversibly);
  }

  function lineOf(pair: DuplicatePair): string[] {
    const { a, b, keep, group, grade, emailHeldBy, shown } = pair;
    return [
      '',
      spreadsheetRowId(keep),
      spreadsheetRowId(a),
      spreadsheetRowId(b),
      group,
      grade,
      ...(shown
        ? [
            pair.evidence.map((item) => evidence[item]).join(', '),
            pair.contradictions.map((item) => contradictions[item]).join(', '),
            pair.children.join(', '),
            emailHeldBy ? spreadsheetRowId(emailHeldBy) : '',
          ]
        : ['', '', '', '']),
      ...cellsOf(shown?.a, options.form),
      ...cellsOf(shown?.b, options.form),
      checkCell(options.checkOf(pair)),
    ];
  }
}

function cellsOf(shown: ShownCells | undefined, form: CsvForm): string[] {
  return SHOWN_FIELDS.map((field) => {
    const cell = shown?.[field] ?? '';
    return field === 'personnummer' && form === 'excel' ? asText(cell) : cell;
  });
}

/** Excel shows twelve digits as `1,98305E+11`; with a hyphen they are text. */
function asText(number: string): string {
  return number.trim().replace(/^(\d{6}|\d{8})(\d{4})$/, '$1-$2');
}

/** With a sign before it no digest is a number: a spreadsheet makes `12e34567` one, and writes it back rounded. */
const CHECK_SIGN = '#';

function checkCell(check: string): string {
  return `${CHECK_SIGN}${check}`;
}

/** The digest that `checkCell` made a cell of. */
export function readCheckCell(cell: string): string {
  return cell.startsWith(CHECK_SIGN) ? cell.slice(CHECK_SIGN.length) : cell;
}
