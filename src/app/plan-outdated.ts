import { type RowKey, rowKeyText } from '../domain/roster.ts';
import { SparSyncError } from '../errors.ts';

type PlannedCommand = 'update' | 'guardians';

/** How many row ids a message names before it only counts. */
const NAMED = 20;

/** A plan that no longer fits the roster or the answers, naming the rows. */
export function planOutdated(rows: readonly RowKey[], command: PlannedCommand): SparSyncError {
  const names = rows.slice(0, NAMED).map(rowKeyText).join(', ');
  const more = rows.length - NAMED;
  return new SparSyncError(
    'plan-outdated',
    {
      en: `The plan no longer fits: these rows, or SPAR's answers about them, have changed since it was made: ${names}${more > 0 ? ` and ${more} more` : ''}. Nothing was written.`,
      sv: `Planen stämmer inte längre: de här raderna, eller SPAR:s svar om dem, har ändrats sedan den gjordes: ${names}${more > 0 ? ` och ${more} till` : ''}. Inget har skrivits.`,
    },
    {
      en: `Make a new plan: \`spar-sync ${command} --dry-run --plan FILE\`. Answers that are still fresh are not paid for again.`,
      sv: `Gör en ny plan: \`spar-sync ${command} --dry-run --plan FIL\`. Svar som fortfarande är aktuella betalas inte igen.`,
    },
  );
}

/** A plan that was made with another configuration. */
export function sectionsChanged(command: PlannedCommand): SparSyncError {
  return new SparSyncError(
    'plan-outdated',
    {
      en: 'The plan no longer fits: `roster`, `update` or `guardians` in the configuration has changed since it was made. Nothing was written.',
      sv: 'Planen stämmer inte längre: `roster`, `update` eller `guardians` i inställningarna har ändrats sedan den gjordes. Inget har skrivits.',
    },
    {
      en: `Make a new plan: \`spar-sync ${command} --dry-run --plan FILE\`.`,
      sv: `Gör en ny plan: \`spar-sync ${command} --dry-run --plan FIL\`.`,
    },
  );
}
