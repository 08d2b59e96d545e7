import { joinNumbers } from '../../domain/guardians/one-person.ts';
import { maskGiven, maskPersonId, type PersonId, personNumbers } from '../../domain/person-id.ts';
import { findDepartedBrake } from '../../domain/plan-safety.ts';
import type { RowKey } from '../../domain/roster.ts';
import { SparSyncError } from '../../errors.ts';
import { brakeError } from '../brake-error.ts';
import { settleUnfinishedRuns } from '../settle.ts';
import type { UpdateWorld } from '../update/update-world.ts';
import { asSentence } from '../what-stands.ts';
import { type FoundNamed, findNamed, type Named } from './find-named.ts';
import type { ForgetReport } from './forget-report.ts';
import { type RosterAtHand, readRosterAtHand, withoutRoster } from './roster-at-hand.ts';

type ForgetWorld = Pick<UpdateWorld, 'roster' | 'state' | 'settings' | 'today' | 'progress'>;

/** Whom the command line means. */
export interface ForgetOptions {
  readonly whom: readonly Named[] | 'departed';
  /** Whether a name may be somebody's number. */
  readonly numbers: boolean;
  readonly dryRun: boolean;
  /** Also where very many have left at once. */
  readonly force: boolean;
}

/**
 * Erases what is kept of these people, under all numbers that answers say are theirs: answers, and names and
 * addresses in the journal. Not the log of lookups. Asks nobody, and is no run.
 *
 * @throws SparSyncError `usage` when nobody is known by any of the names; `brake`; `roster-unreadable` where it takes
 *   the roster to tell who has left.
 */
export async function forget(world: ForgetWorld, options: ForgetOptions): Promise<ForgetReport> {
  const { state, settings, roster, progress } = world;
  const { whom, numbers, force, dryRun } = options;
  if (whom !== 'departed') {
    const at = await rosterIfReadable(world, whom);
    const found = await findNamed(whom, numbers, world, at);
    if (found.unknown.length === whom.length) throw nobody(found.unknown);
    return carryOut(world, at, found, options);
  }
  await settleUnfinishedRuns(state.journal, roster, progress);
  const at = await readRosterAtHand(world, new Set());
  const absentees = await state.retention.absentees(personNumbers(at.people));
  const brake = force ? undefined : findDepartedBrake(absentees, settings.limits);
  if (brake !== undefined && !dryRun) throw brakeError(brake);
  const report = await carryOut(world, at, { ...NOBODY, people: absentees.absent }, options);
  return { ...report, ...(brake && { brake }) };
}

const NOBODY: FoundNamed = {
  people: [],
  rows: [],
  rowsOfNobody: [],
  children: [],
  rowOf: new Map(),
  unknown: [],
};

/** Whoever is to be forgotten can be, without the roster too; it is said that it could not be read. */
async function rosterIfReadable(world: ForgetWorld, named: readonly Named[]): Promise<RosterAtHand> {
  try {
    await settleUnfinishedRuns(world.state.journal, world.roster, world.progress);
    return await readRosterAtHand(world, new Set(named.map(({ id }) => id)));
  } catch (error) {
    if (!(error instanceof SparSyncError) || error.code !== 'roster-unreadable') throw error;
    const { en, sv } = error.text;
    const text = {
      en: `${asSentence(en)} Rows are known only as the state file remembers them, and whoever is protected stays known as such.`,
      sv: `${asSentence(sv)} Raderna är bara kända som den lokala databasen minns dem, och den som är skyddad förblir känd som det.`,
    };
    world.progress({ kind: 'remark', text });
    return withoutRoster(world);
  }
}

async function carryOut(
  { state }: ForgetWorld,
  roster: RosterAtHand,
  found: FoundNamed,
  { dryRun }: Pick<ForgetOptions, 'dryRun'>,
): Promise<ForgetReport> {
  const { retention, snapshots } = state;
  const { currentOf, numbersOf } = joinNumbers(await snapshots.renumbered());
  const people = [...new Set(found.people.map(currentOf))].map(numbersOf);
  const gone = new Set((await retention.absentees(personNumbers(roster.people))).absent);
  const isProtected = (numbers: readonly PersonId[]) => numbers.some(roster.protection.isProtected);
  // Fails closed: without the answer, `export` and `history` would show them as anybody.
  const isKept = (numbers: readonly PersonId[]) =>
    isProtected(numbers) && !(roster.isRead && numbers.some((number) => gone.has(number)));
  const [kept, others] = [people.filter(isKept), people.filter((numbers) => !isKept(numbers))];
  const { answers, journalValues } = await retention.erase(
    {
      answers: others.flat(),
      hidden: kept.flat(),
      unnumberedOf: found.children,
      journal: people.flat(),
      journalRows: found.rows,
      marks: others.flat(),
    },
    { trial: dryRun },
  );

  const rowsOf = (numbers: readonly PersonId[]) => numbers.flatMap(roster.rowsOf);
  const nameOf = await namer(found, roster, people, retention);
  const shown = (numbers: readonly PersonId[]): ForgetReport['erased'] => {
    const row = nameOf(numbers);
    if (row !== undefined) return [row];
    // Of the protected nothing but a row is shown.
    const [number] = numbers;
    return number === undefined || isProtected(numbers) ? [] : [{ number: maskPersonId(number) }];
  };
  return {
    command: 'forget',
    dryRun,
    people: people.length + found.rowsOfNobody.length,
    answers,
    journalValues,
    erased: [...others.flatMap(shown), ...found.rowsOfNobody],
    keptProtected: kept.flatMap((numbers) => nameOf(numbers) ?? []),
    stillInRoster: others.flatMap(rowsOf),
    unknown: found.unknown,
  };
}

/**
 * By which row somebody is told of: the one that was named, else one in the roster, else the last one they were asked
 * about for, unless that is somebody else's by now.
 */
async function namer(
  { rowOf }: FoundNamed,
  roster: RosterAtHand,
  people: readonly (readonly PersonId[])[],
  retention: ForgetWorld['state']['retention'],
): Promise<(numbers: readonly PersonId[]) => RowKey | undefined> {
  const first = (rows: readonly (RowKey | undefined)[]) => rows.find((row) => row !== undefined);
  const byName = (numbers: readonly PersonId[]) =>
    first(numbers.map((number) => rowOf.get(number))) ?? first(numbers.flatMap(roster.rowsOf));
  const rowless = people.filter((numbers) => byName(numbers) === undefined);
  const lastRows = await retention.lastRowsOf(rowless.flat());
  const isFree = (row: RowKey | undefined) => row !== undefined && !roster.has(row);
  return (numbers) => byName(numbers) ?? numbers.map((number) => lastRows.get(number)).find(isFree);
}

function nobody(given: readonly string[]): SparSyncError {
  const unknown = given.map(maskGiven);
  return new SparSyncError(
    'usage',
    {
      en: `Nothing is known of ${unknown.join(', ')}.`,
      sv: `Ingenting är känt om ${unknown.join(', ')}.`,
    },
    {
      en: '`forget` takes the id of a row, `17` or `student:17`; `forget -` reads ids and personnummer from standard input.',
      sv: '`forget` tar id för en rad, `17` eller `student:17`; `forget -` läser id och personnummer från standard in.',
    },
  );
}
