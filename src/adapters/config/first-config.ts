import { parseFreshness } from '../../domain/calendar-date.ts';
import { PERSON_TYPES, type PersonType } from '../../domain/roster.ts';
import type { Language, Text } from '../../domain/text.ts';
import { ALLOWED, type AllowedName } from './allowed-values.ts';
import { endUserProblem } from './end-user.ts';
import { proposePeopleColumns } from './header-words.ts';

/** What has been answered so far, by the id of the question; an empty text where nothing was chosen. */
export type Answers = ReadonlyMap<string, string>;

/** What is known about the school's files before and while asking. */
export interface Surroundings {
  readonly language: Language;
  /** A file beside the configuration that looks like the roster. */
  readonly roster?: string;
  readonly links?: string;
  /** The headers of each CSV file that was there, by the path that was answered. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
}

export interface Question {
  readonly id: string;
  readonly prompt: Text;
  /** What an empty answer means; missing where an answer is needed. */
  readonly fallback?: string;
  /** What must be written instead, or `undefined` where the answer will do. */
  check(answer: string): Text | undefined;
}

/** The next thing to ask, or `undefined` when everything has been answered. */
export function nextQuestion(answers: Answers, around: Surroundings): Question | undefined {
  return questions(answers, around).find(({ id }) => !answers.has(id));
}

/** The answer as it counts: trimmed; the fallback where it is empty; nothing where it is `-`. */
export function takeAnswer(question: Question, written: string): string {
  const answer = written.trim();
  return answer === '-' ? '' : answer || (question.fallback ?? '');
}

const YES_NO: Text = { en: 'yes or no', sv: 'ja eller nej' };
/** What `check` gives for a question that has no answer yet. */
export const NEEDED: Text = { en: 'something', sv: 'något' };

export function isYes(answer: string | undefined): boolean {
  return /^(y|yes|j|ja)$/i.test(answer ?? '');
}

function oneOf(words: readonly string[], allowed: Text) {
  return (answer: string) => (words.includes(answer) ? undefined : allowed);
}

function matching(pattern: RegExp, name: AllowedName) {
  return (answer: string) => (pattern.test(answer) ? undefined : ALLOWED[name]);
}

function yesOrNo(answer: string): Text | undefined {
  return /^(y|yes|j|ja|n|no|nej)$/i.test(answer) ? undefined : YES_NO;
}

function needed(answer: string): Text | undefined {
  return answer === '' || answer.includes('\0') ? NEEDED : undefined;
}

function anything(): undefined {
  return undefined;
}

export function rosterPaths(answers: Answers): readonly string[] {
  const written = (answers.get('roster') ?? '').split(',').map((path) => path.trim());
  return [...new Set(written.filter((path) => path !== ''))];
}

export function isDatabase(path: string | undefined): boolean {
  return /\.(db|sqlite|sqlite3)$/i.test(path ?? '');
}

export function isPkcs12(path: string | undefined): boolean {
  return /\.(p12|pfx)$/i.test(path ?? '');
}

function hasTypeColumn(headers: readonly string[]): boolean {
  return headers.includes('type') || proposePeopleColumns(headers).type !== undefined;
}

const TYPE_WORDS: readonly (readonly [RegExp, PersonType])[] = [
  [/elev|student|pupil/i, 'student'],
  [/personal|staff|lärare|larare|teacher/i, 'staff'],
  [/vårdnad|vardnad|guardian|parent|förälder|foralder|närstående|narstaende/i, 'guardian'],
];

