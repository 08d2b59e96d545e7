import { fold } from '../fold.ts';

/** Blanks are folded to one kind before; hyphens come in several. */
const JOINTS = /[ \-‐‑–−]+/g;
const PLAIN = /^[a-z]*$/;
const DOUBLED_VOWEL = /aa|ae|oe|ue/;
const DOUBLED_VOWELS = /a[ae]|oe|ue/g;
const MARKS = /\p{M}+/gu;
const NO_LETTER = /[^\p{L}\p{N}?]+/gu;
const LOST = /[?\uFFFD]+/g;
const HAS_LOST = /[?\uFFFD]/;
const HAS_LETTER = /\p{L}/u;

/** Letters that no decomposition takes apart. */
const WITHOUT_DECOMPOSITION: Readonly<Record<string, string>> = {
  æ: 'a',
  œ: 'o',
  ø: 'o',
  ß: 'ss',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  þ: 'th',
  ı: 'i',
};
const UNDECOMPOSED = /[æœøßđðłþı]/g;

/** UTF-8 that was read as Windows-1252: `Ã¥` for `å`. All letters from À to ÿ begin with the byte C3. */
const MISREAD = /Ã([\u0080-\u00bf…„–‰œ‡†Šˆ˜š™›])/g;
const WINDOWS_1252: Readonly<Record<string, number>> = {
  '…': 0x85,
  '„': 0x84,
  '–': 0x96,
  '‰': 0x89,
  œ: 0x9c,
  '‡': 0x87,
  '†': 0x86,
  Š: 0x8a,
  ˆ: 0x88,
  '˜': 0x98,
  š: 0x9a,
  '™': 0x99,
  '›': 0x9b,
};

/** A name, or one name out of several, in the forms in which it is compared. */
export interface NameForm {
  /** Composed, in lower case, without blanks and hyphens: what must be equal for names to be the same. */
  readonly exact: string;
  /** Without marks on letters, `aa ae oe ue` as one vowel, `?` for a lost letter: equal for names alike. */
  readonly folded: string;
  /** A letter was lost on the way (`Bj?rn`), so that this is never the same as any other name. */
  readonly hasLostLetter: boolean;
  /** Which letters `folded` has, as bits: where they differ, the names need not be read. */
  readonly letters: number;
}

/** `undefined` where the text has no letter: nobody is called `-`. */
export function nameForm(text: string): NameForm | undefined {
  const exact = fold(text).replace(JOINTS, '');
  if (exact === '') return undefined;
  if (PLAIN.test(exact)) {
    const folded = foldVowels(exact);
    return { exact, folded, hasLostLetter: false, letters: lettersOf(folded) };
  }
  if (!HAS_LETTER.test(exact)) return undefined;
  const folded = foldLetters(text);
  return { exact, folded, hasLostLetter: HAS_LOST.test(exact), letters: lettersOf(folded) };
}

/** Whether two names are the very same. One with a lost letter is nobody's. */
export function isSameForm(a: NameForm, b: NameForm): boolean {
  return a.letters === b.letters && a.exact === b.exact && !a.hasLostLetter && !b.hasLostLetter;
}

/** Whether two names are the same where å ä ö, accents and lost letters do not count. */
export function isSameFoldedForm(a: NameForm, b: NameForm): boolean {
  return (a.letters === b.letters || a.hasLostLetter || b.hasLostLetter) && isSameFolded(a.folded, b.folded);
}

/** A name as it is looked up where å ä ö, accents and doubled vowels do not count. */
export function foldLetters(text: string): string {
  const read = text.includes('Ã') ? text.replace(MISREAD, readAsUtf8) : text;
  const plain = read
    .toLowerCase()
    .normalize('NFD')
    .replace(MARKS, '')
    .replace(LOST, '?')
    .replace(NO_LETTER, '')
    .replace(UNDECOMPOSED, (letter) => WITHOUT_DECOMPOSITION[letter] ?? letter);
  return foldVowels(plain);
}

/** Whether two folded names are equal, a lost letter standing for any one letter. */
function isSameFolded(a: string, b: string): boolean {
  if (a === b) return a.length > 1 && !isMostlyLost(a);
  if (a.length !== b.length || !(a.includes('?') || b.includes('?'))) return false;
  for (let i = 0; i < a.length; i++) {
    const one = a.charCodeAt(i);
    const other = b.charCodeAt(i);
    if (one !== other && one !== LOST_CODE && other !== LOST_CODE) return false;
  }
  return !isMostlyLost(a) && !isMostlyLost(b);
}

/** Shorter names are other names with one letter changed: Eva and Ida, Bo and Bob. */
const LEAST_LENGTH_FOR_ONE_LETTER = 4;
const LOST_CODE = 63;

/** Whether one letter was left out, added, replaced, or changed places with its neighbour. */
export function isOneLetterApart(a: string, b: string): boolean {
  const longer = a.length >= b.length ? a : b;
  const shorter = longer === a ? b : a;
  const surplus = longer.length - shorter.length;
  if (surplus > 1 || shorter.length < LEAST_LENGTH_FOR_ONE_LETTER || a === b) return false;
  let at = 0;
  while (at < shorter.length && longer.charCodeAt(at) === shorter.charCodeAt(at)) at++;
  if (surplus === 1) return isSameFrom(longer, at + 1, shorter, at);
  if (isSameFrom(longer, at + 1, shorter, at + 1)) return true;
  return (
    longer.charCodeAt(at) === shorter.charCodeAt(at + 1) &&
    longer.charCodeAt(at + 1) === shorter.charCodeAt(at) &&
    isSameFrom(longer, at + 2, shorter, at + 2)
  );
}

function isSameFrom(a: string, fromA: number, b: string, fromB: number): boolean {
  if (a.length - fromA !== b.length - fromB) return false;
  for (let i = 0; fromA + i < a.length; i++) {
    if (a.charCodeAt(fromA + i) !== b.charCodeAt(fromB + i)) return false;
  }
  return true;
}

/** One bit for each letter from a to z, by its place, and any other sign on one of them. */
function lettersOf(folded: string): number {
  let letters = 0;
  for (let i = 0; i < folded.length; i++) letters |= 1 << (folded.charCodeAt(i) & 31);
  return letters;
}

function isMostlyLost(folded: string): boolean {
  let lost = 0;
  for (let i = 0; i < folded.length; i++) if (folded.charCodeAt(i) === LOST_CODE) lost++;
  return lost * 2 > folded.length;
}

function foldVowels(plain: string): string {
  return DOUBLED_VOWEL.test(plain) ? plain.replace(DOUBLED_VOWELS, (vowels) => vowels.charAt(0)) : plain;
}

function readAsUtf8(_pair: string, second: string): string {
  const byte = WINDOWS_1252[second] ?? second.charCodeAt(0);
  return String.fromCharCode(0xc0 + (byte - 0x80));
}
