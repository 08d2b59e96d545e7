import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GuardianOptions, GuardianPlan } from '../../src/domain/guardian-plan.ts';
import type { Answer, Relation } from '../../src/domain/person.ts';
import type { PersonId } from '../../src/domain/person-id.ts';
import type { GuardianLink, RosterEntry, RowKey } from '../../src/domain/roster.ts';
import { rowKeyText } from '../../src/domain/roster.ts';
import { withCheckDigit } from '../support/arbitraries.ts';
import {
  type Answers,
  adultOf,
  answersOf,
  carryOut,
  childOf,
  entriesOf,
  familiesFrom,
  GUARDIAN_OPTIONS,
  linksOf,
  planFamilies,
} from '../support/family-school.ts';

const CHILDREN = ['20110101238', '20120202239', '20130303238', '20140404239'].map(withCheckDigit);
const ADULTS = ['19800101238', '19800101239', '19810202238', '19820303239', '19830404238'].map(
  withCheckDigit,
);
const first = fc.constantFrom('Anna', 'Bo', 'Bosse', 'Eva', '');
const last = fc.constantFrom('Ek', 'Berg', 'Ek Berg');
const adult = fc.constantFrom(...ADULTS);
const birthDate = adult.map((id) => `${id.slice(0, 4)}-${id.slice(4, 6)}-${id.slice(6, 8)}`);

const anyAnswerAbout = (id: PersonId): fc.Arbitrary<Answer | undefined> =>
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc
        .record({ given: first, surname: last, predecessors: fc.oneof(fc.constant([]), fc.tuple(adult)) })
        .map(({ given, surname, predecessors }) => adultOf(id, { given, surname }, { predecessors })),
    },
    fc.constant(undefined),
    fc.constant({ kind: 'protected' as const, id, mark: 'sekretessmarkering' as const }),
    fc.constant({ kind: 'not-found' as const, id }),
    fc.constant({ kind: 'deregistered' as const, id, reason: 'deceased' as const, successors: [] }),
    fc.array(adult, { maxLength: 2 }).map((successors) => ({
      kind: 'deregistered' as const,
      id,
      reason: 'renumbered' as const,
      successors,
    })),
  );

const anyRelation: fc.Arbitrary<PersonId | Relation> = fc.oneof(
  { weight: 6, arbitrary: adult },
  fc.record({ id: adult, deceased: fc.constant(true) }),
  fc.record({ name: fc.record({ given: first, surname: last }), deceased: fc.constant(false) }),
);

const anyAnswers = fc
  .tuple(
    fc.tuple(...ADULTS.map(anyAnswerAbout)),
    fc.tuple(
      ...CHILDREN.map((id) =>
        fc.option(
          fc
            .tuple(fc.array(anyRelation, { maxLength: 3 }), fc.array(adult, { maxLength: 1 }))
            .map(([current, ended]) => childOf(id, current, ended)),
          { nil: undefined, freq: 8 },
        ),
      ),
    ),
  )
  .map(([adults, children]) => answersOf(...[...adults, ...children].filter((one) => one !== undefined)));

const anyGuardianRow = fc.record({
  personnummer: fc.oneof({ weight: 3, arbitrary: fc.constant('') }, fc.constant('T123'), adult),
  first_name: first,
  last_name: last,
  birth_date: fc.oneof({ weight: 2, arbitrary: fc.constant('') }, birthDate),
  street: fc.constantFrom('', 'Gatan 1', 'Vägen 2'),
  postal_code: fc.constantFrom('', '11146'),
  email: fc.constantFrom('', 'ek@example.com'),
  active: fc.oneof({ weight: 8, arbitrary: fc.constant('') }, fc.constant('nej')),
  protected: fc.oneof({ weight: 12, arbitrary: fc.constant('') }, fc.constant('ja')),
});

interface World {
  readonly entries: RosterEntry[];
  readonly links: GuardianLink[];
  readonly answers: Answers;
  readonly options: Partial<GuardianOptions>;
  readonly selected: (key: RowKey) => boolean;
}

const anyWorld: fc.Arbitrary<World> = fc
  .record({
    rows: fc.array(anyGuardianRow, { maxLength: 7 }),
    links: fc.uniqueArray(fc.tuple(fc.nat(3), fc.nat(6)), { maxLength: 12, selector: ([c, g]) => c * 7 + g }),
    staff: fc.option(adult, { nil: undefined }),
    answers: anyAnswers,
    chosen: fc.oneof({ weight: 3, arbitrary: fc.constant(15) }, fc.nat(15)),
    options: fc.record({
      assign: fc.constantFrom('certain', 'probable', 'never'),
      protectedGuardians: fc.constantFrom('review', 'create'),
      offline: fc.boolean(),
      renumbered: fc.constantFrom('review', 'follow'),
    }),
  })
  .map(({ rows, links, staff, answers, chosen, options: { renumbered, ...options } }) => {
    const school = {
      students: Object.fromEntries(CHILDREN.map((personnummer, i) => [i, { personnummer }])),
      guardians: Object.fromEntries(rows.map((row, i) => [i, row])),
      staff: staff === undefined ? {} : { 0: { personnummer: staff } },
      links: links.map(([child, guardian]) => `${child} ${guardian}`),
    };
    return {
      entries: entriesOf(school),
      links: linksOf(school),
      answers,
      options: {
        ...options,
        rules: { ...GUARDIAN_OPTIONS.rules, renumbered },
        newGuardians: { ...GUARDIAN_OPTIONS.newGuardians, idStyle: 'uuid' },
      },
      selected: (key) => key.type !== 'student' || ((chosen >> Number(key.id)) & 1) === 1,
    };
  });

