import type { Language } from '../domain/text.ts';

/**
 * The language of the environment, by `LC_ALL`, `LC_MESSAGES` or `LANG`, as for other programs; English where that says
 * neither. The configuration may say another later.
 */
export function languageOf(env: Readonly<Record<string, string | undefined>>): Language {
  const told = [env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].find(
    (value) => value !== undefined && value !== '',
  );
  return /^sv(?![a-z])/i.test(told ?? '') ? 'sv' : 'en';
}
