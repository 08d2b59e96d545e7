import type { CalendarDate } from '../domain/calendar-date.ts';
import type { ProtectionMark } from '../domain/person.ts';
import { isUnder18, type ParsedPersonId, type PersonId } from '../domain/person-id.ts';
import { isMarked } from '../domain/protection-mark.ts';
import { ROSTER_FIELDS, type RosterEntry, type RosterField, type RowKey } from '../domain/roster.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { State } from './ports.ts';
import { personOf, readProtection } from './protected-people.ts';
import { readFamilies } from './read-families.ts';
import type { Roster } from './roster-port.ts';

/** A table to write out: the first row is the headings. */
export type ExportedTable = AsyncIterable<readonly (readonly string[])[]>;

interface ExportWorld {
  readonly roster: Roster;
  readonly state: Pick<State, 'snapshots' | 'journal' | 'retention'>;
  readonly today: CalendarDate;
}

/**
 * The roster in our column names, batch by batch, with the date of each answer in `spar_checked`. Of protected
 * people it holds id, type and mark only: fails closed, by the same closure as `history` and `undo`.
 */
export async function* exportRoster(world: ExportWorld, selected: (key: RowKey) => boolean): ExportedTable {
  const { roster, state, today } = world;
  const there = new Set(roster.sources.flatMap((source) => [...source.fields]));
  // Always there: `protected` as all that is told of some, `spar_checked` for the dates.
  const fields = ROSTER_FIELDS.filter(
    (field) => there.has(field) || field === 'protected' || field === 'spar_checked',
  );
  // Who is protected has to be known before the first row is written.
  const { isProtected, isProtectedRow } = await readProtection(world);
  yield [['id', 'type', ...fields]];
  for await (const batch of roster.read(() => {})) {
    const entries = batch.filter(({ key }) => selected(key));
    const people = entries.map((entry) => personOf(entry, today));
    const answers = await state.snapshots.getMany(people);
    yield entries.map((entry, i) => {
      const answer = answers[i];
      const isHidden = isProtectedRow(entry.key) || isProtected(people[i] ?? NOBODY);
      const mark = markOf(entry.cells.protected, answer) ?? (isHidden ? UNSAID : undefined);
      return exportRow(entry, answer, mark, fields);
    });
  }
}

function exportRow(
  { key, cells }: RosterEntry,
  snapshot: Snapshot | undefined,
  mark: string | undefined,
  fields: readonly RosterField[],
): readonly string[] {
  return [
    key.id,
    key.type,
    ...fields.map((field) => {
      if (mark !== undefined) return field === 'protected' ? mark : '';
      return (field === 'spar_checked' ? snapshot?.fetchedOn : undefined) ?? cells[field] ?? '';
    }),
  ];
}

/** What the row or the answer about its own number calls it. */
function markOf(cell: string | undefined, snapshot: Snapshot | undefined): string | undefined {
  if (isMarked(cell)) return cell;
  const answer = snapshot?.answer;
  return answer?.kind === 'protected' ? answer.mark : undefined;
}

/**
 * Where the row itself does not say which: the person is protected by another row, under another number or by a
 * row declared to be theirs; or this one was marked and is no longer, while nobody has been asked about anew.
 */
const UNSAID: ProtectionMark = 'sekretessmarkering';

/** Pairs of students and guardians, and how many were left out because either is protected. */
export interface ExportedPairs {
  readonly rows: readonly (readonly string[])[];
  readonly pairs: number;
  readonly leftOut: number;
}

/**
 * What Skola24 takes in, in its order (skola24.com/support/plattformen/administration/importera-foraldrar-csv/,
 * read in November 2026): whose, who, and how to reach them.
 */
const PAIR_COLUMNS = [
  'student_personnummer',
  'guardian_personnummer',
  'first_name',
  'last_name',
  'email',
  'mobile',
] as const;

/**
 * One row for each active student under 18 and active guardian who are linked, in the order of the roster.
 * None where either is protected. Numbers of twelve digits; empty where a row has no valid one.
 */
export async function exportPairs(world: ExportWorld): Promise<ExportedPairs> {
  const { roster, today } = world;
  const { isProtected, isProtectedRow } = await readProtection(world);
  const { families } = await readFamilies(roster, { today, selected: () => true });
  const links = families.students
    .filter((student) => isActiveChild(student, today))
    .flatMap(({ links: all }) => [...new Map(all.map((link) => [link.guardian, link])).values()])
    .filter(({ guardian }) => guardian.isActive);
  const rows: (readonly string[])[] = [PAIR_COLUMNS];
  let leftOut = 0;
  for (const { student, guardian } of links) {
    const isHidden = [student, guardian].some(
      (row) => isProtectedRow(row.key) || isProtected(numberOf(row) ?? NOBODY),
    );
    if (isHidden) {
      leftOut++;
      continue;
    }
    const { cells } = guardian;
    rows.push([
      numberOf(student) ?? '',
      numberOf(guardian) ?? '',
      cells.first_name ?? '',
      cells.last_name ?? '',
      cells.email ?? '',
      mobileOf(cells.phone ?? ''),
    ]);
  }
  return { rows, pairs: rows.length - 1, leftOut };
}

/** Without blanks and hyphens, which an import of guardians does not take. */
function mobileOf(phone: string): string {
  // The zero in brackets is dialled only inside the country.
  const dialled = phone.trim().startsWith('+') ? phone.replace('(0)', '') : phone;
  return dialled.replace(/[\s\u00a0\u2010-\u2013\u2212()/.-]/g, '');
}

const NOBODY = '' as PersonId;

type NumberedRow = { readonly id: ParsedPersonId };

function numberOf({ id }: NumberedRow): PersonId | undefined {
  return id.kind === 'valid' ? id.id : undefined;
}

function isActiveChild(
  student: NumberedRow & { readonly isActive: boolean; readonly isLive: boolean },
  today: CalendarDate,
): boolean {
  const person = numberOf(student);
  return student.isActive && student.isLive && (person === undefined || isUnder18(person, today));
}
