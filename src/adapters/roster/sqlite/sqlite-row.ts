import { isMarked } from '../../../domain/protection-mark.ts';
import {
  type Cells,
  PERSON_TYPES,
  type PersonType,
  type RowKey,
  type UntakenRow,
} from '../../../domain/roster.ts';
import { likeNumbers } from '../../../domain/rows/like-numbers.ts';
import { parsePersonType } from '../columns.ts';

/** The key of a row of a table that is all of one type, or has a column for it; else what is wrong with it. */
export function rowKeyOf(
  type: PersonType | undefined,
  idCell: string | undefined,
  typeCell: string | undefined,
): RowKey | 'id-empty' | 'unknown-type' {
  const id = idCell?.trim() ?? '';
  if (id === '') return 'id-empty';
  const known = type ?? parsePersonType(typeCell ?? '');
  return known === undefined ? 'unknown-type' : { type: known, id };
}

/**
 * What a row tells that could not be taken.
 *
 * @param cells in the order of `PEOPLE_COLUMNS`; `undefined` where the table lacks the column or the cell is no text
 */
export function untakenRowOf(
  type: PersonType | undefined,
  cells: readonly (string | undefined)[],
  hasMark: boolean,
): UntakenRow {
  const known = type ?? parsePersonType(cells[1] ?? '');
  const mark = toCells(cells).protected;
  const unread = hasMark ? 'perhaps' : 'no';
  return {
    id: cells[0]?.trim() ?? '',
    types: known === undefined ? PERSON_TYPES : [known],
    numbers: likeNumbers(cells),
    mark: mark === undefined ? unread : isMarked(mark) ? 'yes' : 'no',
  };
}

/** The cells of a row read in the order of `PEOPLE_COLUMNS`; written out, as every row has the same shape then. */
export function toCells(texts: readonly (string | undefined)[]): Cells {
  return {
    personnummer: texts[2],
    first_name: texts[3],
    last_name: texts[4],
    care_of: texts[5],
    street: texts[6],
    postal_code: texts[7],
    city: texts[8],
    country: texts[9],
    email: texts[10],
    phone: texts[11],
    birth_date: texts[12],
    active: texts[13],
    protected: texts[14],
    status: texts[15],
    spar_checked: texts[16],
  };
}
