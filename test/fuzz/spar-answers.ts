import { readHttpAnswer } from '../../src/adapters/spar/connection/http-answer.ts';
import type { LookupOutcome } from '../../src/app/ports.ts';
import type { UpdateRules } from '../../src/domain/field-rules.ts';
import type { PersonId } from '../../src/domain/person-id.ts';
import { toPersonId } from '../../src/domain/person-id.ts';
import { reconcile } from '../../src/domain/reconcile.ts';
import type { Text } from '../../src/domain/text.ts';
import { SparSyncError } from '../../src/errors.ts';
import { entryOf, snapshotOf } from '../support/arbitraries.ts';
import type { SeededRandom } from '../support/seeded-random.ts';
import {
  ownMessage,
  ownMessageNames,
  personId,
  recordedAnswer,
  recordedIds,
  syntheticAnswer,
  syntheticNames,
} from '../support/spar-messages.ts';
import type { FuzzTarget } from './fuzz-target.ts';
import { mutateAnswer } from './mutate-xml.ts';
import { scanAnswer } from './scan-answer.ts';

interface Original {
  readonly text: string;
  readonly about: PersonId;
  /** What no message may hold. */
  readonly personal: readonly string[];
}

const SOMEBODY = personId('199001142380');
const PERSONAL =
  /<(?:[\w.-]+:)?(?:Fornamn|Mellannamn|Efternamn|Aviseringsnamn|CareOf|Utdelningsadress\d|Postort|Land)>([^<]{4,})</g;
const KINDS: readonly LookupOutcome['kind'][] = [
  'answered',
  'not-understood',
  'refused',
  'unavailable',
  'garbled',
];
const STATUSES = [
  200, 200, 200, 200, 200, 200, 200, 200, 202, 307, 400, 401, 403, 404, 429, 500, 503,
] as const;
const RULES: UpdateRules = {
  address: 'mailing',
  firstName: 'call',
  fields: { first_name: 'spar', last_name: 'spar', address: 'spar' },
  renumbered: 'review',
};

/** SPAR's answers, mutated, through what reads them from the network. */
export const sparAnswers: FuzzTarget = {
  name: 'SPAR answers',
  async open() {
    const originals = [
      ...ownMessageNames().map(ownMessage),
      ...recordedIds().map(recordedAnswer),
      ...syntheticNames().map(syntheticAnswer),
    ].map(describe);
    return {
      attempt(random, keep) {
        const [original, donor] = [pickOf(originals, random), pickOf(originals, random)];
        const body = mutateAnswer(original.text, donor.text, random);
        keep(body);
        const asked = random.happens(0.9) ? original.about : random.pick([donor.about, SOMEBODY]);
        const status = random.pick(STATUSES);
        const forbidden = [...original.personal, ...donor.personal];
        let outcome: LookupOutcome;
        try {
          const answer = { status, retryAfter: undefined, body };
          outcome = readHttpAnswer(answer, asked, ['relations'], '2026-11-23T08:00:00.000Z');
        } catch (error) {
          return nameError(error, forbidden);
        }
        return judge(outcome, { text: body.toString('utf8'), asked, forbidden });
      },
    };
  },
};

function describe(text: string): Original {
  const number = [...text.matchAll(/IdNummer>\s*(\d{12})\s*</g)].map(([, id = '']) => toPersonId(id))[0];
  return {
    text,
    about: number ?? SOMEBODY,
    // Somebody's surname is Person, which messages say of other people too.
    personal: [...text.matchAll(PERSONAL)]
      .map(([, value = '']) => value.trim().toLowerCase())
      .filter((value) => value.length > 3 && value !== 'person'),
  };
}

function pickOf(originals: readonly Original[], random: SeededRandom): Original {
  const found = originals[random.below(originals.length)];
  if (found === undefined) throw new Error('there are no answers to begin with');
  return found;
}

function nameError(error: unknown, forbidden: readonly string[]): string {
  if (!(error instanceof SparSyncError)) throw error;
  if (error.code !== 'spar-not-understood' && error.code !== 'spar-rejected') {
    throw new Error(`stopped with ${error.code}`);
  }
  for (const text of [error.text, error.hint]) if (text !== undefined) demandImpersonal(text, forbidden);
  return error.code;
}

function judge(
  outcome: LookupOutcome,
  mutant: { readonly text: string; readonly asked: PersonId; readonly forbidden: readonly string[] },
): string {
  if (!KINDS.includes(outcome.kind)) throw new Error(`an outcome that does not exist: ${outcome.kind}`);
  if (outcome.kind !== 'answered') {
    demandImpersonal(outcome.detail, mutant.forbidden);
    return outcome.kind;
  }
  const { answer } = outcome;
  const scanned = scanAnswer(mutant.text);
  if (answer.id !== mutant.asked) throw new Error('answered about somebody else');
  if (scanned.about.some((number) => number !== mutant.asked)) {
    throw new Error('answered, though the answer names somebody else');
  }
  if (answer.kind === 'registered' && !scanned.isPlainlyUnprotected) {
    throw new Error('registered, though the marks are not two plain NEJ');
  }
  if (answer.kind === 'deregistered' && !scanned.isPlainlyUnprotected) {
    throw new Error('deregistered, though the marks are not two plain NEJ');
  }
  demandNothingEmptied(outcome);
  return 'accepted';
}

function demandImpersonal({ en, sv }: Text, forbidden: readonly string[]): void {
  const told = `${en}\n${sv}`.toLowerCase();
  const leak = forbidden.find((value) => told.includes(value));
  if (leak !== undefined) throw new Error(`a message holds ${JSON.stringify(leak)}`);
  if (/\d{6}/.test(told.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, ''))) {
    throw new Error('a message holds what may be a number');
  }
  if (/\p{Cc}/u.test(told.replaceAll('\n', ''))) throw new Error('a message holds control characters');
}

const FULL_ROW = {
  first_name: 'Anna',
  last_name: 'Berg',
  care_of: 'c/o Ek',
  street: 'Gatan 1',
  postal_code: '745 31',
  city: 'Enköping',
  country: '',
  status: '',
  protected: '',
};

function demandNothingEmptied({ answer }: Extract<LookupOutcome, { readonly kind: 'answered' }>): void {
  const row = entryOf(FULL_ROW);
  const item = reconcile(row, snapshotOf(answer), RULES, { canHold: () => true });
  if (item.kind !== 'update') return;
  for (const { field, to } of item.changes) {
    const mustStay = field === 'first_name' || field === 'last_name' || field === 'street';
    if (mustStay && to.trim() === '') throw new Error(`the plan empties ${field}`);
    const hides = answer.kind !== 'registered' && field !== 'protected' && field !== 'status';
    if (hides) throw new Error(`the plan writes ${field} from an answer that is ${answer.kind}`);
  }
}
