import { addRows, makeChildren } from './family-parts.ts';
import { canWrite, type Writing } from './guardian-rows.ts';
import { answerAbout, type MadeUpAdult } from './made-up-adults.ts';
import type { FamilyBuilder, MadeUpChild, RowPlan } from './made-up-families.ts';

/** Of the father's row, where the grandfather's has the very name. */
const OTHER_WRITINGS = [
  'nickname',
  'lost å ä ö',
  'other given name',
  'swapped names',
  'part of a double surname',
] as const satisfies readonly Writing[];

interface Scene {
  readonly builder: FamilyBuilder;
  /** The guardian, and the other one. */
  readonly guardian: MadeUpAdult;
  readonly spouse: MadeUpAdult;
  readonly children: readonly MadeUpChild[];
}

const KIN = {
  female: ['mormor', 'farmor', 'Farmor'],
  male: ['farfar', 'morfar', 'Farfar'],
} as const;

/**
 * A grandfather with the father's name (or a grandmother with the mother's), in every place and with every
 * word that makes the two hard to tell apart, in percent.
 */
const SCENES: readonly (readonly [(scene: Scene) => void, number])[] = [
  [elsewhereWithWord, 14],
  [elsewhereWithoutWord, 14],
  [withoutAddress, 8],
  [withCousins, 8],
  [inTheHouseBesideExactRow, 14],
  [inTheHouseBesideOtherWriting, 12],
  [inTheHouseWithBirthDate, 6],
  [inTheHouseWithWord, 8],
  [brotherInTheHouse, 5],
  [twin, 5],
  [namesTheOtherWayRound, 3],
  [inTheHouseAlone, 1],
  [postGoesToHim, 3],
  [childsAddressCopied, 1],
  [oneRowOnEachChild, 1],
];

export function addNamesake(builder: FamilyBuilder, couple: readonly [MadeUpAdult, MadeUpAdult]): void {
  const { random } = builder;
  const [guardian, spouse] = random.happens(0.8) ? couple : [couple[1], couple[0]];
  const children = makeChildren(builder, couple);
  addRows(builder, spouse, children);
  random.weighted(SCENES)({ builder, guardian, spouse, children });
}

function namesakeOf(
  { builder, guardian }: Scene,
  bornIn = 1940,
  wishes: Partial<MadeUpAdult> = {},
): MadeUpAdult {
  const { given, surname, sex } = guardian;
  // Under one roof there may be one telephone.
  const phone = wishes.home && builder.random.happens(0.3) ? guardian.phone : builder.adults.phone();
  const same = { call: given.call, surname, middle: undefined, phone };
  return builder.adults.bystander(sex, bornIn, { ...same, ...wishes });
}

/** The guardian's own row, which may well be missing. */
function addOwnRow({ builder, guardian, children }: Scene, likely: number, plan: RowPlan = {}): void {
  if (builder.random.happens(likely)) builder.row(guardian, children, plan);
}

function addNamesakeRow(
  { builder, children }: Scene,
  namesake: MadeUpAdult,
  plan: RowPlan & { readonly kind: string },
): void {
  builder.row(namesake, children, { writing: 'exact, address', relation: '', ...plan });
}

function elsewhereWithWord(scene: Scene): void {
  const { builder, guardian } = scene;
  addOwnRow(scene, 0.7);
  addNamesakeRow(scene, namesakeOf(scene), {
    kind: 'grandfather elsewhere, relation word',
    relation: builder.random.pick(KIN[guardian.sex]),
  });
}

function elsewhereWithoutWord(scene: Scene): void {
  addOwnRow(scene, 0.7);
  addNamesakeRow(scene, namesakeOf(scene), { kind: 'grandfather elsewhere, no word' });
}

function withoutAddress(scene: Scene): void {
  addOwnRow(scene, 0.7);
  addNamesakeRow(scene, namesakeOf(scene), { kind: 'grandfather, no address', writing: 'exact, alone' });
}

/** He is linked to all his grandchildren, more of them than the father has children. */
function withCousins(scene: Scene): void {
  const { builder, guardian, children } = scene;
  addOwnRow(scene, 0.6);
  const uncle = builder.adults.adult('male', { surname: guardian.surname });
  builder.answer(answerAbout(uncle));
  const cousins = makeChildren(builder, [uncle]);
  addRows(builder, uncle, cousins);
  const isInTheHouse = builder.random.happens(0.3);
  builder.row(namesakeOf(scene), [...children, ...cousins], {
    kind: 'grandfather of cousins too',
    writing: isInTheHouse ? 'exact, birth date and address' : 'exact, address',
    ...(isInTheHouse && { writtenAddress: guardian.home }),
    relation: '',
  });
}

