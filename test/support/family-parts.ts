import { answerAbout, type MadeUpAdult } from './made-up-adults.ts';
import type { ChildPlan, FamilyBuilder, MadeUpChild, RowPlan } from './made-up-families.ts';

/** Mother and father, under one roof. */
export function makeCouple(builder: FamilyBuilder): [MadeUpAdult, MadeUpAdult] {
  const { random, adults } = builder;
  const father = adults.adult('male');
  const isMarried = random.happens(0.65);
  const mother = adults.adult('female', {
    home: father.home,
    ...(isMarried && { surname: father.surname }),
    ...(random.happens(0.08) && { phone: father.phone }),
  });
  const both = isMarried && random.happens(0.2) ? { ...mother, middle: mother.formerSurname } : mother;
  for (const each of [father, both]) builder.answer(answerAbout(each));
  return [father, both];
}

export function makeChildren(
  builder: FamilyBuilder,
  guardians: readonly MadeUpAdult[],
  plan: Partial<ChildPlan> & { readonly count?: number } = {},
): MadeUpChild[] {
  const { random } = builder;
  const first = guardians[0] ?? builder.adults.bystander('female', 1980);
  const count =
    plan.count ??
    random.weighted([
      [1, 55],
      [2, 35],
      [3, 10],
    ]);
  return Array.from({ length: count }, () =>
    builder.child({ surname: first.surname, home: first.home, ...plan, guardians }),
  );
}

/** The school's rows of a guardian: as a rule one, now and then none, or one for each child. */
export function addRows(
  builder: FamilyBuilder,
  guardian: MadeUpAdult,
  children: readonly MadeUpChild[],
  plan: RowPlan = {},
): void {
  const { random } = builder;
  if (random.happens(0.07)) return;
  if (children.length > 1 && random.happens(0.07)) {
    const isKnown = random.happens(0.15);
    const kind = isKnown ? 'row doubled, the other with number' : 'row doubled, one a child';
    for (const [at, child] of children.entries()) {
      if (isKnown && at === 0) builder.row(guardian, [child], { writing: 'known number, twelve digits' });
      else builder.row(guardian, [child], { ...plan, kind, isUnnumbered: true });
    }
    return;
  }
  builder.row(guardian, children, plan);
}
