import { isUnder18, type PersonId } from '../domain/person-id.ts';
import type { RowKey } from '../domain/roster.ts';
import type { State } from './ports.ts';
import type { UpdateWorld } from './update/update-world.ts';

/** Rule 6: cached and journalled names and addresses of protected people go, whatever becomes of the run. */
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
  { snapshots, journal }: State,
): Promise<void> {
  if (toWithhold.length > 0) await snapshots.withhold(toWithhold);
  if (protectedRows.length > 0) await journal.eraseValues(protectedRows);
  if (childrenOfUnnumbered.length > 0) await snapshots.eraseUnnumbered(childrenOfUnnumbered);
}

/** Rule 3: at 18 nobody has guardians any more. */
export async function eraseRelationsOfGrownUps({
  state,
  today,
}: Pick<UpdateWorld, 'state' | 'today'>): Promise<void> {
  const grownUp = (await state.snapshots.withRelations()).filter((id) => !isUnder18(id, today));
  if (grownUp.length > 0) await state.snapshots.eraseRelations(grownUp);
}
