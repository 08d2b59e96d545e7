import type { CalendarDate, Freshness } from './calendar-date.ts';
import type { Decision } from './decision.ts';
import type { UpdateRules } from './field-rules.ts';
import type { Renumbering } from './guardians/one-person.ts';
import type { Permission, ProtectionMark } from './person.ts';
import type { ParsedPersonId, PersonId, PersonNumbers } from './person-id.ts';
import type { NotAskedReason, PlanItem, ReviewReason } from './plan.ts';
import type { WrittenCell } from './respect-edits.ts';
import type { GuardianLink, RosterEntry, RowKey, UntakenRow } from './roster.ts';
import type { MarksSeen, RememberedPeople, RosterMarks } from './rows/roster-marks.ts';
import type { RowProblem } from './rows/row-register.ts';
import type { Comparison, Snapshot } from './snapshot.ts';
import type { UnitStamps } from './update/compared-mark.ts';

/** Somebody who must be asked about before the plan is whole. */
export interface Need {
  readonly id: PersonId;
  readonly permissions: readonly Permission[];
  /** Rows that lead to this person. */
  readonly rows: readonly RowKey[];
  /** The rows are those of children, who lead to this person as their guardian. */
  readonly asGuardian?: boolean;
  /** Date of the answer that has gone stale; missing for somebody never asked about. */
  readonly lastAnswer?: CalendarDate;
}

/** A row that was compared with its person's answer, and the mark that is to say so. */
export interface ComparedRow {
  readonly key: RowKey;
  readonly person: PersonId;
  readonly mark: string;
}

/** What `update` would do to the roster, as far as the answers at hand reach. */
export interface UpdatePlan {
  /** Everything but rows to which nothing happens, in the order of the roster. */
  readonly items: readonly PlanItem[];
  readonly counts: PlanCounts;
  /** Whoever must be asked about first; their rows are missing from `items`. */
  readonly needs: readonly Need[];
  /** Whom only `offline` keeps from being asked about. */
  readonly heldBack: readonly Need[];
  /** Rows that were compared with their person's answer, for edits that come later. */
  readonly compared: Iterable<ComparedRow>;
  /** People who are protected, under all their numbers: no answer in the cache may keep their name. */
  readonly toWithhold: readonly PersonId[];
  /** Rows of protected people: no earlier name or address of theirs may stay in the journal. */
  readonly protectedRows: readonly RowKey[];
  readonly marks: MarksSeen;
  /** Children whose answers may name a marked guardian without a number. */
  readonly childrenOfUnnumbered: readonly PersonId[];
  /** Whose rows the roster has: of every type, active or not, selected or not, left out or not taken at all. */
  readonly everybody: PersonNumbers;
  readonly duplicates: readonly RowProblem[];
  readonly linksToNobody: readonly RowProblem[];
  /** Some answer bears a date after today. */
  readonly answersFromTheFuture: boolean;
}

export interface PlanCounts {
  /** Rows that could be taken. */
  readonly total: number;
  readonly selected: number;
  readonly changed: number;
  /** People, each counted once: with an answer in this plan. */
  readonly answered: number;
  /** For whom a non-empty name, address or number would be replaced. */
  readonly replaced: number;
  readonly notFound: number;
  /** Whose answer was there before this run. */
  readonly reused: number;
}

export interface PlanOptions {
  readonly rules: UpdateRules;
  readonly freshness: Freshness;
  readonly today: CalendarDate;
  readonly granted: readonly Permission[];
  readonly selected: (key: RowKey) => boolean;
  /** `--refresh`: ask whatever the age of the answer. */
  readonly refresh: boolean;
  /** `--refresh` for people named by id: the deceased and renumbered too. */
  readonly insist: boolean;
  /** `--force` for rows named by id: what a person has edited since is written over. */
  readonly overwriteEdits: boolean;
  readonly offline: boolean;
  /** Rows, as `type:id`, some cell of which an undo has put back. */
  readonly undoneRows: ReadonlySet<string>;
  /** Whom SPAR's answers at hand say to be protected. */
  readonly protectedPeople: ReadonlyMap<PersonId, ProtectionMark>;
  /** What people have decided about pairs of rows, as far as it is in force. */
  readonly decisions: readonly Decision[];
  /** Rows that the school has marked at some time. */
  readonly markedBefore: readonly RowKey[];
  /** Which numbers the answers at hand say are one person's. */
  readonly renumbered: readonly Renumbering[];
  /** Asked in this very run. */
  readonly answeredNow: ReadonlySet<PersonId>;
  /** People who could not be asked about in this run. */
  readonly unasked: ReadonlyMap<PersonId, Unasked>;
  /** Whether a source's encoding holds the text. */
  readonly canHold: (source: number, text: string) => boolean;
  readonly stamps: (source: number) => UnitStamps;
}

