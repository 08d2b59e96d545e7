import type { RegisteredPerson } from '../../src/domain/person.ts';
import { addNamesake } from './family-namesakes.ts';
import { addRows, makeChildren, makeCouple } from './family-parts.ts';
import { answerAbout, nameOf } from './made-up-adults.ts';
import type { FamilyBuilder, MadeUpChild, RowPlan } from './made-up-families.ts';

/** How common each kind of family is, in percent. */
const FORMS: readonly (readonly [(builder: FamilyBuilder) => void, number])[] = [
  [makeOrdinary, 52],
  [makeSeparated, 14],
  [makeSingle, 6],
  [makeTwins, 3],
  [makeHalfSiblings, 6],
  [makeWithNamesake, 6],
  [makePartnersWithOneFirstName, 1.2],
  [makePartnersWithOneName, 0.4],
  [makeBesideProtected, 1.2],
  [makeProtectedNamesake, 0.2],
  [makeWithoutIdNumber, 1.5],
  [makeWithDeceased, 1],
  [makeRenumbered, 0.7],
  [makeWithoutGivenName, 0.3],
  [makeSharedRow, 0.3],
  [makeUntold, 1.2],
  [makeStepParent, 2],
  [makeSameNameSteps, 0.5],
];

/** One household or two, its children, and the rows that the school has of it. */
export function makeUpFamily(builder: FamilyBuilder): void {
  builder.random.weighted(FORMS)(builder);
}

function makeOrdinary(builder: FamilyBuilder): void {
  const couple = makeCouple(builder);
  const children = makeChildren(builder, couple);
  for (const guardian of couple) addRows(builder, guardian, children);
  addContactPerson(builder, children);
}

/** A grandmother, a neighbour: another name altogether. */
function addContactPerson(builder: FamilyBuilder, children: readonly MadeUpChild[]): void {
  const { random, adults } = builder;
  if (!random.happens(0.12)) return;
  const person = adults.bystander(random.happens(0.5) ? 'female' : 'male', 1945);
  const relation = random.pick(['mormor', 'kontaktperson', 'granne', '', 'farfar']);
  builder.row(person, children, { kind: 'contact person', relation, isUnnumbered: true });
}

function makeSeparated(builder: FamilyBuilder): void {
  const { random, adults } = builder;
  const mother = adults.adult('female');
  const father = adults.adult('male', random.happens(0.3) ? { surname: mother.surname } : {});
  for (const each of [father, mother]) builder.answer(answerAbout(each));
  const children = makeChildren(builder, [mother, father]);
  addRows(builder, mother, children);
  if (random.happens(0.25)) {
    addRows(builder, father, children, {
      kind: 'separated, the child’s address copied',
      isUnnumbered: true,
      writtenAddress: mother.home,
    });
  } else addRows(builder, father, children);
}

function makeSingle(builder: FamilyBuilder): void {
  const { random, adults } = builder;
  const guardian = adults.adult(random.happens(0.85) ? 'female' : 'male');
  const other = adults.adult(guardian.sex === 'female' ? 'male' : 'female');
  builder.answer(answerAbout(guardian));
  const ended = other.id !== undefined && random.happens(0.5) ? [other.id] : [];
  const children = makeChildren(builder, [guardian], { ended });
  addRows(builder, guardian, children);
  if (random.happens(0.6)) {
    builder.row(other, children, { kind: 'former partner', isUnnumbered: true });
  }
}

function makeTwins(builder: FamilyBuilder): void {
  const couple = makeCouple(builder);
  const children = makeChildren(builder, couple, { count: 2 });
  const known = builder.random.happens(0.3);
  for (const guardian of couple) {
    builder.row(guardian, children, known ? {} : { kind: 'guardian of twins', isUnnumbered: true });
  }
}

function makeHalfSiblings(builder: FamilyBuilder): void {
  const { random, adults } = builder;
  const mother = adults.adult('female');
  const first = adults.adult('male');
  const namesake = random.weighted([
    [{}, 80],
    [{ call: first.given.call }, 15],
    [{ call: first.given.call, surname: first.surname }, 5],
  ]);
  const second = adults.adult('male', { ...namesake, home: mother.home });
  for (const each of [mother, first, second]) builder.answer(answerAbout(each));
  const [older] = makeChildren(builder, [mother, first], { count: 1 });
  const [younger] = makeChildren(builder, [mother, second], { count: 1 });
  if (older === undefined || younger === undefined) return;
  const plan = random.happens(0.3) ? {} : { kind: 'half-siblings', isUnnumbered: true };
  addRows(builder, mother, [older, younger], plan);
  addRows(builder, first, [older], plan);
  // The new husband is on the older child too, at that child's address.
  addRows(builder, second, random.happens(0.5) ? [older, younger] : [younger], plan);
}

