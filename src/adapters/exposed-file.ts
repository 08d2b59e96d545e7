import type { Stats } from 'node:fs';
import type { Text } from '../domain/text.ts';

/**
 * Whether accounts that have no business with it can read or write a file with secrets or personal data. Its group
 * counts, unless the file is another's and the group is how this account was let in, as with a key that belongs to
 * root. Windows has no such modes; Node makes them up there.
 */
export function isExposed({ mode, uid }: Pick<Stats, 'mode' | 'uid'>): boolean {
  if (process.platform === 'win32') return false;
  const account = process.geteuid?.();
  const isLetInByGroup = account !== 0 && uid !== account;
  return (mode & (isLetInByGroup ? 0o006 : 0o066)) !== 0;
}

/** @param file as people know it: its name, or the configuration key that names it */
export function exposedText(file: string): Text {
  return {
    en: `${file}: others on this machine can read that file; chmod 600 closes it.`,
    sv: `${file}: andra på den här datorn kan läsa filen; chmod 600 stänger den.`,
  };
}
