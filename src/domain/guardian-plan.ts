import type { CalendarDate, Freshness } from './calendar-date.ts';
import type { Decision } from './decision.ts';
import type { DuplicatePair } from './duplicate-pair.ts';
import type { UpdateRules } from './field-rules.ts';
import type { Grade } from './matching/match-words.ts';
import type { Permission } from './person.ts';
import type { PersonId } from './person-id.ts';
import type { NotAskedReason, PlanItem, ReviewReason } from './plan.ts';
import type { RosterField, RowKey } from './roster.ts';
import type { LinkKey } from './roster-write.ts';
import type { MarksSeen } from './rows/roster-marks.ts';
import type { Need, Unasked } from './update-plan.ts';

/** An existing row that gets the number and contact information of the guardian whom SPAR names. */
export interface AssignedGuardian {
  readonly key: RowKey;
  readonly person: PersonId;
  readonly grade: Extract<Grade, 'certain' | 'probable'>;
}

/** A row that the roster gets. */
export interface CreatedGuardian {
  /** `new-1`, `new-2` … where the database gives the id; see `createNewRowIds` for when it does not. */
  readonly key: RowKey;
  readonly givenByRoster: boolean;
  readonly person: PersonId;
  /** In the columns' own style; fields that the target lacks are missing. */
  readonly cells: Readonly<Partial<Record<RosterField, string>>>;
}

export interface PlannedLink {
  readonly link: LinkKey;
  /** The guardian. */
  readonly person: PersonId;
}

export interface GuardianReview {
  /** The row to look at; the student's where the guardian has no row. */
  readonly key: RowKey;
  readonly reason: ReviewReason;
  /** Guardian rows that it is about besides, by id. */
  readonly rows?: readonly string[];
  /** Students that it is about besides, by id. */
  readonly children?: readonly string[];
}

/** What `guardians` would do to the roster, as far as the answers at hand reach. Every list in a stable order. */
export interface GuardianPlan {
  /** Cells of existing rows, those of `assigned` among them: `update` items only. */
  readonly items: readonly PlanItem[];
  readonly assigned: readonly AssignedGuardian[];
  readonly created: readonly CreatedGuardian[];
  readonly links: readonly PlannedLink[];
  /** Links between a student of this plan and a current guardian that were there already. */
  readonly linksPresent: number;
  readonly reviews: readonly GuardianReview[];
  readonly notAsked: readonly { readonly key: RowKey; readonly reason: NotAskedReason }[];
  /** Whoever must be asked about before the plan is whole; their children's guardians wait. */
  readonly needs: readonly Need[];
  /** Whom only `offline` keeps from being asked about. */
  readonly heldBack: readonly Need[];
  /** The duplicate report, of the roster as it will be; empty while there are needs. */
  readonly pairs: readonly DuplicatePair[];
  readonly counts: GuardianCounts;
  /** People whom a row marks: no answer in the cache may keep their name. */
  readonly toWithhold: readonly PersonId[];
  /** Rows of protected people: no earlier name or address of theirs may stay in the journal. */
  readonly protectedRows: readonly RowKey[];
  /**
   * Children who are linked to a marked row without a number: their answers may name its person, whom SPAR knows by
   * name alone. Which of those guardians it is, nothing tells, so no such name may be kept.
   */
  readonly childrenOfUnnumbered: readonly PersonId[];
  readonly marks: MarksSeen;
  readonly answersFromTheFuture: boolean;
  /** There were children with an answer, and not one of them had a relation: the permission is probably missing. */
  readonly noRelationsAtAll: boolean;
}

export interface GuardianCounts {
  /** Active students under 18 that were chosen. */
  readonly selected: number;
  /** Of those, how many have a guardian linked after this plan. */
  readonly withGuardians: number;
  /** Of those, whom only this plan's links give one, by id. */
  readonly newlyWithGuardians: readonly string[];
  /** People with an answer in this plan, each counted once, children and guardians. */
  readonly answered: number;
  readonly notFound: number;
  /** Whose answer was there before this run. */
  readonly reused: number;
  /** Rows of active guardians without a valid number. */
  readonly withoutNumber: number;
}

export interface GuardianOptions {
  readonly rules: UpdateRules;
  readonly assign: 'certain' | 'probable' | 'never';
  /** What happens with a protected guardian whom the roster lacks. */
  readonly protectedGuardians: 'review' | 'create';
  readonly freshness: Freshness;
  readonly today: CalendarDate;
  readonly granted: readonly Permission[];
  readonly offline: boolean;
  /** `--force` with `--id`: what undo has put back is written again for the selected students. */
  readonly overwriteHolds: boolean;
  /** Asked in this very run. */
  readonly answeredNow: ReadonlySet<PersonId>;
  readonly unasked: ReadonlyMap<PersonId, Unasked>;
  readonly canHold: (source: number, text: string) => boolean;
  /** Fields that the place of new guardians has, and how its ids are made; see `Roster.newGuardians`. */
  readonly newGuardians: {
    readonly source: number;
    readonly idStyle: 'uuid' | 'number' | 'database' | undefined;
    readonly fields: ReadonlySet<RosterField>;
  };
  /** A UUID for a person's row: always the same for the same person and `attempt` (0, 1, …), telling nothing of them. */
  readonly uuidFor: (person: PersonId, attempt: number) => string;
  /** People known by the cache to have another number now. One number may stand here several times. */
  readonly renumbered: readonly { readonly former: PersonId; readonly successors: readonly PersonId[] }[];
  readonly decisions: readonly Decision[];
  /** Whose cached answer says protected, or is withheld. */
  readonly protectedPeople: ReadonlySet<PersonId>;
  /** Ids that rows had before, or that links name: nobody is given one of them. */
  readonly usedIds: readonly string[];
  /** What undo has taken away and is not to come back by itself. */
  readonly holds: {
    readonly rows: ReadonlySet<string>;
    isLinkHeld(student: string, person: PersonId): boolean;
  };
  /** The numbers that undo has taken from a row again: `type:id` and number. */
  readonly isNumberHeld: (key: RowKey, person: PersonId) => boolean;
}
