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
    config: 'Inställningar',
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

/** What was looked at, line by line; the rows that could not be taken below the roster. */
export function renderCheck(
  findings: readonly CheckFinding[],
  problems: readonly RosterProblem[],
  language: Language,
): string {
  const texts = textsOf(language);
  const rows = problems.map(
    ({ file, line, reason }) =>
      `       ${texts.line(file, String(line))}: ${texts.problemReasons[reason].title}`,
  );
  const lastOfRoster = findings.findLast(({ what }) => what === 'roster');
  const lines = findings.flatMap((finding) => {
    const { what, status, text, hint } = finding;
    const [first = '', ...rest] = text[language].split('\n');
    const margin = ' '.repeat(7);
    const line = `${SIGNS[language][status].padEnd(7)}${NAMES[language][what]}: ${first}`;
    const more = [...rest, ...(hint === undefined ? [] : hint[language].split('\n'))];
    const own = [line, ...more.map((text) => `${margin}${text}`)];
    return finding === lastOfRoster ? [...own, ...rows] : own;
  });
  return `${lines.map((line) => maskNumbers(printable(line))).join('\n')}\n`;
}
