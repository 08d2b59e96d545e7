import type { FieldChange } from './plan.ts';
import type { RosterField, RowKey, RowPlace } from './roster.ts';
import type { WholeRow } from './whole-row.ts';

/** Cells of one row that are to change. */
export interface RowEdit {
  readonly key: RowKey;
  readonly place: RowPlace;
  readonly cells: readonly FieldChange[];
}

/** A row that the roster gets. */
export type AddedRow =
  | {
      readonly kind: 'new';
      /**
       * Where `givenByRoster`, the id stands for the row (`new-1`) until the database has given it one; links
       * and edits of the same write may refer to it.
       */
      readonly key: RowKey;
      readonly givenByRoster: boolean;
      /** Fields that the target lacks are passed over; the configured constants are the adapter's business. */
      readonly cells: Readonly<Partial<Record<RosterField, string>>>;
    }
  /** A row that was taken away comes back, with all its columns. */
  | { readonly kind: 'restored'; readonly key: RowKey; readonly whole: WholeRow };

/** A row that the roster loses. `whole`: refused when it holds anything else by now (`isSameWholeRow`). */
export interface RemovedRow {
  readonly key: RowKey;
  readonly place: RowPlace;
  readonly whole?: WholeRow;
}

/** A link by the ids of its rows. */
export interface LinkKey {
  readonly student: string;
  readonly guardian: string;
}

/** As one text, for looking links up: ids may hold any character. */
export function linkKeyText({ student, guardian }: LinkKey): string {
  return JSON.stringify([student, guardian]);
}

export type AddedLink =
  | {
      readonly kind: 'new';
      readonly link: LinkKey;
      /** What goes into the links' `source` and `relation` columns, where there are such. */
      readonly source: string;
      readonly relation: string;
    }
  | { readonly kind: 'restored'; readonly link: LinkKey; readonly whole: WholeRow };

export interface RemovedLink {
  readonly link: LinkKey;
  readonly place: RowPlace;
}

/** A link that is to point from another guardian's row, its other columns as they are. */
export interface MovedLink {
  /** As it is now. */
  readonly link: LinkKey;
  readonly place: RowPlace;
  readonly toGuardian: string;
}

/**
 * All that one run does to a roster. Carried out in an order in which no two rows ever hold one unique value:
 * links are removed and moved to rows that exist, rows are removed, cells are edited, rows are added, links are
 * added and moved to added rows.
 */
export interface RosterWrite {
  readonly edits: readonly RowEdit[];
  readonly addedRows: readonly AddedRow[];
  readonly removedRows: readonly RemovedRow[];
  readonly addedLinks: readonly AddedLink[];
  readonly removedLinks: readonly RemovedLink[];
  readonly movedLinks: readonly MovedLink[];
}

export const NOTHING_TO_WRITE: RosterWrite = {
  edits: [],
  addedRows: [],
  removedRows: [],
  addedLinks: [],
  removedLinks: [],
  movedLinks: [],
};

export function isNothing(write: RosterWrite): boolean {
  return Object.values(write).every((part: readonly unknown[]) => part.length === 0);
}
