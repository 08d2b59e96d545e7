import type { CalendarDate } from '../../src/domain/calendar-date.ts';
import type { Answer, Relation } from '../../src/domain/person.ts';
import type { PersonId } from '../../src/domain/person-id.ts';
import type { ReviewReason } from '../../src/domain/plan.ts';
import type { GuardianLink, RosterEntry } from '../../src/domain/roster.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import { makeUpFamily } from './family-forms.ts';
import { type Wishes, type WrittenRow, writeGuardian } from './guardian-rows.ts';
import {
  type AdultMaker,
  createAdultMaker,
  exactNames,
  type MadeUpAddress,
  type MadeUpAdult,
  plainName,
  streetOf,
} from './made-up-adults.ts';
import { makeUpGivenNames } from './made-up-names.ts';
import { createNumberSupply } from './made-up-numbers.ts';
import { createSeededRandom, type SeededRandom } from './seeded-random.ts';

/** The day on which everything made up here happens. */
export const MADE_UP_TODAY = '2026-11-23' as CalendarDate;

/** Whose row a guardian's row is: what no program can see and every program is to find out. */
export interface RowTruth {
  /** How it came to be written as it is. */
  readonly kind: string;
  /** The same for rows of one and the same person. */
  readonly who: string;
  /** That person's number, where SPAR names them as guardian of one of the row's children and tells their name. */
  readonly person: PersonId | undefined;
  /** The row's own number leads to them. */
  readonly isKnown: boolean;
  /** Name and birth date, or name and address, agree exactly, nobody else could be meant, and nothing contradicts. */
  readonly isEvident: boolean;
  /** Nothing at hand tells this row from that of the guardian: see the kind. */
  readonly cannotBeTold: boolean;
  /** For guardians whom SPAR keeps nameless or numberless: what is said about the row instead. */
  readonly review: ReviewReason | undefined;
}

/** A school, what SPAR says about it, and the truth. */
export interface MadeUpFamilies {
  readonly entries: readonly RosterEntry[];
  readonly links: readonly GuardianLink[];
  readonly answers: ReadonlyMap<PersonId, Snapshot>;
  readonly renumbered: readonly { readonly former: PersonId; readonly successors: readonly PersonId[] }[];
  /** By the id of the guardian's row. */
  readonly truth: ReadonlyMap<string, RowTruth>;
  readonly students: number;
}

export interface MadeUpChild {
  readonly rowId: string;
  /** Guardians as SPAR has them, nameless ones with `undefined`. */
  readonly guardians: readonly (MadeUpAdult | undefined)[];
  readonly rows: DraftRow[];
}

interface DraftRow extends Omit<RowTruth, 'isEvident'> {
  readonly id: string;
  readonly adult: MadeUpAdult;
  readonly written: WrittenRow;
  readonly children: readonly MadeUpChild[];
}

export interface ChildPlan {
  /** Guardians whom SPAR names by number. */
  readonly guardians: readonly MadeUpAdult[];
  /** Others: without number, or whose name nobody tells. */
  readonly others?: readonly { readonly relation: Relation; readonly adult: MadeUpAdult | undefined }[];
  readonly ended?: readonly PersonId[];
  readonly surname: string;
  readonly home: MadeUpAddress;
  /** `unasked`: the school has no number of the child. */
  readonly answer?: 'registered' | 'protected' | 'unasked';
}

export interface RowPlan extends Omit<Wishes, 'strayNumber'> {
  /** Missing: as the row is written. */
  readonly kind?: string;
  readonly relation?: string;
  readonly cannotBeTold?: boolean;
  readonly review?: ReviewReason;
  readonly isMarked?: boolean;
  /** Written instead of a number that follows from the person. */
  readonly number?: PersonId;
}

/** What families are put together with. */
export interface FamilyBuilder {
  readonly random: SeededRandom;
  readonly adults: AdultMaker;
  child(plan: ChildPlan): MadeUpChild;
  row(adult: MadeUpAdult, children: readonly MadeUpChild[], plan?: RowPlan): void;
  answer(answer: Answer): void;
  renumbered(former: PersonId, successor: PersonId): void;
  spareNumber(): PersonId;
}

export interface FamiliesWish {
  readonly students: number;
  /** More numbers than serials 238 and 239 hold. */
  readonly manyNumbers?: boolean;
}

