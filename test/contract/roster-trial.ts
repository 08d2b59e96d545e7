import type { PreparedWrite, Roster, Staged } from '../../src/app/roster-port.ts';
import { asShown } from '../../src/app/roster-problems.ts';
import type { FieldChange } from '../../src/domain/plan.ts';
import type {
  GuardianLink,
  RosterEntry,
  RosterField,
  RosterProblem,
  UntakenRow,
} from '../../src/domain/roster.ts';
import { NOTHING_TO_WRITE, type RosterWrite, type RowEdit } from '../../src/domain/roster-write.ts';

/** Column name → text. Every row of a table has the same columns, in the same order. */
export type Row = Readonly<Record<string, string>>;

/** What a roster is to hold before it is opened. The columns are those of the first row. */
export interface GivenRoster {
  /** Everybody in one table or file, with the columns `id` and `type`. */
  readonly people: readonly Row[];
  /** No links are configured where this is missing. */
  readonly links?: readonly Row[];
}

/** A roster made for one test, and ways to look at it and meddle with it that do not go through the adapter. */
export interface RosterOnTrial {
  readonly roster: Roster;
  /** The people as they stand now, in order, every column, read raw. */
  dump(): Promise<readonly Row[]>;
  /** The links likewise; nothing where none are configured. */
  dumpLinks(): Promise<readonly Row[]>;
  /** Somebody else writes a cell of the first row with this id. */
  editBehind(id: string, column: string, text: string): Promise<void>;
  /** Somebody else writes a cell of a link; `index`: its place in `dumpLinks`. */
  editLinkBehind(index: number, column: string, text: string): Promise<void>;
  /** Names of files that lie beside the roster and that nobody but the adapter can have made. */
  leftovers(): Promise<readonly string[]>;
  remove(): Promise<void>;
}

/** How one kind of roster is made for the suite. */
export interface RosterHarness {
  readonly name: string;
  open(given: GivenRoster): Promise<RosterOnTrial>;
}

export interface ReadRoster {
  readonly entries: readonly RosterEntry[];
  /** As people see them. */
  readonly problems: readonly RosterProblem[];
  /** What was told besides of the rows that could not be taken. */
  readonly untaken: readonly UntakenRow[];
}

/** Reads a whole roster into memory. */
export async function readAll(roster: Roster): Promise<ReadRoster> {
  const entries: RosterEntry[] = [];
  const problems: RosterProblem[] = [];
  for await (const batch of roster.read((problem) => problems.push(problem))) entries.push(...batch);
  return {
    entries,
    problems: problems.map(asShown),
    untaken: problems.flatMap(({ untaken }) => untaken ?? []),
  };
}

export async function readAllLinks(
  roster: Roster,
): Promise<{ links: readonly GuardianLink[]; problems: readonly RosterProblem[] }> {
  const links: GuardianLink[] = [];
  const problems: RosterProblem[] = [];
  for await (const batch of roster.readLinks((problem) => problems.push(problem))) links.push(...batch);
  return { links, problems };
}

/** An edit of this entry whose `from` is what the entry holds. */
export function edit(entry: RosterEntry | undefined, to: Partial<Record<RosterField, string>>): RowEdit {
  if (entry === undefined) throw new Error('the roster has no such entry');
  const cells: FieldChange[] = [];
  for (const [column, text] of Object.entries(to)) {
    if (isField(column)) cells.push({ field: column, from: entry.cells[column] ?? '', to: text });
  }
  return { key: entry.key, place: entry.place, cells };
}

/** What a test wants written: all that it does not name is nothing; a list is one of edits. */
export type Wanted = readonly RowEdit[] | Partial<RosterWrite>;

function isEdits(wanted: Wanted): wanted is readonly RowEdit[] {
  return Array.isArray(wanted);
}

export function wholeWrite(wanted: Wanted): RosterWrite {
  return { ...NOTHING_TO_WRITE, ...(isEdits(wanted) ? { edits: wanted } : wanted) };
}

/** Prepares a write that must not find the roster changed. */
export async function prepare(roster: Roster, wanted: Wanted, run = 1): Promise<PreparedWrite> {
  const prepared = await roster.prepareWrite(wholeWrite(wanted), run);
  if (prepared.kind !== 'prepared') throw new Error('the roster changed under the test');
  return prepared;
}

/** What came of a write of edits alone. */
export type WrittenEdits =
  | { readonly kind: 'committed'; readonly refused: Staged['refused'] }
  | { readonly kind: 'target-changed' };

/** The whole write of edits: prepare, stage, commit. */
export async function write(roster: Roster, edits: readonly RowEdit[], run = 1): Promise<WrittenEdits> {
  const prepared = await roster.prepareWrite(wholeWrite(edits), run);
  if (prepared.kind !== 'prepared') return prepared;
  const written = await carryOut(prepared);
  return written.kind === 'committed' ? { kind: 'committed', refused: written.refused } : written;
}

export type CarriedOut = ({ readonly kind: 'committed' } & Staged) | { readonly kind: 'target-changed' };

/** Stages and commits a write that is prepared, and discards what may be left of it. */
export async function carryOut(
  prepared: PreparedWrite,
  meanwhile: (now: string) => Promise<void> = () => Promise.resolve(),
): Promise<CarriedOut> {
  await meanwhile('prepare and stage');
  const staged = await prepared.stage();
  await meanwhile('stage and commit');
  const result = await prepared.commit();
  await prepared.discard();
  if (result.kind === 'partly') throw result.error ?? new Error('the write broke off');
  return result.kind === 'committed' ? { ...staged, ...result } : result;
}

const FIELDS_IN_USE: ReadonlySet<string> = new Set<RosterField>([
  'personnummer',
  'first_name',
  'last_name',
  'street',
  'postal_code',
  'city',
  'email',
]);

export function isField(column: string): column is RosterField {
  return FIELDS_IN_USE.has(column);
}
