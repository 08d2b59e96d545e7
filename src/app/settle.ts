import { type Cells, type RosterField, type RowKey, rowKeyText } from '../domain/roster.ts';
import { type LinkKey, linkKeyText } from '../domain/roster-write.ts';
import type { WholeRow } from '../domain/whole-row.ts';
import { SparSyncError } from '../errors.ts';
import type { Journal, JournalledAct, Struck, UnfinishedRun } from './journal-port.ts';
import type { Progress } from './ports.ts';
import type { Roster } from './roster-port.ts';

/**
 * Finds out what became of runs whose process died between the journal and the roster, before anything new
 * begins. Nothing is replayed: a run is applied where the roster holds what it meant to write, and struck out
 * where it does not (CONTRACT section 8).
 */
export async function settleUnfinishedRuns(
  journal: Journal,
  roster: Roster,
  progress: Progress,
): Promise<void> {
  for (const unfinished of await journal.unfinished()) {
    const outcome = await settle(unfinished, journal, roster);
    progress({ kind: 'settled', run: unfinished.run, outcome });
  }
}

/**
 * The same for one run that broke off in the middle of its write while the process lives. `undefined`: the
 * roster cannot be looked at now, and the next run will do it.
 */
export async function settleRun(
  run: number,
  journal: Journal,
  roster: Roster,
): Promise<SettledAs | undefined> {
  const unfinished = (await journal.unfinished()).find((one) => one.run === run);
  if (unfinished === undefined) return undefined;
  try {
    return await settle(unfinished, journal, roster);
  } catch (error) {
    if (error instanceof SparSyncError) return undefined;
    throw error;
  }
}

/** What a run has turned out to have written. */
export type SettledAs = 'applied' | 'not-applied' | 'partly';

async function settle(unfinished: UnfinishedRun, journal: Journal, roster: Roster): Promise<SettledAs> {
  const { run, files, changes, acts, compared } = unfinished;
  await roster.removeLeftovers(run);
  const now = await roster.digests();
  if (files.length > 0 && files.every((file) => now.get(file.path) === file.after)) {
    await journal.applied(run, { rows: [], links: [] }, compared);
    return 'applied';
  }
  if (files.length > 0 && files.every((file) => now.get(file.path) === file.before)) {
    await journal.notApplied(run);
    return 'not-applied';
  }
  // A run that only remembered decisions wrote nothing that could be missing.
  if (changes.length === 0 && acts.length === 0) {
    await journal.applied(run, { rows: [], links: [] }, compared);
    return 'applied';
  }
  // Neither: some of the files were renamed, or somebody has written since, or it is a database.
  const { struck, isAny } = await whatIsMissing(unfinished, roster);
  if (!isAny) {
    await journal.notApplied(run);
    return 'not-applied';
  }
  const out = new Set(struck.rows.map(rowKeyText));
  await journal.applied(
    run,
    struck,
    compared.filter(({ key }) => !out.has(rowKeyText(key))),
  );
  return struck.rows.length + struck.links.length === 0 ? 'applied' : 'partly';
}

/** What the roster shows no sign of; `isAny`: it shows a sign of something. */
async function whatIsMissing(
  { changes, acts }: UnfinishedRun,
  roster: Roster,
): Promise<{ readonly struck: Struck; readonly isAny: boolean }> {
  const written = new Set<string>();
  const wanted = new Map<string, (typeof changes)[number][]>();
  for (const change of changes) {
    const key = rowKeyText(change.key);
    wanted.set(key, [...(wanted.get(key) ?? []), change]);
  }
  const added = new Map<string, WholeRow | undefined>();
  for (const act of acts) if (act.kind === 'row-added') added.set(rowKeyText(act.key), act.whole);
  const rows = new Set<string>();
  for await (const batch of roster.read(() => {})) {
    for (const { key, cells } of batch) {
      const text = rowKeyText(key);
      // A database may have given the id to another row, once ours was rolled back.
      if (isSomebodyElse(cells, added.get(text))) continue;
      rows.add(text);
      // Not a single planned cell holds what it was to hold: then nothing of the row was written.
      if (wanted.get(text)?.some(({ field, to }) => cells[field] === to)) written.add(text);
    }
  }
  const links = new Set<string>();
  if (acts.some((act) => 'link' in act)) {
    for await (const batch of roster.readLinks(() => {})) {
      for (const link of batch) links.add(linkKeyText(link));
    }
  }
  const missingRows = new Map<string, RowKey>();
  for (const { key } of changes) if (!written.has(rowKeyText(key))) missingRows.set(rowKeyText(key), key);
  const missingLinks: LinkKey[] = [];
  let isAny = written.size > 0;
  const hasHappened = createActFinder(acts, rows, links);
  for (const act of acts) {
    if (hasHappened(act)) isAny = true;
    else if ('link' in act) missingLinks.push(act.link);
    else missingRows.set(rowKeyText(act.key), act.key);
  }
  return { struck: { rows: [...missingRows.values()], links: missingLinks }, isAny };
}

/** Whether a row under the id of an added one is not that one: by number, or by name where it had none. */
function isSomebodyElse(now: Cells, added: WholeRow | undefined): boolean {
  if (added === undefined) return false;
  const isSame = (field: RosterField): boolean => (now[field] ?? '') === textOf(added, field);
  if (textOf(added, 'personnummer') !== '') return !isSame('personnummer');
  return !isSame('first_name') || !isSame('last_name');
}

function textOf({ cells }: WholeRow, wanted: RosterField): string {
  const value = cells.find(({ field }) => field === wanted)?.value;
  if (typeof value === 'string') return value;
  return value !== null && value?.kind === 'integer' ? value.text : '';
}

type Move = Extract<JournalledAct, { readonly kind: 'link-moved' }>;

/** Tells of an act whether it has happened, by the rows and links that are there. */
function createActFinder(
  acts: readonly JournalledAct[],
  rows: ReadonlySet<string>,
  links: ReadonlySet<string>,
): (act: JournalledAct) => boolean {
  // Of two links that change places, the roster looks the same at one end before and after: only the move tells.
  const removed = new Set(
    acts.flatMap((act) => (act.kind === 'link-removed' ? [linkKeyText(act.link)] : [])),
  );
  const moves = acts.filter((act): act is Move => act.kind === 'link-moved');
  const movesTo = new Map(moves.map((move) => [linkKeyText(move.link), move]));
  const movesFrom = new Map(moves.map((move) => [linkKeyText(beforeOf(move)), move]));
  const hasMoved = (move: Move): boolean => {
    const text = linkKeyText(move.link);
    return links.has(text) && !(removed.has(text) && links.has(linkKeyText(beforeOf(move))));
  };
  return (act) => {
    switch (act.kind) {
      case 'row-added':
        return rows.has(rowKeyText(act.key));
      case 'row-removed':
        return !rows.has(rowKeyText(act.key));
      case 'link-moved':
        return hasMoved(act);
      case 'link-added': {
        const move = movesFrom.get(linkKeyText(act.link));
        return move === undefined ? links.has(linkKeyText(act.link)) : hasMoved(move);
      }
      case 'link-removed': {
        const move = movesTo.get(linkKeyText(act.link));
        return move === undefined ? !links.has(linkKeyText(act.link)) : hasMoved(move);
      }
    }
  };
}

function beforeOf({ link, from }: Move): LinkKey {
  return { student: link.student, guardian: from };
}
