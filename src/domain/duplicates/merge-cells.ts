import type { GuardianRow } from '../families.ts';
import { fold, isBlank } from '../fold.ts';
import { emailKey, phoneKey } from '../matching/contact-agreement.ts';
import type { PersonId } from '../person-id.ts';
import type { FieldChange } from '../plan.ts';
import type { ColumnStyle } from '../rows/column-style.ts';
import type { MergeGroup } from './merge-groups.ts';
import { compareForKeeping } from './pair-keep.ts';

/** A value of a removed row that the kept row did not take. */
export interface LeftOut {
  readonly field: 'email' | 'phone';
  readonly value: string;
}

/** What the kept row of a group gets from the others. */
export interface FilledCells {
  readonly changes: readonly FieldChange[];
  /** By the id of the removed row; without those that left nothing out. */
  readonly leftOut: ReadonlyMap<string, readonly LeftOut[]>;
  /** An e-mail stayed away because another row holds it. */
  readonly isEmailTaken: boolean;
  /** Another row is marked as protected and the kept row has no column for it. */
  readonly isMarkLost: boolean;
}

/** The e-mails of the rows that stay. One that a kept row takes is added: no other row gets it then. */
export type HeldEmails = Set<string>;

export function heldEmails(rows: Iterable<GuardianRow>): HeldEmails {
  const held: HeldEmails = new Set();
  for (const { cells } of rows) if (cells.email !== undefined) held.add(textOfEmail(cells.email));
  return held;
}

/**
 * Fills what the kept row lacks: e-mail, phone, a valid number, a mark of protection. Where it has its own,
 * that stays. Takes the e-mail that it gives from `held`.
 */
export function fillKept(
  { kept, others }: MergeGroup,
  held: HeldEmails,
  styleOf: (source: number) => ColumnStyle,
  isFormer: (person: PersonId) => boolean,
): FilledCells {
  const leftOut = new Map<string, LeftOut[]>();
  let isEmailTaken = false;

  function fill(
    field: LeftOut['field'],
    textOf: (cell: string) => string,
    isFree: (text: string) => boolean,
  ) {
    const from = kept.cells[field];
    let now = from;
    for (const { key, cells } of others) {
      const value = cells[field];
      if (value === undefined || isBlank(value)) continue;
      if (now !== undefined && textOf(now) === textOf(value)) continue;
      if (now !== undefined && isBlank(now) && isFree(textOf(value))) now = value;
      else leftOut.set(key.id, [...(leftOut.get(key.id) ?? []), { field, value }]);
    }
    return changeOf(field, from, now);
  }

  const email = fill('email', textOfEmail, (text) => {
    if (held.has(text)) isEmailTaken = true;
    return !held.has(text);
  });
  if (email !== undefined) held.add(textOfEmail(email.to));
  const phone = fill(
    'phone',
    (cell) => phoneKey(cell) ?? fold(cell),
    () => true,
  );
  const marked = kept.isMarked ? undefined : others.find(({ isMarked }) => isMarked);
  const changes = [
    changeOf('personnummer', kept.cells.personnummer, numberFor(kept, others, styleOf, isFormer)),
    email,
    phone,
    changeOf('protected', kept.cells.protected, marked?.cells.protected),
  ];
  return {
    changes: changes.flatMap((change) => change ?? []),
    leftOut,
    isEmailTaken,
    isMarkLost: marked !== undefined && kept.cells.protected === undefined,
  };
}

/** Two e-mails that are spelled alike count as one, and so do two words that are none. */
function textOfEmail(cell: string): string {
  return emailKey(cell) ?? fold(cell);
}

function changeOf(
  field: FieldChange['field'],
  from: string | undefined,
  to: string | undefined,
): FieldChange | undefined {
  return from === undefined || to === undefined || from === to ? undefined : { field, from, to };
}

/**
 * The text of another row's number, where the kept row has none that is valid: as it stands there, or in twelve
 * digits where the kept row would read it in another way or writes its numbers differently.
 */
function numberFor(
  kept: GuardianRow,
  others: readonly GuardianRow[],
  styleOf: (source: number) => ColumnStyle,
  isFormer: (person: PersonId) => boolean,
): string | undefined {
  if (kept.id.kind === 'valid') return undefined;
  const [giver] = [...others].sort((one, other) => compareForKeeping(one, other, isFormer));
  if (giver?.id.kind !== 'valid') return undefined;
  const isReadAlike =
    giver.place.source === kept.place.source &&
    (isBlank(kept.cells.birth_date ?? '') || kept.cells.birth_date === giver.cells.birth_date);
  if (isReadAlike && giver.cells.personnummer !== undefined) return giver.cells.personnummer;
  const { id } = giver.id;
  return styleOf(kept.place.source).personnummer.separated ? `${id.slice(0, 8)}-${id.slice(8)}` : id;
}
