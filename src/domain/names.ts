import { asOneLine, fold, isBlank, isSameText } from './fold.ts';
import type { Name } from './person.ts';

/** What is written into a first name: the name used, or all given names. */
export type FirstNameChoice = 'call' | 'all';

const BETWEEN_NAMES = /[ -]+/;

/** The single names in a given name, folded: `Eva Ulla-Karin` gives `eva`, `ulla`, `karin`. */
export function givenNameTokens(given: string): readonly string[] {
  return fold(given)
    .split(BETWEEN_NAMES)
    .filter((token) => token !== '');
}

/** The name used: the registered one, else the first given name, hyphens and all. */
export function callNameOf(name: Name): string | undefined {
  const registered = present(name.callName);
  if (registered !== undefined) return registered;
  const given = present(name.given);
  if (given === undefined) return undefined;
  const end = given.indexOf(' ');
  return end === -1 ? given : given.slice(0, end);
}

/** What would be written as first name; `undefined` where SPAR has no given name, which says nothing. */
export function firstNameToWrite(name: Name, choice: FirstNameChoice): string | undefined {
  return choice === 'call' ? callNameOf(name) : (present(name.given) ?? present(name.callName));
}

export function lastNameToWrite(name: Name): string | undefined {
  return present(name.surname);
}

/**
 * Whether a roster's first name is made of some of SPAR's given names, each used no more often than SPAR has
 * it, in any order and however hyphens and case are set.
 */
export function firstNameIsKept(rosterFirst: string, name: Name): boolean {
  const { given, callName } = name;
  if (rosterFirst === callName || rosterFirst === given) return true;
  if (given !== undefined && (isRunOfNames(rosterFirst, given) || isMadeOf(rosterFirst, given))) return true;
  if (callName !== undefined && isMadeOf(rosterFirst, callName)) return true;
  // Of a given name that begins with a lone hyphen no name could be made; what was written is kept all the same.
  const written = callNameOf(name);
  return written !== undefined && isSameText(rosterFirst, written);
}

/** Whether a roster's last name is the surname, or the middle name and the surname together. */
export function lastNameIsKept(rosterLast: string, name: Name): boolean {
  const { middle, surname } = name;
  if (surname === undefined) return false;
  if (isSameText(rosterLast, surname)) return true;
  return middle !== undefined && isSameText(rosterLast, `${middle} ${surname}`);
}

/** The common case without allocation: the text stands in `given` between blanks or hyphens. */
function isRunOfNames(text: string, given: string): boolean {
  if (isBoundary(text, 0)) return false;
  const start = given.indexOf(text);
  return start !== -1 && isBoundary(given, start - 1) && isBoundary(given, start + text.length);
}

function isBoundary(text: string, at: number): boolean {
  if (at < 0 || at >= text.length) return true;
  const code = text.charCodeAt(at);
  return code === 32 || code === 45;
}

function isMadeOf(rosterFirst: string, given: string): boolean {
  if (isSameText(rosterFirst, given)) return true;
  const tokens = givenNameTokens(rosterFirst);
  if (tokens.length === 0) return false;
  const left = [...givenNameTokens(given)];
  for (const token of tokens) {
    const at = left.indexOf(token);
    if (at === -1) return false;
    left.splice(at, 1);
  }
  return true;
}

function present(text: string | undefined): string | undefined {
  return text === undefined || isBlank(text) ? undefined : asOneLine(text);
}