/** The same school for the same seed. */
export function makeUpFamilies(seed: number, wish: FamiliesWish): MadeUpFamilies {
  const random = createSeededRandom(seed);
  const numbers = createNumberSupply(random, wish.manyNumbers ?? false);
  const adults = createAdultMaker(random, numbers);
  const entries: RosterEntry[] = [];
  const links: GuardianLink[] = [];
  const answers = new Map<PersonId, Snapshot>();
  const renumbered: { former: PersonId; successors: PersonId[] }[] = [];
  const drafts: DraftRow[] = [];
  let students = 0;
  let rows = 0;

  /** Unique, and telling nothing of the order in which rows were made. */
  function nextId(): string {
    rows++;
    return String(1 + ((rows * 7_919) % 1_000_003));
  }

  function answer(answerToKeep: Answer, withRelations = false): void {
    answers.set(answerToKeep.id, {
      answer: answerToKeep,
      fetchedOn: MADE_UP_TODAY,
      permissions: withRelations ? ['relations'] : [],
      comparedRows: [],
    });
  }

  function child(plan: ChildPlan): MadeUpChild {
    const sex = random.happens(0.5) ? 'female' : 'male';
    const id = numbers.child(sex);
    const given = makeUpGivenNames(random, sex);
    const { home, surname, others = [], answer: kind = 'registered' } = plan;
    const rowId = nextId();
    students++;
    addEntry('student', rowId, {
      personnummer: kind === 'unasked' ? '' : id,
      first_name: given.call,
      last_name: surname,
      birth_date: '',
      street: streetOf(home),
      postal_code: home.postalCode,
      city: home.city,
      phone: '',
    });
    const relations: Relation[] = [
      ...plan.guardians.map((guardian) => ({ ...(guardian.id && { id: guardian.id }), deceased: false })),
      ...others.map((other) => other.relation),
    ];
    if (kind === 'protected') answer({ kind, id, mark: 'sekretessmarkering' });
    if (kind === 'registered') {
      answer(
        {
          kind,
          id,
          name: { given: given.all.join(' '), callName: given.call, surname },
          home: {
            kind: 'swedish',
            lines: [streetOf(home)],
            postalCode: home.postalCode,
            city: home.city,
          },
          emigrated: false,
          predecessors: [],
          guardianship: { current: random.shuffle(relations), ended: plan.ended ?? [] },
        },
        true,
      );
    }
    const guardians = kind === 'registered' ? [...plan.guardians, ...others.map((other) => other.adult)] : [];
    return { rowId, guardians, rows: [] };
  }

  function row(adult: MadeUpAdult, children: readonly MadeUpChild[], plan: RowPlan = {}): void {
    const written = writeGuardian(random, adult, { ...plan, strayNumber: () => numbers.adult(adult.sex) });
    const id = nextId();
    const cells = plan.number === undefined ? written.cells : { ...written.cells, personnummer: plan.number };
    addEntry('guardian', id, cells, plan.isMarked);
    const isGuardian = children.some((each) => each.guardians.includes(adult));
    const draft: DraftRow = {
      id,
      kind: plan.kind ?? written.writing,
      who: adult.who,
      person: isGuardian && plan.review === undefined ? adult.id : undefined,
      isKnown: written.isKnown || plan.number !== undefined,
      cannotBeTold: plan.cannotBeTold ?? false,
      review: plan.review,
      adult,
      written,
      children,
    };
    drafts.push(draft);
    for (const each of children) {
      each.rows.push(draft);
      links.push({
        student: each.rowId,
        guardian: id,
        relation: written.relation ?? plan.relation ?? relationWord(random, adult),
        source: '',
        place: { source: 1, row: links.length, line: links.length + 2 },
      });
    }
  }

  function addEntry(
    type: 'student' | 'guardian',
    id: string,
    cells: Omit<WrittenRow['cells'], never>,
    isMarkedRow = false,
  ): void {
    entries.push({
      key: { type, id },
      place: { source: 0, row: entries.length, line: entries.length + 2 },
      cells: {
        ...cells,
        care_of: '',
        country: undefined,
        email: type === 'guardian' && random.happens(0.6) ? `person.${id}@exempelskolan.example` : '',
        active: 'ja',
        protected: isMarkedRow ? 'sekretessmarkering' : '',
        status: '',
        spar_checked: undefined,
      },
    });
  }

  const builder: FamilyBuilder = {
    random,
    adults,
    child,
    row,
    answer,
    renumbered: (former, successor) => renumbered.push({ former, successors: [successor] }),
    spareNumber: () => numbers.adult('female'),
  };
  while (students < wish.students) makeUpFamily(builder);

  const known = new Set(drafts.filter((draft) => draft.isKnown).map((draft) => draft.who));
  const truth = new Map(
    drafts.map(({ id, kind, who, person, isKnown, cannotBeTold, review, ...rest }): [string, RowTruth] => {
      const isEvident = person !== undefined && !known.has(who) && isEvidentRow(person, rest, answers);
      return [id, { kind, who, person, isKnown, cannotBeTold, review, isEvident }];
    }),
  );
  return {
    entries: random.shuffle(entries),
    links: random.shuffle(links),
    answers,
    renumbered,
    truth,
    students,
  };
}

/** CONTRACT section 7 on `certain`, told from how the row was made and not from how it looks. */
function isEvidentRow(
  person: PersonId,
  { adult, written, children }: Pick<DraftRow, 'adult' | 'written' | 'children'>,
  answers: ReadonlyMap<PersonId, Snapshot>,
): boolean {
  const { birthDate, address, hasExactName, relation, writing } = written;
  const answer = answers.get(person)?.answer;
  if (answer?.kind !== 'registered' || answer.name.given === undefined) return false;
  if (!hasExactName || relation !== undefined || writing === 'valid number of nobody') return false;
  if (birthDate === 'differs' || address === 'differs') return false;
  if (birthDate === 'unknown' && address === 'unknown') return false;
  const names = exactNames(adult);
  return children.every((child) => {
    for (const guardian of child.guardians) {
      if (guardian === undefined && birthDate !== 'agrees') return false;
      if (guardian === undefined || guardian === adult) continue;
      if (exactNames(guardian).some((name) => names.includes(name))) return false;
    }
    return child.rows.every(
      ({ written: other }) =>
        other === written || !names.includes(plainName(other.cells.first_name, other.cells.last_name)),
    );
  });
}

function relationWord(random: SeededRandom, { sex }: MadeUpAdult): string {
  return random.weighted([
    ['', 40],
    ['vårdnadshavare', 25],
    [sex === 'female' ? 'mamma' : 'pappa', 20],
    [sex === 'female' ? 'Mor' : 'Far', 10],
    ['förälder', 5],
  ]);
}
