import { fold } from '../../domain/fold.ts';
import type { PersonId } from '../../domain/person-id.ts';
import { type GuardianLink, type RowKey, rowKeyText } from '../../domain/roster.ts';
import { isNothing, type LinkKey, type RosterWrite } from '../../domain/roster-write.ts';
import { planUndo } from '../../domain/undo.ts';
import type { LeftByUndo, RosterNow, UndoPlan } from '../../domain/undo-plan.ts';
import { SparSyncError } from '../../errors.ts';
import { type JournalledWrite, writeDurably } from '../durable-write.ts';
import { linkText } from '../guardians/guardian-write.ts';
import type { Journal, JournalledAct, JournalledChange, RunRecord, WrittenByRun } from '../journal-port.ts';
import { asJournalledRun } from '../journalled-run.ts';
import type { RefusedLink, RefusedRow, Staged } from '../roster-port.ts';
import { REPLANS, rosterKeepsChanging } from '../update/apply-plan.ts';
import type { UpdateWorld } from '../update/update-world.ts';
import { noSuchRun, SEE_HISTORY } from './history.ts';
import type { UndoReport } from './history-report.ts';
import { readRowsNow } from './protected-now.ts';

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
    if (dryRun) return { report: reportOf(own, record, plan, NOTHING_REFUSED, true), gaps: false, hidden };
    const { refused, plan: carriedOut } = await carryOut(own, plan, written, world);
    return {
      report: reportOf(own, record, carriedOut, refused, false),
      gaps: refused.rows.some(({ reason }) => reason === 'roster-changed'),
      hidden,
    };
  });
}

interface Refused {
  readonly rows: readonly RefusedRow[];
  readonly links: readonly RefusedLink[];
}

const NOTHING_REFUSED: Refused = { rows: [], links: [] };

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
    if (rows > 0) progress({ kind: 'writing', rows });
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

/** The undo as the journal keeps it: everything the other way round, so that it can be taken back as well. */
function asJournalled({ write }: UndoPlan, written: WrittenByRun): JournalledWrite {
  const personOfChange = new Map(written.changes.map(({ key, person }) => [rowKeyText(key), person]));
  const personOfRow = new Map<string, PersonId | undefined>();
  const personOfLink = new Map<string, PersonId | undefined>();
  for (const act of written.acts) {
    if (act.kind === 'row-added' || act.kind === 'row-removed')
      personOfRow.set(rowKeyText(act.key), act.person);
    else if (act.kind !== 'link-moved') personOfLink.set(linkText(act.link), act.person);
  }
  const withPerson = (person: PersonId | undefined) => (person === undefined ? {} : { person });
  return {
    write,
    journalled: ({ removedRows, removedLinks }) => ({
      changes: write.edits.flatMap(({ key, cells }) =>
        cells.map(
          (change): JournalledChange => ({
            key,
            ...change,
            ...withPerson(personOfChange.get(rowKeyText(key))),
          }),
        ),
      ),
      acts: [
        ...removedRows.map(
          ({ key, whole }): JournalledAct => ({
            kind: 'row-removed',
            key,
            whole,
            ...withPerson(personOfRow.get(rowKeyText(key))),
          }),
        ),
        ...write.addedRows.map(
          ({ key }): JournalledAct => ({
            kind: 'row-added',
            key,
            ...withPerson(personOfRow.get(rowKeyText(key))),
          }),
        ),
        ...removedLinks.map(
          ({ link, whole }): JournalledAct => ({
            kind: 'link-removed',
            link,
            whole,
            ...withPerson(personOfLink.get(linkText(link))),
          }),
        ),
        ...write.addedLinks.map(
          (added): JournalledAct => ({
            kind: 'link-added',
            link: added.link,
            ...(added.kind === 'restored' && { whole: added.whole }),
            ...withPerson(personOfLink.get(linkText(added.link))),
          }),
        ),
        ...write.movedLinks.map(
          ({ link, toGuardian }): JournalledAct => ({
            kind: 'link-moved',
            link: { student: link.student, guardian: toGuardian },
            from: link.guardian,
          }),
        ),
      ],
      compared: [],
      decisions: [],
    }),
    compared: () => [],
    // What a merged row had given away is taken from the kept one only if the row really comes back, and no link
    // gives up its place to one that does not come.
    allOrNothing: write.addedRows.length > 0 || changePlaces(write),
  };
}

