import { type RowKey, rowKeyText } from '../../domain/roster.ts';
import { isNothing } from '../../domain/roster-write.ts';
import { planUndo } from '../../domain/undo.ts';
import type { UndoPlan } from '../../domain/undo-plan.ts';
import { SparSyncError } from '../../errors.ts';
import { writeDurably } from '../durable-write.ts';
import { eraseProtected } from '../erasure.ts';
import type { Journal, RunRecord, WrittenByRun } from '../journal-port.ts';
import { asJournalledRun } from '../journalled-run.ts';
import type { Staged } from '../roster-port.ts';
import { REPLANS, rosterKeepsChanging } from '../update/apply-plan.ts';
import type { UpdateWorld } from '../update/update-world.ts';
import { noSuchRun, SEE_HISTORY } from './history.ts';
import type { UndoReport } from './history-report.ts';
import { rowsOfRun } from './protected-now.ts';
import { NOTHING_REFUSED, type Refused, reportOf } from './report-undo.ts';
import { rosterNow } from './roster-now.ts';
import { asJournalled } from './undo-write.ts';

type UndoWorld = Omit<UpdateWorld, 'openLookup' | 'wrapLookup'>;

export interface Undone {
  readonly report: UndoReport;
  readonly gaps: boolean;
  /** Of which rows no value may be shown: the person is protected now. */
  readonly hidden: (key: RowKey) => boolean;
}

/**
 * Takes back what one run wrote, as far as it still stands; asks nobody. The undo is a run of its own and can be
 * taken back in its turn.
 *
 * @throws SparSyncError `usage` when there is no such run, or it wrote nothing.
 */
export async function undo(
  run: number,
  world: UndoWorld,
  { dryRun }: { readonly dryRun: boolean },
): Promise<Undone> {
  const { state } = world;
  // Before a run is begun that refers to it.
  if ((await state.journal.run(run)) === undefined) throw noSuchRun(run);
  return asJournalledRun({ command: 'undo', dryRun, undoes: run, links: true }, world, async (own) => {
    // Only now it is settled what became of it.
    const record = await state.journal.run(run);
    if (record === undefined) throw noSuchRun(run);
    if (record.phase !== 'applied' || !(await didAnything(record, state.journal))) throw wroteNothing(run);
    const written = await state.journal.writtenBy(run);
    const plan = await planNow(written, world);
    const hidden = plan.now.isProtected;
    const by = await takenBackBy(record, state.journal);
    if (by !== undefined && isNothing(plan.write)) throw alreadyUndone(run, by);
    // What of protected people the journal holds goes, what this very undo has put there included.
    const eraseHidden = async () => {
      const protectedRows = [...rowsOfRun(written).values()].filter(plan.now.isProtectedForCertain);
      await eraseProtected({ toWithhold: [], protectedRows }, state);
    };
    if (dryRun) {
      await eraseHidden();
      return { report: reportOf(own, record, plan, NOTHING_REFUSED, true), gaps: false, hidden };
    }
    const { refused, plan: carriedOut } = await carryOut(own, plan, written, world);
    await eraseHidden();
    return {
      report: reportOf(own, record, carriedOut, refused, false),
      gaps: refused.rows.some(({ reason }) => reason === 'roster-changed'),
      hidden,
    };
  });
}

async function carryOut(
  own: number,
  first: UndoPlan,
  written: WrittenByRun,
  world: UndoWorld,
): Promise<{ readonly plan: UndoPlan; readonly refused: Refused }> {
  const { roster, state, progress } = world;
  let plan = first;
  for (let replans = 0; ; replans++) {
    const { write } = plan;
    const rows = Object.values(write).reduce((all, part) => all + part.length, 0);
    if (rows > 0) progress({ kind: 'writing' });
    const outcome = await writeDurably(own, asJournalled(plan, written), { roster, journal: state.journal });
    if (outcome.kind === 'written') {
      return { plan, refused: { rows: outcome.refused, links: outcome.refusedLinks } };
    }
    if (outcome.kind === 'refused') {
      throw refusedByRoster(outcome.staged);
    }
    if (replans === REPLANS) throw rosterKeepsChanging();
    plan = await planNow(written, world);
  }
}

async function planNow(
  written: WrittenByRun,
  world: UndoWorld,
): Promise<UndoPlan & { readonly now: Awaited<ReturnType<typeof rosterNow>> }> {
  const now = await rosterNow(written, world);
  return { ...planUndo(written, now), now };
}

/** The last undo of a run that was not taken back itself. */
async function takenBackBy(record: RunRecord, journal: Pick<Journal, 'run'>): Promise<number | undefined> {
  for (const by of record.undoneBy.toReversed()) {
    const own = await journal.run(by);
    if (own !== undefined && (await takenBackBy(own, journal)) === undefined) return by;
  }
  return undefined;
}

async function didAnything(record: RunRecord, journal: Pick<Journal, 'run'>): Promise<boolean> {
  return record.changes + sum(record.acts) > 0 || (await concernsDecisions(record, journal));
}

/** An undo has none of its own: it withdraws another run's, or puts them in force again. */
async function concernsDecisions(record: RunRecord, journal: Pick<Journal, 'run'>): Promise<boolean> {
  if (record.decisions > 0) return true;
  const undone = record.undoes === undefined ? undefined : await journal.run(record.undoes);
  return undone !== undefined && concernsDecisions(undone, journal);
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((all, one) => all + one, 0);
}

function refusedByRoster({ refused, refusedLinks }: Pick<Staged, 'refused' | 'refusedLinks'>): SparSyncError {
  const rows = refused.map(({ key }) => rowKeyText(key));
  const links = refusedLinks.map(
    ({ link: { student, guardian } }) => `student:${student} – guardian:${guardian}`,
  );
  const names = [...new Set([...rows, ...links])].join(', ');
  return new SparSyncError(
    'plan-outdated',
    {
      en: `The roster would not take these rows or links back: ${names}. Nothing was written.`,
      sv: `Registret tog inte emot de här raderna eller kopplingarna igen: ${names}. Inget har skrivits.`,
    },
    {
      en: 'Look at what in the roster stands in their way: an id, an e-mail or a rule of the database.',
      sv: 'Se efter vad i registret som står i vägen: ett id, en e-postadress eller en regel i databasen.',
    },
  );
}

function alreadyUndone(run: number, by: number): SparSyncError {
  return new SparSyncError(
    'usage',
    {
      en: `Run ${run} was already taken back, by run ${by}.`,
      sv: `Körning ${run} är redan ångrad, av körning ${by}.`,
    },
    {
      en: `\`spar-sync undo ${by}\` does run ${run} again.`,
      sv: `\`spar-sync undo ${by}\` gör om körning ${run}.`,
    },
  );
}

function wroteNothing(run: number): SparSyncError {
  return new SparSyncError(
    'usage',
    {
      en: `Run ${run} wrote nothing to the roster, so there is nothing to take back.`,
      sv: `Körning ${run} skrev inget i registret, så det finns inget att ångra.`,
    },
    SEE_HISTORY,
  );
}
