import { isNothing, type LinkKey, type RosterWrite } from '../domain/roster-write.ts';
import { SparSyncError } from '../errors.ts';
import type { AppliedRow, Journal, PlannedWrite } from './journal-port.ts';
import type { CommitResult, PreparedWrite, RefusedLink, RefusedRow, Roster, Staged } from './roster-port.ts';
import { type SettledAs, settleRun } from './settle.ts';
import { asSentence, type InRun, MAY_STAND } from './what-stands.ts';

/** One thing that a run does to the roster, and what the journal keeps of it. */
export interface JournalledWrite {
  readonly write: RosterWrite;
  /**
   * What the journal gets, once it is known how the rows and links that go look as a whole. `compared` is of the
   * changed rows only.
   */
  readonly journalled: (removed: RemovedWhole) => Omit<PlannedWrite, 'files'>;
  /** Every row that this run has compared, the unchanged ones too. */
  readonly compared: (
    refused: readonly RefusedRow[],
    ids: ReadonlyMap<string, string>,
  ) => Iterable<AppliedRow>;
  /** Nothing is written when anything of it is refused. */
  readonly allOrNothing: boolean;
}

export type RemovedWhole = Pick<PreparedWrite, 'removedRows' | 'removedLinks'>;

export type Written =
  | {
      readonly kind: 'written';
      readonly refused: readonly RefusedRow[];
      readonly refusedLinks: readonly RefusedLink[];
      /** `new-1` to the id that the database gave. */
      readonly ids: ReadonlyMap<string, string>;
    }
  /** The roster is no longer what was read; nothing was written. */
  | { readonly kind: 'target-changed' }
  /** `allOrNothing`: something was refused, so nothing was written. */
  | { readonly kind: 'refused'; readonly staged: Staged };

const NOBODY_REFUSED = { kind: 'written', refused: [], refusedLinks: [], ids: new Map() } as const;

/**
 * Carries out one write in the durable order of CONTRACT section 8: journal, new files beside their targets,
 * rename, journal. Whatever goes wrong, the journal tells the truth afterwards: what broke off in the middle is
 * settled by what the roster shows.
 *
 * @throws SparSyncError `roster-unwritable`; its text says so where a part was written.
 */
export async function writeDurably(
  run: number,
  { write, journalled, compared, allOrNothing }: JournalledWrite,
  { roster, journal }: { readonly roster: Roster; readonly journal: Journal },
): Promise<Written> {
  if (isNothing(write)) {
    const planned = journalled({ removedRows: [], removedLinks: [] });
    if (planned.decisions.length > 0) await journal.planned(run, { ...planned, files: [] });
    await journal.applied(run, { rows: [], links: [] }, compared([], new Map()));
    return NOBODY_REFUSED;
  }
  const prepared = await roster.prepareWrite(write, run);
  if (prepared.kind === 'target-changed') return prepared;
  await journal.planned(run, { ...journalled(prepared), files: prepared.files });
  let staged: Staged;
  let committed: CommitResult;
  try {
    staged = await prepared.stage();
    if (allOrNothing && staged.refused.length + staged.refusedLinks.length > 0) {
      await prepared.discard();
      await journal.notApplied(run);
      return { kind: 'refused', staged };
    }
    const { ids, added } = staged;
    if (ids.size > 0 || added.length > 0) await journal.staged(run, { ids, added });
    committed = await prepared.commit();
  } catch (error) {
    await prepared.discard();
    await journal.notApplied(run);
    throw error;
  }
  if (committed.kind === 'partly') throw await brokenOff(run, committed.error, { roster, journal });
  if (committed.kind === 'target-changed') {
    await prepared.discard();
    await journal.notApplied(run);
    return { kind: 'target-changed' };
  }
  const { refused, refusedLinks, ids } = staged;
  const struck = {
    rows: refused.map((row) => row.key),
    links: refusedLinks.map(({ link }) => asJournalledLink(link, write)),
  };
  await journal.applied(run, struck, compared(refused, ids));
  return { kind: 'written', refused, refusedLinks, ids };
}

/** A link that was to be moved is refused as it was, and stands in the journal as it was to be. */
function asJournalledLink(link: LinkKey, { movedLinks }: RosterWrite): LinkKey {
  const moved = movedLinks.find(
    (one) => one.link.student === link.student && one.link.guardian === link.guardian,
  );
  return moved === undefined ? link : { student: link.student, guardian: moved.toGuardian };
}

/**
 * Finds out what stands of a write that broke off between two files, and says so. From here on the run is what the
 * journal says: to plan again would take that out of the journal.
 */
async function brokenOff(
  run: number,
  error: unknown,
  { roster, journal }: { readonly roster: Roster; readonly journal: Journal },
): Promise<unknown> {
  const settled = await settleRun(run, journal, roster);
  if (error !== undefined && !(error instanceof SparSyncError)) return error;
  const why = error ?? targetChanged();
  if (settled === 'not-applied') return why;
  const { en, sv } = STANDS[settled ?? 'unknown'];
  return new SparSyncError(
    'roster-unwritable',
    { en: `${asSentence(why.text.en)} ${en(run)}`, sv: `${asSentence(why.text.sv)} ${sv(run)}` },
    {
      en: `\`spar-sync history ${run}\` shows what stands and \`spar-sync undo ${run}\` takes it back; to have the rest done, see to the cause and run the same command again.${hintOf(why, 'en')}`,
      sv: `\`spar-sync history ${run}\` visar vad som står och \`spar-sync undo ${run}\` ångrar det; åtgärda orsaken och kör samma kommando igen för att få resten gjort.${hintOf(why, 'sv')}`,
    },
  );
}

function hintOf({ hint }: SparSyncError, language: 'en' | 'sv'): string {
  return hint === undefined ? '' : ` ${hint[language]}`;
}

const STANDS: Readonly<Record<Exclude<SettledAs, 'not-applied'> | 'unknown', InRun>> = {
  partly: {
    en: (run) => `Part of what run ${run} was to write had been written by then and stands in the roster.`,
    sv: (run) => `En del av det som körning ${run} skulle skriva hade då skrivits och står i registret.`,
  },
  applied: {
    en: (run) => `All that run ${run} was to write stands in the roster nonetheless.`,
    sv: (run) => `Allt som körning ${run} skulle skriva står ändå i registret.`,
  },
  unknown: MAY_STAND,
};

function targetChanged(): SparSyncError {
  return new SparSyncError(
    'roster-unwritable',
    {
      en: 'Another program wrote to a file of the roster while it was being written.',
      sv: 'Ett annat program skrev i en av registrets filer medan det skrevs.',
    },
    {
      en: 'Let the other program finish first.',
      sv: 'Låt det andra programmet bli klart först.',
    },
  );
}