function makeWithNamesake(builder: FamilyBuilder): void {
  const couple = makeCouple(builder);
  addNamesake(builder, couple);
}

function makePartnersWithOneFirstName(builder: FamilyBuilder): void {
  const { random, adults } = builder;
  const sex = random.happens(0.7) ? 'female' : 'male';
  const one = adults.adult(sex);
  const two = adults.adult(sex, { call: one.given.call, home: one.home });
  for (const each of [one, two]) builder.answer(answerAbout(each));
  const children = makeChildren(builder, [one, two]);
  const plan: RowPlan = { kind: 'two partners with one first name', isUnnumbered: true };
  if (random.happens(0.8)) addRows(builder, one, children, plan);
  addRows(builder, two, children, plan);
}

function makePartnersWithOneName(builder: FamilyBuilder): void {
  const { random, adults } = builder;
  const sex = random.happens(0.7) ? 'female' : 'male';
  const one = adults.adult(sex);
  const two = adults.adult(sex, { call: one.given.call, surname: one.surname, home: one.home });
  for (const each of [one, two]) builder.answer(answerAbout(each));
  const children = makeChildren(builder, [one, two]);
  const plan: RowPlan = { kind: 'two partners with one full name', isUnnumbered: true };
  if (random.happens(0.6)) addRows(builder, one, children, plan);
  addRows(builder, two, children, plan);
}

/** A protected guardian has a row; SPAR tells no name for it. */
function makeBesideProtected(builder: FamilyBuilder): void {
  const { random } = builder;
  const [father, mother] = makeCouple(builder);
  const [hidden, other] = random.happens(0.5) ? [father, mother] : [mother, father];
  if (hidden.id === undefined) return;
  builder.answer({ kind: 'protected', id: hidden.id, mark: 'sekretessmarkering' });
  const children = makeChildren(builder, [other], {
    others: [{ relation: { id: hidden.id, deceased: false }, adult: undefined }],
  });
  if (random.happens(0.6)) {
    addRows(builder, hidden, children, {
      kind: 'protected guardian',
      isUnnumbered: true,
      review: 'guardian-protected',
      isMarked: random.happens(0.3),
    });
  }
  addRows(builder, other, children, { kind: 'beside a nameless guardian', isUnnumbered: true });
  if (random.happens(0.5)) addContactPerson(builder, children);
}

/** Two mothers of one name under one roof, and SPAR tells the name of one of them only. */
function makeProtectedNamesake(builder: FamilyBuilder): void {
  const { random, adults } = builder;
  const told = adults.adult('female');
  const hidden = adults.adult('female', {
    call: told.given.call,
    surname: told.surname,
    home: told.home,
  });
  if (hidden.id === undefined) return;
  builder.answer(answerAbout(told));
  builder.answer({ kind: 'protected', id: hidden.id, mark: 'skyddad folkbokföring' });
  const children = makeChildren(builder, [told], {
    others: [{ relation: { id: hidden.id, deceased: false }, adult: undefined }],
  });
  const kind = 'protected namesake under the same roof';
  if (random.happens(0.3)) builder.row(told, children, { kind, isUnnumbered: true });
  builder.row(hidden, children, { kind, writing: 'exact, address', review: 'guardian-protected' });
}

function makeWithoutIdNumber(builder: FamilyBuilder): void {
  const { random, adults } = builder;
  const father = adults.adult('male');
  builder.answer(answerAbout(father));
  const isNamesake = random.happens(0.1);
  const mother = adults.bystander(isNamesake ? 'male' : 'female', 1978, {
    home: father.home,
    surname: father.surname,
    ...(isNamesake && { call: father.given.call }),
  });
  const relation = { name: nameOf(mother), birthDate: mother.birthDate, deceased: false };
  const children = makeChildren(builder, [father], { others: [{ relation, adult: mother }] });
  addRows(builder, mother, children, {
    kind: 'guardian without id-nummer',
    isUnnumbered: true,
    review: 'guardian-without-id',
  });
  addRows(builder, father, children, { kind: 'beside a guardian without id-nummer', isUnnumbered: true });
}