/** What planning itself reads from the state. */
export type KnownFromState = 'undoneRows' | 'protectedPeople' | 'renumbered' | 'decisions' | 'markedBefore';

export interface Unasked {
  readonly because: Extract<NotAskedReason, 'failed' | 'budget'>;
  readonly review?: Extract<ReviewReason, 'answer-not-understood'>;
}

/** What a row needs beside its own answer; few rows do. */
export interface RowContext {
  /** The journal's newest changes of this row's cells. */
  readonly written?: readonly WrittenCell[];
  /** The answer about the number that the person is said to have now; `null` when there is none. */
  readonly successor?: Snapshot | null;
}

export type Question = { readonly kind: 'written' } | { readonly kind: 'successor'; readonly id: PersonId };

/** A row that has been taken. */
export interface RegisteredRow {
  readonly row: number;
  readonly entry: RosterEntry;
  readonly id: ParsedPersonId;
  readonly isActive: boolean;
  /** Whose snapshot `consider` wants; missing when the row is not selected, inactive or without a usable number. */
  readonly person: PersonId | undefined;
}

/**
 * Builds the plan in one pass over the roster, row by row, and holds only what is to happen. For each row
 * call `register`, then `consider` with the person's snapshot, and again with the context it asks for, or
 * `addUntaken`; then `addLink` for each link, then `finish`.
 *
 * Fails closed: whoever an answer or a row says is protected is so on all rows and under all numbers.
 */
export interface UpdatePlanner {
  /** `undefined` when the row shares its id with an earlier one: both are left out. */
  register(entry: RosterEntry): RegisteredRow | undefined;
  /**
   * Whether the row holds what it held when it was last compared with this answer by the same rules, and
   * nothing was to be done: then that is all there is to say, and the answer itself need not be read.
   */
  isAsBefore(row: RegisteredRow, comparison: Comparison | undefined): boolean;
  consider(row: RegisteredRow, snapshot: Snapshot | undefined, context?: RowContext): Question | undefined;
  addLink(link: GuardianLink): void;
  /** A row that the roster could not take. */
  addUntaken(row: UntakenRow): void;
  /** Rows that carry a mark and no usable number, and rows besides that could not be taken and may carry one. */
  unnumbered: RosterMarks['unnumbered'];
  /** `remembered`: whose rows those are or were, as far as is known. */
  finish(remembered?: RememberedPeople): UpdatePlan;
}

/** Everybody of two plans, each once with the union of the permissions: in the order of the first, then of the second. */
export function needsTogether(first: readonly Need[], second: readonly Need[]): readonly Need[] {
  const all = new Map(first.map((need) => [need.id, need]));
  for (const need of second) {
    const known = all.get(need.id);
    if (known === undefined) all.set(need.id, need);
    else
      all.set(need.id, { ...known, permissions: [...new Set([...known.permissions, ...need.permissions])] });
  }
  return [...all.values()];
}

/**
 * Divides who must be asked about by what the budget reaches: those never asked come first, then the oldest answers.
 * Whoever was asked about in vain comes after those who were not asked about since then: else a few people about whom
 * SPAR never answers could use up every budget.
 *
 * @param lastTried the day on which somebody was last asked about in vain
 */
export function chooseAffordable(
  needs: readonly Need[],
  lookupsLeft: number,
  lastTried: LastTried = new Map(),
): { readonly affordable: readonly Need[]; readonly tooMany: readonly Need[] } {
  if (lookupsLeft === Number.POSITIVE_INFINITY) return { affordable: needs, tooMany: [] };
  const lastAsked = (need: Need): string => {
    const days = [need.lastAnswer ?? '', lastTried.get(need.id) ?? ''];
    return days.sort().at(-1) ?? '';
  };
  const byUrgency = [...needs].sort((a, b) => compareText(lastAsked(a), lastAsked(b)));
  return { affordable: byUrgency.slice(0, lookupsLeft), tooMany: byUrgency.slice(lookupsLeft) };
}

export type LastTried = ReadonlyMap<PersonId, CalendarDate>;

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
