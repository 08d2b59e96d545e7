import { SparSyncError } from '../../errors.ts';

/** Why a filled-in text cannot be sent as the end user, or `undefined` when it can. XSD: 1–256 characters. */
export function endUserProblem(text: string): 'empty' | 'too-long' | 'characters' | undefined {
  if (text.trim() === '') return 'empty';
  if (/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/u.test(text)) return 'characters';
  return [...text].length > 256 ? 'too-long' : undefined;
}

export interface EndUserWorld {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** As `os.userInfo`; may throw for an account without an entry, as in some containers. */
  readonly userInfo: () => { readonly username: string };
  /** The person that `{user}` names in an automatic run, instead of the account. */
  readonly responsible?: string;
}

/**
 * What SPAR is to log as the end user: the template with `{user}` replaced by the account that runs the
 * command, behind `sudo` or `doas` by the person's. Throws `config` when the result cannot be sent.
 */
export function resolveEndUser(template: string, world: EndUserWorld): string {
  const filled = template.includes('{user}') ? template.split('{user}').join(runningUser(world)) : template;
  const problem = endUserProblem(filled);
  if (problem === undefined) return filled;
  throw new SparSyncError(
    'config',
    {
      en: `spar.slutAnvandarId: once {user} is filled in ${PROBLEMS[problem].en}.`,
      sv: `spar.slutAnvandarId: när {user} har fyllts i ${PROBLEMS[problem].sv}.`,
    },
    {
      en: 'SPAR takes 1 to 256 characters without control characters; write a shorter or a fixed text there.',
      sv: 'SPAR tar emot 1–256 tecken utan styrtecken; skriv en kortare eller en fast text där.',
    },
  );
}

const PROBLEMS = {
  empty: { en: 'it is empty', sv: 'är den tom' },
  'too-long': { en: 'it is longer than 256 characters', sv: 'är den längre än 256 tecken' },
  characters: {
    en: 'it holds characters that cannot be sent',
    sv: 'innehåller den tecken som inte kan skickas',
  },
} as const;

function runningUser({ env, userInfo, responsible }: EndUserWorld): string {
  const named = [responsible, env['SUDO_USER'], env['DOAS_USER']].find(
    (name) => name !== undefined && name !== '',
  );
  if (named !== undefined) return named;
  const account = accountName(userInfo);
  if (account !== undefined && account !== '') return account;
  throw new SparSyncError(
    'config',
    {
      en: 'spar.slutAnvandarId: {user} cannot be filled in, because the account that runs this has no name.',
      sv: 'spar.slutAnvandarId: {user} kan inte fyllas i, eftersom kontot som kör programmet saknar namn.',
    },
    {
      en: 'Run it under an account of its own, or write a fixed text that lets the school name one individual.',
      sv: 'Kör det under ett eget konto, eller skriv en fast text som låter skolan peka ut en enskild person.',
    },
  );
}

function accountName(userInfo: EndUserWorld['userInfo']): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}
