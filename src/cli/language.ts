import type { Language } from '../domain/text.ts';

/** The language of `LANG`; English where that says neither. The configuration may say another later. */
export function languageOf(env: Readonly<Record<string, string | undefined>>): Language {
  return /^sv(?![a-z])/i.test(env['LANG'] ?? '') ? 'sv' : 'en';
}
