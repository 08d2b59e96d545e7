/** What a word in the `relation` column says: a parent or guardian, somebody else, or nothing known. */
export type Kinship = 'parent' | 'other' | 'unknown';

const PARENT_WORDS = `
  mor mamma moder morsan far pappa fader farsan förälder föräldrar vårdnadshavare vårdnadshavaren vh målsman
  adoptivmor adoptivmamma adoptivfar adoptivpappa adoptivförälder mother mom mum mama father dad papa parent
  guardian`;

const OTHER_WORDS = `
  farfar farmor morfar mormor farförälder morförälder gammelfarfar gammelfarmor gammelmormor gammelmorfar
  syskon bror broder syster storebror storasyster lillebror lillasyster halvbror halvsyster halvsyskon tvilling
  moster faster morbror farbror kusin syssling gudmor gudfar gudförälder fadder svärmor svärfar svåger svägerska
  sambo särbo make maka hustru fru flickvän pojkvän partner son dotter barn släkting anhörig närstående vän
  väninna granne bekant kompis mammas pappas mors fars moderns faderns
  bonus styv plast foster låtsas familjehem familjehemsförälder familjehemsmamma familjehemspappa jourhem
  kontaktperson kontaktfamilj stödfamilj avlastningsfamilj avlastare hvb boendepersonal boende personal
  godman förvaltare socialsekreterare socialtjänst socialtjänsten handläggare kurator mentor lärare assistent
  barnvakt barnflicka dagmamma nanny aupair chaufför ledsagare tolk kontaktman umgängesförälder umgänge
  ej inte icke not non no
  grandfather grandmother grandparent grandpa grandma granddad granny sibling brother sister aunt uncle cousin
  stepfather stepmother stepparent stepdad stepmum stepmom step foster fosterparent husband wife spouse
  boyfriend girlfriend friend neighbour neighbor relative caretaker carer caseworker`;

/** Beginnings that make a word of any parent another role: bonusmamma, styvfar, fosterförälder. */
const OTHER_BEGINNINGS = [
  'bonus',
  'extrap',
  'extram',
  'extraf',
  'latsas',
  'styv',
  'plastp',
  'plastm',
  'foster',
  'familjehem',
  'step',
  'grand',
  'jour',
];

const NO_WORD = /[^\p{L}]+/u;

const KINSHIP = new Map<string, Kinship>([
  ...wordsOf(PARENT_WORDS, 'parent'),
  ...wordsOf(OTHER_WORDS, 'other'),
]);

/**
 * Reads a `relation` cell in any case, with or without å ä ö, whatever stands beside the word: `Farfar
 * (hämtar)`. A cell that names several counts as another kinship as soon as one of them is: `mammas sambo`,
 * `ej vårdnadshavare`.
 */
export function kinshipOf(relation: string): Kinship {
  if (relation === '') return 'unknown';
  const whole = KINSHIP.get(relation.toLowerCase());
  if (whole !== undefined) return whole;
  let kinship: Kinship = 'unknown';
  let before = '';
  for (const word of withoutMarks(relation).split(NO_WORD)) {
    if (word === '') continue;
    const known = KINSHIP.get(word);
    if (known === 'other' || OTHER_BEGINNINGS.some((beginning) => word.startsWith(beginning))) return 'other';
    if ((before === 'god' || before === 'gode') && (word === 'man' || word === 'mannen')) return 'other';
    if (known === 'parent') kinship = 'parent';
    before = word;
  }
  return kinship;
}

function* wordsOf(words: string, kinship: Kinship): Generator<readonly [string, Kinship]> {
  for (const word of words.trim().split(/\s+/)) {
    yield [word, kinship];
    yield [withoutMarks(word), kinship];
  }
}

function withoutMarks(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();
}