function inTheHouseBesideExactRow(scene: Scene): void {
  const { builder, guardian, children } = scene;
  const { random } = builder;
  const kind = 'father beside a namesake in the house';
  const own = random.pick<Writing>([
    'exact, birth date',
    'exact, birth date and address',
    'exact, address',
    'exact, alone',
  ]);
  // The father's row on one child only, the grandfather's on all of them.
  const owns = random.happens(0.3) ? children.slice(0, 1) : children;
  builder.row(guardian, owns, { kind, writing: own });
  addNamesakeRow(scene, namesakeOf(scene, 1940, { home: guardian.home }), {
    kind: 'grandfather in the house, father’s row exact',
  });
}

function inTheHouseBesideOtherWriting(scene: Scene): void {
  const { builder, guardian } = scene;
  const { random } = builder;
  const writings: [Writing, ...Writing[]] = ['typing error'];
  for (const writing of OTHER_WRITINGS) {
    if (canWrite(guardian, writing, true)) writings.push(writing);
  }
  addOwnRow(scene, 1, {
    kind: 'father, written otherwise, beside a namesake',
    writing: random.pick(writings),
  });
  addNamesakeRow(scene, namesakeOf(scene, 1940, { home: guardian.home }), {
    kind: 'grandfather in the house, father’s row written otherwise',
  });
}

function inTheHouseWithBirthDate(scene: Scene): void {
  const { guardian } = scene;
  addOwnRow(scene, 0.5);
  addNamesakeRow(scene, namesakeOf(scene, 1940, { home: guardian.home }), {
    kind: 'grandfather in the house, his birth date',
    writing: 'exact, birth date and address',
  });
}

function inTheHouseWithWord(scene: Scene): void {
  const { builder, guardian } = scene;
  addOwnRow(scene, 0.3);
  addNamesakeRow(scene, namesakeOf(scene, 1940, { home: guardian.home }), {
    kind: 'grandfather in the house, relation word',
    relation: builder.random.pick(KIN[guardian.sex]),
  });
}

function brotherInTheHouse(scene: Scene): void {
  const { builder, guardian } = scene;
  addOwnRow(scene, 0.5);
  const words =
    guardian.sex === 'male' ? (['bror', 'syskon', 'storebror'] as const) : (['syster', 'syskon'] as const);
  addNamesakeRow(scene, namesakeOf(scene, 1998, { home: guardian.home }), {
    kind: 'grown-up sibling with the parent’s name, relation word',
    relation: builder.random.pick<string>(words),
  });
}

/** Born the same day, a letter between their names. */
function twin(scene: Scene): void {
  const { builder, guardian } = scene;
  const { given, surname, birthDate } = guardian;
  const call = given.call.endsWith('a') ? `${given.call.slice(0, -1)}e` : `${given.call}a`;
  addOwnRow(scene, 0.6);
  const sibling = builder.adults.bystander(guardian.sex, 1980, { call, surname, birthDate });
  addNamesakeRow(scene, sibling, { kind: 'guardian’s twin', writing: 'exact, birth date' });
}

function namesTheOtherWayRound(scene: Scene): void {
  const { builder, guardian } = scene;
  addOwnRow(scene, 0.7);
  const uncle = builder.adults.bystander(guardian.sex, 1970, {
    call: guardian.surname,
    surname: guardian.given.call,
  });
  addNamesakeRow(scene, uncle, { kind: 'uncle with the names the other way round' });
}

/** The father's post goes to his father's address. */
function postGoesToHim(scene: Scene): void {
  const { builder, guardian } = scene;
  const namesake = namesakeOf(scene);
  builder.answer(answerAbout({ ...guardian, mailing: namesake.home }));
  addOwnRow(scene, 0.4);
  addNamesakeRow(scene, namesake, { kind: 'grandfather elsewhere, where the father’s post goes' });
}

/** His is the only row of that name, at the father's address: as if it were the father's. */
function inTheHouseAlone(scene: Scene): void {
  addNamesakeRow(scene, namesakeOf(scene, 1940, { home: scene.guardian.home }), {
    kind: 'grandfather in the house, alone in the roster',
    cannotBeTold: true,
  });
}

/** He lives elsewhere, but the school has given every row the child's address, and the father has no row. */
function childsAddressCopied(scene: Scene): void {
  addNamesakeRow(scene, namesakeOf(scene), {
    kind: 'grandfather, child’s address copied, alone in the roster',
    writtenAddress: scene.guardian.home,
    cannotBeTold: true,
  });
}

/** Looks like one person with a row for each child. */
function oneRowOnEachChild(scene: Scene): void {
  const { builder, guardian } = scene;
  const [one, two] = [...scene.children, ...makeChildren(builder, [guardian, scene.spouse], { count: 1 })];
  if (one === undefined || two === undefined) return;
  builder.row(guardian, [one], { kind: 'father’s row on one child', writing: 'exact, address' });
  builder.row(namesakeOf(scene, 1940, { home: guardian.home }), [two], {
    kind: 'grandfather in the house, on another child than the father',
    writing: 'exact, address',
    relation: '',
    cannotBeTold: true,
  });
}
