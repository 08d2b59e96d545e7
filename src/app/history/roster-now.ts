import { fold } from '../../domain/fold.ts';
import { type GuardianLink, type RowKey, rowKeyText } from '../../domain/roster.ts';
import { type LinkKey, linkKeyText } from '../../domain/roster-write.ts';
import type { RosterNow } from '../../domain/undo-plan.ts';
import type { WrittenByRun } from '../journal-port.ts';
import type { UpdateWorld } from '../update/update-world.ts';
import { type RowsNow, readRowsNow } from './protected-now.ts';

/** Looks at the roster as it is, as far as the run touched it. */
export async function rosterNow(
  written: WrittenByRun,
  world: Pick<UpdateWorld, 'roster' | 'state' | 'today'>,
): Promise<RosterNow & Pick<RowsNow, 'isProtectedForCertain'>> {
  const { roster } = world;
  const holders = new Map<string, RowKey[]>();
  const { entryOf, isProtected, isProtectedForCertain } = await readRowsNow(
    written,
    world,
    ({ key, cells }) => {
      const email = fold(cells.email ?? '');
      if (email !== '') holders.set(email, [...(holders.get(email) ?? []), key]);
    },
  );
  const links = new Map<string, GuardianLink>();
  const linksTo = new Map<string, GuardianLink[]>();
  for await (const batch of roster.readLinks(() => {})) {
    for (const link of batch) {
      if (!links.has(linkKeyText(link))) links.set(linkKeyText(link), link);
      linksTo.set(link.guardian, [...(linksTo.get(link.guardian) ?? []), link]);
    }
  }
  const added = written.acts.flatMap((act) =>
    act.kind === 'row-added' || act.kind === 'row-removed' ? [act.key] : [],
  );
  const whole = await roster.readWhole(added);
  const referrers = await roster.referrers(added);
  return {
    entryOf,
    wholeOf: (key) => whole.get(rowKeyText(key)),
    linkOf: (link: LinkKey) => links.get(linkKeyText(link)),
    linksTo: (guardian) => linksTo.get(guardian) ?? [],
    isReferredTo: (key) => (referrers.get(rowKeyText(key)) ?? []).length > 0,
    holdersOf: (email) => holders.get(fold(email)) ?? [],
    isProtected,
    isProtectedForCertain,
  };
}
