import { fold, isBlank } from '../fold.ts';
import { callNameOf } from '../names.ts';
import type { Name } from '../person.ts';
import { shortFormMarks } from './diminutives.ts';
import { type NameForm, nameForm } from './name-letters.ts';

export interface FirstNameForm extends NameForm {
  /** What it may be short for, or what may be short for it. */
  readonly marks: readonly number[];
}

/** A name in the forms in which names are compared. */
export interface ComparedName {
  /** The name used and all given names, or the whole first name of a row; each of them stands for the person. */
  readonly firsts: readonly FirstNameForm[];
  /** Each given name alone, hyphens parting them. */
  readonly givens: readonly FirstNameForm[];
  /** Middle name and surname together. */
  readonly fullSurname: NameForm | undefined;
  /** Surname alone; the same as `fullSurname` without a middle name. */
  readonly surname: NameForm | undefined;
  /** Each name in the surname and the middle name alone, without particles. */
  readonly surnames: readonly NameForm[];
}

const NO_NAME: readonly never[] = [];
const BETWEEN_NAMES = /[^\p{L}\p{M}\p{N}?\uFFFD'’´`]+/u;
/** What a school adds to a first name: `Anna (mamma)`, `Lars "Lasse"`. */
const ASIDE = /\([^)]*\)|"[^"]*"/g;

/** Words of a surname that are written, left out, or grown together with it. */
export const PARTICLES: ReadonlySet<string> = new Set(
  (
    'von af av de da do dos das du del della der den di van ver ter ten vande vander vanden dela delos ' +
    'la le las los el al bin ibn bint ben abu abou ould zu zur vom'
  ).split(' '),
);

export function comparedNameOf(name: Name): ComparedName {
  const callName = callNameOf(name);
  const surname = name.surname ?? '';
  // A middle name without a surname is no surname.
  const full = name.middle === undefined || isBlank(surname) ? surname : `${name.middle} ${surname}`;
  return compared(callName === undefined ? [] : [callName, name.given ?? callName], surname, full);
}

/** A row's first and last name; the last may hold a middle name too. */
export function comparedNameOfCells(first: string | undefined, last: string | undefined): ComparedName {
  return compared(first === undefined ? [] : [first], last ?? '', last ?? '');
}

function compared(firsts: readonly string[], bare: string, full: string): ComparedName {
  const fullSurname = nameForm(full);
  return {
    firsts: distinct(firsts).map(withMarks),
    givens: distinct(firsts.flatMap((first) => first.replace(ASIDE, ' ').split(BETWEEN_NAMES))).map(
      withMarks,
    ),
    fullSurname,
    surname: bare === full ? fullSurname : nameForm(bare),
    surnames: surnamesIn(full),
  };
}

function distinct(names: readonly string[]): readonly NameForm[] {
  const forms: NameForm[] = [];
  for (const name of names) {
    const form = nameForm(name);
    if (form !== undefined && !forms.some(({ exact }) => exact === form.exact)) forms.push(form);
  }
  return forms;
}

function withMarks(form: NameForm): FirstNameForm {
  return { ...form, marks: shortFormMarks(form.folded) };
}

/** Without particles, unless the surname is made of nothing else. */
function surnamesIn(surname: string): readonly NameForm[] {
  const words = distinct(fold(surname).split(BETWEEN_NAMES));
  if (words.length === 0) return NO_NAME;
  const names = words.filter(({ exact }) => !PARTICLES.has(exact));
  return names.length === 0 ? words : names;
}
