import type { Text } from '../domain/text.ts';
import type { ErrorCode } from '../errors.ts';

export const EXIT_FINISHED = 0;
export const EXIT_BUG = 1;
/** Finished, but somebody could not be asked, or a row had been changed by somebody else meanwhile. */
export const EXIT_WITH_GAPS = 3;

/** What a run that was stopped exits with. */
export const EXIT_CODES: Readonly<Record<ErrorCode, number>> = {
  usage: 2,
  config: 2,
  'not-active': 2,
  'plan-unusable': 2,
  'decisions-unusable': 2,
  brake: 4,
  'plan-outdated': 4,
  'roster-unreadable': 5,
  'roster-unwritable': 5,
  'spar-unreachable': 10,
  'spar-rejected': 11,
  'spar-not-understood': 12,
  'state-unusable': 20,
  'state-newer': 20,
  'state-locked': 20,
  // The run itself is finished: none of the codes that say that nothing was written.
  'report-unwritable': 1,
  interrupted: 130,
};

/** Every exit code there is, in ascending order, with what it means; help and README show it. */
export const EXIT_MEANINGS = {
  0: {
    en: 'finished; what needs a person is in the report',
    sv: 'klart; det som någon behöver titta på står i rapporten',
  },
  1: {
    en: 'a bug in spar-sync, or a result that could not be written; see the message',
    sv: 'ett fel i spar-sync självt, eller ett resultat som inte gick att skriva; se meddelandet',
  },
  2: {
    en: 'usage or configuration, not active, or an unusable plan or file of decisions; nothing written',
    sv: 'fel i kommando eller inställningar, inte aktiverat, eller obrukbar plan eller fil med beslut; inget skrivet',
  },
  3: {
    en: 'finished, but somebody could not be asked about, or a row was changed by somebody else meanwhile',
    sv: 'klart, men någon kunde inte frågas om, eller en rad ändrades av någon annan under tiden',
  },
  4: {
    en: 'refused: a brake, or a plan or file of decisions that no longer fits; nothing written',
    sv: 'stoppat: en spärr, eller en plan eller fil med beslut som inte längre stämmer; inget skrivet',
  },
  5: {
    en: 'the roster cannot be read or written; nothing written',
    sv: 'registret kan inte läsas eller skrivas; inget skrivet',
  },
  10: {
    en: 'SPAR cannot be reached; what was answered is kept and applied',
    sv: 'SPAR går inte att nå; det som besvarades är sparat och infört',
  },
  11: {
    en: 'SPAR rejects the certificate, the customer or the permission; likewise',
    sv: 'SPAR godtar inte certifikatet, kunden eller behörigheten; likaså',
  },
  12: { en: "SPAR's answers cannot be understood; likewise", sv: 'SPAR:s svar går inte att tolka; likaså' },
  20: {
    en: 'the state file cannot be used, or another run is under way; nothing written',
    sv: 'den lokala databasen kan inte användas, eller en annan körning pågår; inget skrivet',
  },
  130: { en: 'interrupted; what was answered is kept', sv: 'avbrutet; det som besvarades är sparat' },
} as const satisfies Record<number, Text>;

export type ExitCode = keyof typeof EXIT_MEANINGS;

/** Which one counts where several apply: the one that most needs somebody to act. */
const STRONGEST_FIRST: readonly number[] = [1, 130, 20, 11, 12, 10, 5, 4, 2, 3];

/** The exit code of a run to which all of these apply. */
export function strongestExitCode(codes: readonly number[]): number {
  return STRONGEST_FIRST.find((code) => codes.includes(code)) ?? EXIT_FINISHED;
}
