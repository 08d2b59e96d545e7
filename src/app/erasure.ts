import { isUnder18, type PersonId, type PersonNumbers } from '../domain/person-id.ts';
import { protectedUnderAll } from '../domain/protected-numbers.ts';
import type { RowKey } from '../domain/roster.ts';
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
  }: {
    readonly toWithhold: readonly PersonId[];
    readonly protectedRows: readonly RowKey[];
    readonly childrenOfUnnumbered?: readonly PersonId[];
  },
  state: State,
  people?: PersonNumbers,
): Promise<void> {
  const { snapshots, journal } = state;
  if (toWithhold.length > 0) await snapshots.withhold(toWithhold);
  if (protectedRows.length > 0) await journal.eraseValues(protectedRows);
  if (childrenOfUnnumbered.length > 0) await snapshots.eraseUnnumbered(childrenOfUnnumbered);
  if (people !== undefined) await eraseFormerPeople(protectedRows, people, state);
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
