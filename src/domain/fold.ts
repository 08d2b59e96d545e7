/** Every kind of blank, the line breaks that stand inside some of SPAR's values among them. */
const BLANKS = /[\s\u0085]+/g;
const HAS_ODD_BLANK = /[^\S ]|\u0085| {2}/;

/** A text as it is compared: composed, in lower case, with single blanks inside and none around. */
export function fold(text: string): string {
  return text.normalize('NFC').toLowerCase().replace(BLANKS, ' ').trim();
}

/** Whether two texts are the same but for case and repeated blanks. Cheap where they are the very same. */
export function isSameText(a: string, b: string): boolean {
  if (a === b) return true;
  if (a.length === b.length && a.toLowerCase() === b.toLowerCase()) return true;
  return fold(a) === fold(b);
}

/** The same, blanks not counted at all: postal codes. */
export function isSameCode(a: string, b: string): boolean {
  return a === b || isSpacedCode(a, b) || isSpacedCode(b, a) || foldCode(a) === foldCode(b);
}

/** `111 46` and `11146`, the common case, without a new string. */
function isSpacedCode(spaced: string, plain: string): boolean {
  if (spaced.length !== 6 || plain.length !== 5 || spaced.charCodeAt(3) !== 32) return false;
  for (let i = 0; i < 5; i++) {
    if (spaced.charCodeAt(i < 3 ? i : i + 1) !== plain.charCodeAt(i)) return false;
  }
  return true;
}

function foldCode(text: string): string {
  return text.replace(BLANKS, '').toLowerCase();
}

export function isBlank(text: string): boolean {
  return text === '' || text.replace(BLANKS, '') === '';
}

/** A value of SPAR's as it is written: line breaks and tabs as blanks, nothing else touched. */
export function asOneLine(text: string): string {
  return HAS_ODD_BLANK.test(text) ? text.replace(BLANKS, ' ').trim() : text.trim();
}