function planOf({ entries, links, answers, options, selected }: World): GuardianPlan {
  const renumbered = renumberedIn(answers);
  return planFamilies(familiesFrom(entries, links, selected), answers, { ...options, renumbered });
}

/** Whatever any answer in the cache says of other numbers, read or not. */
function renumberedIn(answers: Answers): GuardianOptions['renumbered'] {
  return [...answers.values()].flatMap(({ answer }) => {
    if (answer.kind === 'registered') {
      return answer.predecessors.map((former) => ({ former, successors: [answer.id] }));
    }
    return answer.kind === 'deregistered' ? [{ former: answer.id, successors: answer.successors }] : [];
  });
}

/** Nobody is left to be asked about: somebody who is would be so only for the sake of a chosen child. */
function answersForAll(answers: Answers): Answers {
  const notFound = [...ADULTS, ...CHILDREN].map((id) => ({ kind: 'not-found', id }) as const);
  return answersOf(...notFound, ...answers.values());
}

/** A plan whose lists stand in no order. */
function unordered(plan: GuardianPlan): unknown {
  const sorted = (list: readonly unknown[]) => list.map((one) => JSON.stringify(one)).sort();
  const needs = (list: GuardianPlan['needs']) =>
    sorted(list.map((need) => ({ ...need, rows: sorted(need.rows) })));
  return {
    ...plan,
    items: sorted(plan.items),
    assigned: sorted(plan.assigned),
    created: sorted(plan.created),
    links: sorted(plan.links),
    notAsked: sorted(plan.notAsked),
    needs: needs(plan.needs),
    heldBack: needs(plan.heldBack),
    toWithhold: sorted(plan.toWithhold),
    protectedRows: sorted(plan.protectedRows),
  };
}

const RUNS = { numRuns: 200 };

describe('plans of made-up schools', () => {
  it('do not depend on the order of rows and links', () => {
    const shuffled = anyWorld.chain((world) =>
      fc.record({
        world: fc.constant(world),
        entries: fc.shuffledSubarray(world.entries, { minLength: world.entries.length }),
        links: fc.shuffledSubarray(world.links, { minLength: world.links.length }),
      }),
    );
    fc.assert(
      fc.property(shuffled, ({ world, entries, links }) => {
        expect(unordered(planOf({ ...world, entries, links }))).toEqual(unordered(planOf(world)));
      }),
      RUNS,
    );
  });

  it('plan nothing more once they are carried out', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const again = planOf({ ...world, ...carryOut(world.entries, world.links, planOf(world)) });
        expect([again.items, again.created, again.links]).toEqual([[], [], []]);
      }),
      RUNS,
    );
  });

  it('give a number to one row and a row one number, and leave marked and inactive rows alone', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const plan = planOf(world);
        const placed = [...plan.assigned, ...plan.created];
        expect(new Set(placed.map(({ person }) => person)).size).toBe(placed.length);
        expect(new Set(placed.map(({ key }) => key.id)).size).toBe(placed.length);
        expect(new Set(plan.items.map(({ key }) => key.id)).size).toBe(plan.items.length);
        const before = new Map(world.entries.map(({ key, cells }) => [rowKeyText(key), cells]));
        for (const { key } of [...plan.items, ...plan.assigned]) {
          expect(before.get(rowKeyText(key))).toMatchObject({ protected: '', active: '' });
        }
        for (const { link } of plan.links) {
          expect(world.selected({ type: 'student', id: link.student })).toBe(true);
        }
      }),
      RUNS,
    );
  });

  it('come to the same whether the children are planned one at a time or together, as to who gets a row', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const everybody = { ...world, answers: answersForAll(world.answers), selected: () => true };
        const all = planOf(everybody);
        const alone = CHILDREN.flatMap((_, i) =>
          planOf({
            ...everybody,
            selected: (key) => key.type !== 'student' || key.id === String(i),
          }).assigned.map(({ key, person }) => `${key.id} ${person}`),
        );
        expect(new Set(alone)).toEqual(new Set(all.assigned.map(({ key, person }) => `${key.id} ${person}`)));
      }),
      RUNS,
    );
  });
});