function makeWithDeceased(builder: FamilyBuilder): void {
  const { random } = builder;
  const [father, mother] = makeCouple(builder);
  const [dead, alive] = random.happens(0.6) ? [father, mother] : [mother, father];
  if (dead.id === undefined) return;
  builder.answer({ kind: 'deregistered', id: dead.id, reason: 'deceased', code: 'AV', successors: [] });
  const children = makeChildren(builder, [alive], {
    others: [{ relation: { id: dead.id, deceased: true }, adult: undefined }],
  });
  addRows(builder, dead, children, { kind: 'deceased guardian', isUnnumbered: true });
  addRows(builder, alive, children, { kind: 'beside a nameless guardian', isUnnumbered: true });
}

/** The row has the old number. */
function makeRenumbered(builder: FamilyBuilder): void {
  const { random, adults } = builder;
  const guardian = adults.adult('female');
  if (guardian.id === undefined) return;
  const former = builder.spareNumber();
  builder.answer(answerAbout(guardian, [former]));
  if (random.happens(0.5)) builder.renumbered(former, guardian.id);
  const children = makeChildren(builder, [guardian]);
  builder.row(guardian, children, { kind: 'renumbered since', number: former, birthDate: 'none' });
}

function makeWithoutGivenName(builder: FamilyBuilder): void {
  const [father, mother] = makeCouple(builder);
  const { name, ...rest } = answerAbout(father);
  const answer: RegisteredPerson = { ...rest, name: { surname: father.surname } };
  if (name.surname !== undefined) builder.answer(answer);
  const children = makeChildren(builder, [father, mother]);
  addRows(builder, father, children, { kind: 'no given name in SPAR', isUnnumbered: true });
  addRows(builder, mother, children);
}

/** Two fathers of one name, and one row for the children of both. */
function makeSharedRow(builder: FamilyBuilder): void {
  const { random, adults } = builder;
  const [one, mother] = makeCouple(builder);
  const two = adults.adult('male', { call: one.given.call, surname: one.surname });
  builder.answer(answerAbout(two));
  const children = [...makeChildren(builder, [one, mother]), ...makeChildren(builder, [two])];
  builder.row(one, children, { kind: 'one row for two namesakes', isUnnumbered: true });
  if (random.happens(0.3)) {
    builder.row(two, children.slice(-1), { kind: 'one row for two namesakes', isUnnumbered: true });
  }
}

/** Children of whom SPAR tells no guardians. */
function makeUntold(builder: FamilyBuilder): void {
  const { random } = builder;
  const couple = makeCouple(builder);
  const how = random.pick(['no relations', 'protected', 'unasked']);
  const children =
    how === 'no relations'
      ? makeChildren(builder, [], { home: couple[0].home, surname: couple[0].surname })
      : makeChildren(builder, couple, { answer: how === 'protected' ? 'protected' : 'unasked' });
  for (const guardian of couple) {
    builder.row(guardian, children, { kind: `child untold: ${how}`, isUnnumbered: true });
  }
}

function makeStepParent(builder: FamilyBuilder): void {
  const { random, adults } = builder;
  const mother = adults.adult('female');
  const father = adults.adult('male');
  const step = adults.bystander('male', 1975, { call: father.given.call, home: mother.home });
  for (const each of [mother, father]) builder.answer(answerAbout(each));
  const children = makeChildren(builder, [mother, father]);
  addRows(builder, mother, children);
  if (random.happens(0.6)) addRows(builder, father, children);
  builder.row(step, children, {
    kind: 'step-parent with the father’s first name',
    isUnnumbered: true,
    relation: random.pick(['', 'bonuspappa', 'styvfar', '', 'pappa']),
  });
}

/** The mother's new partner has the father's very name. */
function makeSameNameSteps(builder: FamilyBuilder): void {
  const { random, adults } = builder;
  const mother = adults.adult('female');
  const father = adults.adult('male');
  const step = adults.bystander('male', 1975, {
    call: father.given.call,
    surname: father.surname,
    home: mother.home,
  });
  for (const each of [mother, father]) builder.answer(answerAbout(each));
  const children = makeChildren(builder, [mother, father]);
  if (random.happens(0.5)) addRows(builder, father, children);
  builder.row(step, children, {
    kind: 'step-parent with the father’s full name',
    isUnnumbered: true,
    relation: random.pick(['', '', 'pappa', 'bonuspappa']),
  });
}
