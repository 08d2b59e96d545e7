import { isUnder18, type PersonId, type PersonNumbers } from '../domain/person-id.ts';
import { protectedUnderAll } from '../domain/protected-numbers.ts';
import { type RowKey, rowKeyText } from '../domain/roster.ts';
import type { MarkedRow, MarksSeen } from '../domain/rows/roster-marks.ts';
import type { State } from './ports.ts';
import type { UpdateWorld } from './update/update-world.ts';

/**
 * Rule 6: cached and journalled names and addresses of protected people go, whatever becomes of the run.
 *
 * @param people whose rows the roster has
 */
export async function eraseProtected(
  {
    toWithhold,
    protectedRows,
    childrenOfUnnumbered = [],
    marks,
  }: {
    readonly toWithhold: readonly PersonId[];
    readonly protectedRows: readonly RowKey[];
    readonly childrenOfUnnumbered?: readonly PersonId[];
    readonly marks?: MarksSeen;
  },
  state: State,
  people?: PersonNumbers,
): Promise<void> {
  const { snapshots, journal } = state;
  if (marks !== undefined) await rememberMarks(marks, state);
  if (toWithhold.length > 0) await snapshots.withhold(toWithhold);
  if (protectedRows.length > 0) await journal.eraseValues(protectedRows);
  if (childrenOfUnnumbered.length > 0) await snapshots.eraseUnnumbered(childrenOfUnnumbered);
  if (people !== undefined) await eraseFormerPeople(protectedRows, people, state);
}

/** Whose marked rows are, for the day on which they no longer tell it. Writes only what is new. */
async function rememberMarks(
  { marked, unmarked }: MarksSeen,
  { snapshots }: Pick<State, 'snapshots'>,
): Promise<void> {
  const known = await snapshots.markedRows();
  const told = ({ key, person, isCertain }: MarkedRow) => `${rowKeyText(key)} ${person} ${isCertain}`;
  const isKnown = new Set(known.map(told));
  const news = marked.filter(
    (row) => !isKnown.has(told(row)) && !isKnown.has(told({ ...row, isCertain: true })),
  );
  await snapshots.rememberMarks(news, unmarked);
}

/**
 * What is kept under the number that a protected person's row held before the school put another there. It may be
 * theirs, or a slip that was corrected: so it goes, and nobody is held to be protected for it.
 */
async function eraseFormerPeople(
  protectedRows: readonly RowKey[],
  people: PersonNumbers,
  { snapshots, retention }: State,
): Promise<void> {
  const former = await retention.formerPeople(protectedRows, people);
  if (former.length === 0) return;
  const hidden = protectedUnderAll(await snapshots.protectedPeople(), await snapshots.renumbered());
  for (const person of await snapshots.withheldPeople()) hidden.add(person);
  const answers = former.filter((person) => !hidden.has(person));
  if (answers.length > 0) await retention.erase({ answers, hidden: [], journal: answers, journalRows: [] });
}

/** Rule 3: at 18 nobody has guardians any more. */
export async function eraseRelationsOfGrownUps({
  state,
  today,
}: Pick<UpdateWorld, 'state' | 'today'>): Promise<void> {
  const grownUp = (await state.snapshots.withRelations()).filter((id) => !isUnder18(id, today));
  if (grownUp.length > 0) await state.snapshots.eraseRelations(grownUp);
}