/** Whether a link comes or goes where another moves from or to. */
function changePlaces({ addedLinks, removedLinks, movedLinks }: RosterWrite): boolean {
  const before = new Set(movedLinks.map(({ link }) => linkText(link)));
  const after = new Set(
    movedLinks.map(({ link, toGuardian }) => linkText({ student: link.student, guardian: toGuardian })),
  );
  return (
    addedLinks.some(({ link }) => before.has(linkText(link))) ||
    removedLinks.some(({ link }) => after.has(linkText(link)))
  );
}

async function planNow(
  written: WrittenByRun,
  world: UndoWorld,
): Promise<UndoPlan & { readonly now: RosterNow }> {
  const now = await rosterNow(written, world);
  return { ...planUndo(written, now), now };
}

/** Looks at the roster as it is, as far as the run touched it. */
async function rosterNow(written: WrittenByRun, world: UndoWorld): Promise<RosterNow> {
  const { roster } = world;
  const holders = new Map<string, RowKey[]>();
  const { entryOf, isProtected } = await readRowsNow(written, world, ({ key, cells }) => {
    const email = fold(cells.email ?? '');
    if (email !== '') holders.set(email, [...(holders.get(email) ?? []), key]);
  });
  const links = new Map<string, GuardianLink>();
  const linksTo = new Map<string, GuardianLink[]>();
  for await (const batch of roster.readLinks(() => {})) {
    for (const link of batch) {
      if (!links.has(linkText(link))) links.set(linkText(link), link);
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
    linkOf: (link: LinkKey) => links.get(linkText(link)),
    linksTo: (guardian) => linksTo.get(guardian) ?? [],
    isReferredTo: (key) => (referrers.get(rowKeyText(key)) ?? []).length > 0,
    holdersOf: (email) => holders.get(fold(email)) ?? [],
    isProtected,
  };
}

function reportOf(
  own: number,
  undone: RunRecord,
  { write, left }: UndoPlan,
  refused: Refused,
  dryRun: boolean,
): UndoReport {
  const out = new Set(refused.rows.map(({ key }) => rowKeyText(key)));
  const outLinks = new Set(refused.links.map(({ link }) => linkText(link)));
  const isIn = ({ key }: { readonly key: RowKey }): boolean => !out.has(rowKeyText(key));
  const leftToo: LeftByUndo[] = [
    ...left,
    ...refused.rows.map(({ key }): LeftByUndo => ({ key, reason: 'row-changed' })),
    ...refused.links.map(
      ({ link }): LeftByUndo => ({
        key: { type: 'guardian', id: link.guardian },
        student: link.student,
        reason: 'link-changed',
      }),
    ),
  ];
  return {
    command: 'undo',
    run: own,
    undoes: undone.run,
    dryRun,
    decisions: undone.decisions,
    restored: write.edits
      .filter(isIn)
      .flatMap(({ key, cells }) =>
        cells.map(({ field, from, to }) => ({ id: key.id, type: key.type, field, from, to })),
      ),
    removedRows: write.removedRows.filter(isIn).map(({ key }) => key),
    restoredRows: write.addedRows.filter(isIn).map(({ key }) => key),
    links: {
      removed: write.removedLinks.map(({ link }) => link).filter((link) => !outLinks.has(linkText(link))),
      added: write.addedLinks.map(({ link }) => link).filter((link) => !outLinks.has(linkText(link))),
      moved: write.movedLinks
        .filter(({ link }) => !outLinks.has(linkText(link)))
        .map(({ link, toGuardian }) => ({
          student: link.student,
          guardian: toGuardian,
          from: link.guardian,
        })),
    },
    left: leftToo.map(({ key, field, student, reason }) => ({
      id: key.id,
      type: key.type,
      ...(field && { field }),
      ...(student !== undefined && { student }),
      reason,
    })),
  };
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
      en: `\`spar-sync undo ${by}\` does it again.`,
      sv: `\`spar-sync undo ${by}\` gör om den.`,
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
