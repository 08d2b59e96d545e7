import { fold } from '../fold.ts';

/** Beginnings of words that stand where a school has written no name of somebody whom it hides. */
const NO_NAMES =
  /^(skydd|sekret|hemlig|dold|okand|anonym|identitet|person$|namn$|uppgift|protected|secret|hidden|unknown|confidential|x+$|n$|nn$)/;

/** Whether these names tell nobody: empty, `Skyddad Person`, `Sekretess`, `X`. */
export function isAnonymous(...names: readonly (string | undefined)[]): boolean {
  const words = fold(names.join(' '))
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== '');
  return words.length === 0 || words.some((word) => NO_NAMES.test(word));
}
