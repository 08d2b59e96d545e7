import type { PersonId } from '../../domain/person-id.ts';
import { type RosterProblem, rowKeyText } from '../../domain/roster.ts';
import type {
  KnownFromState,
  PlanOptions,
  Question,
  RegisteredRow,
  RowContext,
  UpdatePlan,
  UpdatePlanner,
} from '../../domain/update-plan.ts';
import { createUpdatePlanner } from '../../domain/update-planner.ts';
import type { Journal } from '../journal-port.ts';
import type { SnapshotStore } from '../ports.ts';
import { marksOf, rememberedPeople } from '../protected-people.ts';
import type { Roster } from '../roster-port.ts';
import { asShown, byPlace, placed } from '../roster-problems.ts';

/** A plan together with what the roster itself has wrong. */
export interface PlannedUpdate {
  readonly plan: UpdatePlan;
  readonly problems: readonly RosterProblem[];
}

/** The parts of the state that a plan rests on. */
type Answers = Pick<
  SnapshotStore,
  'getMany' | 'getComparisons' | 'protectedPeople' | 'renumbered' | 'peopleOfRows' | 'markedRows'
>;
type Writings = Pick<Journal, 'lastChanges' | 'holds' | 'decisions'>;

type OpenRow = readonly [row: RegisteredRow, question: Question];

/**
 * Reads the roster once and plans from the answers at hand; asks nobody. The same call makes the first plan,
 * which tells who is missing, and the plan after they have been asked about.
 */
export async function planUpdate(
  roster: Roster,
  snapshots: Answers,
  journal: Writings,
  options: Omit<PlanOptions, KnownFromState | 'canHold'>,
): Promise<PlannedUpdate> {
  const problems: RosterProblem[] = [];
  const onProblem = (problem: RosterProblem) => {
    if (problem.untaken !== undefined) planner.addUntaken(problem.untaken);
    problems.push(asShown(problem));
  };
  const canHold = (source: number, text: string) => roster.sources[source]?.canHold(text) ?? false;
  const { rows: undoneRows } = await journal.holds();
  const protectedPeople = await marksOf(snapshots);
  const renumbered = await snapshots.renumbered();
  const decisions = await journal.decisions();
  const markedBefore = (await snapshots.markedRows()).map(({ key }) => key);
  const known = { undoneRows, protectedPeople, renumbered, decisions, markedBefore };
  const planner = createUpdatePlanner({ ...options, ...known, canHold });

  for await (const batch of roster.read(onProblem)) {
    const rows: RegisteredRow[] = [];
    for (const entry of batch) {
      const row = planner.register(entry);
      if (row !== undefined) rows.push(row);
    }
    // Most rows of most nights end here, and never have their answer read.
    const comparisons = await snapshots.getComparisons(rows.map((row) => row.person));
    const toCompare = rows.filter((row, i) => !planner.isAsBefore(row, comparisons[i]));
    const answers = await snapshots.getMany(toCompare.map((row) => row.person));
    const open: OpenRow[] = [];
    toCompare.forEach((row, i) => {
      const question = planner.consider(row, answers[i]);
      if (question !== undefined) open.push([row, question]);
    });
    if (open.length > 0) await answerQuestions(open, planner, snapshots, journal);
  }
  for await (const batch of roster.readLinks(onProblem)) batch.forEach(planner.addLink);

  const plan = planner.finish(await rememberedPeople(planner, snapshots));
  problems.push(...placed(roster, 'duplicate-id', plan.duplicates));
  problems.push(...placed(roster, 'link-to-nobody', plan.linksToNobody));
  return { plan, problems: problems.sort(byPlace) };
}

/** Gets what some rows need beside their own answer, until none asks for more. */
async function answerQuestions(
  open: readonly OpenRow[],
  planner: UpdatePlanner,
  snapshots: Answers,
  journal: Writings,
): Promise<void> {
  const known = new Map<RegisteredRow, RowContext>();
  let waiting = open;
  while (waiting.length > 0) {
    const written = await journal.lastChanges(
      waiting.flatMap(([row, question]) => (question.kind === 'written' ? [row.entry.key] : [])),
    );
    const successors = waiting.map(([, question]): PersonId | undefined =>
      question.kind === 'successor' ? question.id : undefined,
    );
    const successorAnswers = await snapshots.getMany(successors);
    const answers = await snapshots.getMany(waiting.map(([row]) => row.person));
    const still: OpenRow[] = [];
    waiting.forEach(([row, question], i) => {
      const context: RowContext = {
        ...known.get(row),
        ...(question.kind === 'written'
          ? { written: written.get(rowKeyText(row.entry.key)) ?? [] }
          : { successor: successorAnswers[i] ?? null }),
      };
      known.set(row, context);
      const next = planner.consider(row, answers[i], context);
      if (next !== undefined) still.push([row, next]);
    });
    waiting = still;
  }
}
