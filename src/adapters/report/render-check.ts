import type { RosterProblem } from '../../domain/roster.ts';
import type { Language, Text } from '../../domain/text.ts';
import { maskNumbers, printable } from './printable.ts';
import { textsOf } from './texts.ts';

/** One thing that `check` has looked at. */
export interface CheckFinding {
  readonly what: 'config' | 'certificate' | 'connection' | 'roster' | 'state';
  readonly status: 'ok' | 'warning' | 'error';
  readonly text: Text;
  readonly hint?: Text;
}

const NAMES: Readonly<Record<Language, Readonly<Record<CheckFinding['what'], string>>>> = {
  en: {
    config: 'Configuration',
    certificate: 'Certificate',
    connection: 'Connection',
    roster: 'Roster',
    state: 'State file',
  },
  sv: {
    config: 'Konfiguration',
    certificate: 'Certifikat',
    connection: 'Anslutning',
    roster: 'Register',
    state: 'Lokal databas',
  },
};

const SIGNS: Readonly<Record<Language, Readonly<Record<CheckFinding['status'], string>>>> = {
  en: { ok: 'ok', warning: 'note', error: 'WRONG' },
  sv: { ok: 'ok', warning: 'obs', error: 'FEL' },
};

/** What was looked at, line by line; then the rows that could not be taken. */
export function renderCheck(
  findings: readonly CheckFinding[],
  problems: readonly RosterProblem[],
  language: Language,
): string {
  const texts = textsOf(language);
  const lines = findings.flatMap(({ what, status, text, hint }) => {
    const [first = '', ...rest] = text[language].split('\n');
    const margin = ' '.repeat(7);
    const line = `${SIGNS[language][status].padEnd(7)}${NAMES[language][what]}: ${first}`;
    const more = [...rest, ...(hint === undefined ? [] : hint[language].split('\n'))];
    return [line, ...more.map((text) => `${margin}${text}`)];
  });
  for (const { file, line, reason } of problems) {
    lines.push(`       ${texts.line(file, String(line))}: ${texts.problemReasons[reason].title}`);
  }
  return `${lines.map((line) => maskNumbers(printable(line))).join('\n')}\n`;
}