function questions(answers: Answers, around: Surroundings): readonly Question[] {
  const trial = answers.get('environment') === 'simulator';
  const files = rosterPaths(answers);
  const database = isDatabase(files[0]);
  const yesNo = (yes: boolean) => (yes ? { en: 'yes', sv: 'ja' } : { en: 'no', sv: 'nej' })[around.language];
  const certificate = answers.get('certificate');
  return [
    {
      id: 'environment',
      prompt: {
        en: 'Which SPAR: simulator (built in, for trying), test (kundtest) or production',
        sv: 'Vilket SPAR: simulator (inbyggd, för att prova), test (kundtest) eller production (skarpt)',
      },
      fallback: 'simulator',
      check: oneOf(['simulator', 'test', 'production'], ALLOWED.environment),
    },
    {
      id: 'kundNrLeveransMottagare',
      prompt: {
        en: 'KundNrLeveransMottagare, from the decision receipt (kvittens)',
        sv: 'KundNrLeveransMottagare, från kvittensen på beslutet',
      },
      ...(trial ? { fallback: '500001' } : {}),
      check: matching(/^5(?!00000)\d{5}$/, 'kundnummer'),
    },
    {
      id: 'kundNrSlutkund',
      prompt: {
        en: 'KundNrSlutkund, from the decision receipt',
        sv: 'KundNrSlutkund, från kvittensen på beslutet',
      },
      fallback: answers.get('kundNrLeveransMottagare') ?? '',
      check: matching(/^5(?!00000)\d{5}$/, 'kundnummer'),
    },
    {
      id: 'uppdragId',
      prompt: { en: 'UppdragId, from the order confirmation', sv: 'UppdragId, från orderbekräftelsen' },
      ...(trial ? { fallback: '1' } : {}),
      check: matching(/^[1-9]\d{0,14}$/, 'uppdragId'),
    },
    {
      id: 'orgNrSlutkund',
      prompt: {
        en: 'Organisation number (may be left out)',
        sv: 'Organisationsnummer (kan utelämnas)',
      },
      fallback: '',
      check: matching(/^$|^(16)?\d{6}-?\d{4}$/, 'orgNrTyped'),
    },
    {
      id: 'slutAnvandarId',
      prompt: {
        en: 'What SPAR logs for each lookup; {user} is the account that runs the command',
        sv: 'Vad SPAR loggar för varje uppslag; {user} är kontot som kör kommandot',
      },
      fallback: '{user}',
      check: (answer) => {
        const filled = answer.replaceAll('{user}', 'u');
        return /[{}]/.test(filled) || endUserProblem(filled) !== undefined ? ALLOWED.endUser : undefined;
      },
    },
    {
      id: 'relations',
      prompt: {
        en: 'Does the decision grant Relationer, and shall guardians be found with it (yes/no)',
        sv: 'Medger beslutet Relationer, och ska vårdnadshavare hittas med det (ja/nej)',
      },
      fallback: yesNo(false),
      check: yesOrNo,
    },
    ...(trial ? [] : certificateQuestions(certificate)),
    {
      id: 'freshness',
      prompt: {
        en: 'How long an answer from SPAR is used again: week, month, quarter or e.g. 10 days',
        sv: 'Hur länge ett svar från SPAR återanvänds: week, month, quarter eller t.ex. 10 days',
      },
      fallback: 'month',
      check: (answer) => (parseFreshness(answer) === undefined ? ALLOWED.freshness : undefined),
    },
    {
      id: 'roster',
      prompt: {
        en: 'The roster: a CSV file (several with commas between) or an SQLite database (.db, .sqlite)',
        sv: 'Registret: en CSV-fil (flera med komma emellan) eller en SQLite-databas (.db, .sqlite)',
      },
      fallback: around.roster ?? 'people.csv',
      check: (answer) => {
        const paths = answer.split(',').map((path) => path.trim());
        const mixed = paths.length > 1 && paths.some((path) => isDatabase(path));
        return paths.every((path) => path !== '' && !path.includes('\0')) && !mixed
          ? undefined
          : ALLOWED.path;
      },
    },
    ...(database ? [tableQuestion] : files.flatMap((file) => typeQuestion(file, around.headers.get(file)))),
    {
      id: 'links',
      prompt: database
        ? {
            en: 'The table that links students and guardians (- for none)',
            sv: 'Tabellen som kopplar elever och vårdnadshavare (- för ingen)',
          }
        : {
            en: 'The CSV file that links students and guardians (- for none)',
            sv: 'CSV-filen som kopplar elever och vårdnadshavare (- för ingen)',
          },
      fallback: database ? '' : (around.links ?? ''),
      check: anything,
    },
    {
      id: 'language',
      prompt: {
        en: 'Language of screen and reports: sv or en',
        sv: 'Språk på skärm och i rapporter: sv eller en',
      },
      fallback: around.language,
      check: oneOf(['sv', 'en'], ALLOWED.language),
    },
    {
      id: 'active',
      prompt: {
        en: 'Switch on at once (no: nothing asks SPAR until "active" is true) (yes/no)',
        sv: 'Aktivera genast (nej: inget frågar SPAR förrän "active" är true) (ja/nej)',
      },
      fallback: yesNo(answers.get('environment') === 'simulator'),
      check: yesOrNo,
    },
  ];
}

function certificateQuestions(certificate: string | undefined): readonly Question[] {
  const isPem = certificate !== undefined && !isPkcs12(certificate);
  return [
    {
      id: 'certificate',
      prompt: {
        en: 'The organisation certificate: a .p12 or .pfx file, or a certificate in PEM',
        sv: 'Organisationscertifikatet: en .p12- eller .pfx-fil, eller ett certifikat i PEM',
      },
      check: needed,
    },
    ...(isPem
      ? [
          {
            id: 'key',
            prompt: { en: 'Its private key in PEM', sv: 'Dess privata nyckel i PEM' },
            check: needed,
          },
        ]
      : []),
    {
      id: 'passphraseFile',
      prompt: isPem
        ? {
            en: "The file that holds the key's passphrase (leave out if it has none)",
            sv: 'Filen där nyckelns lösenfras står (utelämnas om den saknar)',
          }
        : {
            en: 'The file that holds its passphrase (the file, never the passphrase)',
            sv: 'Filen där dess lösenfras står (filen, aldrig lösenfrasen)',
          },
      fallback: isPem ? '' : 'spar-passphrase.txt',
      check: isPem ? anything : needed,
    },
  ];
}

const tableQuestion: Question = {
  id: 'table',
  prompt: { en: 'The table of people', sv: 'Tabellen med personer' },
  fallback: 'people',
  check: needed,
};

/** Asked only where no header says what each person is. */
function typeQuestion(file: string, headers: readonly string[] | undefined): readonly Question[] {
  if (headers !== undefined && hasTypeColumn(headers)) return [];
  const guess = TYPE_WORDS.find(([pattern]) => pattern.test(file))?.[1];
  const fallback = guess ?? (headers === undefined ? 'column' : undefined);
  return [
    {
      id: `type ${file}`,
      prompt: {
        en: `Who stands in ${file}: student, staff or guardian (column: a column says so)`,
        sv: `Vilka står i ${file}: student, staff eller guardian (column: en kolumn säger det)`,
      },
      ...(fallback === undefined ? {} : { fallback }),
      check: oneOf([...PERSON_TYPES, 'column'], ALLOWED.type),
    },
  ];
}
