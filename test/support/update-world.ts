import { createHash } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openState } from '../../src/adapters/store/open-state.ts';
import type {
  LookupOutcome,
  LookupRequest,
  PersonLookup,
  ProgressEvent,
  State,
} from '../../src/app/ports.ts';
import type { Roster } from '../../src/app/roster-port.ts';
import type { UpdateOptions, UpdateSettings, UpdateWorld } from '../../src/app/update/update-world.ts';
import type { CalendarDate } from '../../src/domain/calendar-date.ts';
import type { Address, Answer, Name } from '../../src/domain/person.ts';
import { date, personId } from './arbitraries.ts';
import { createFakeClock } from './fake-clock.ts';

export const TODAY = date('2026-11-23');

/** A register that a test writes itself, and that remembers who was asked about. */
export interface FakeSpar extends PersonLookup {
  readonly asked: LookupRequest[];
  readonly answers: Map<string, Answer | LookupOutcome | Error>;
}

export function createFakeSpar(answers: Record<string, Answer | LookupOutcome | Error> = {}): FakeSpar {
  const known = new Map(Object.entries(answers));
  const asked: LookupRequest[] = [];
  return {
    asked,
    answers: known,
    async lookUp(request) {
      asked.push(request);
      const answer = known.get(request.id) ?? { kind: 'not-found', id: request.id };
      if (answer instanceof Error) throw answer;
      return 'id' in answer ? { kind: 'answered', answer, reference: `uuid-${asked.length}` } : answer;
    },
    async close() {},
  };
}

export function registered(
  id: string,
  who: { name?: Name; home?: Address; mailing?: Address; emigrated?: boolean } = {},
): Answer {
  const { emigrated = false, ...rest } = who;
  return {
    kind: 'registered',
    id: personId(id),
    name: who.name ?? { given: 'Anna Maria', callName: 'Anna', surname: 'Björk' },
    home: swedish('Björkvägen 1', '11146', 'STOCKHOLM'),
    emigrated,
    predecessors: [],
    ...rest,
  };
}

export function swedish(street: string, postalCode: string, city: string): Address {
  return { kind: 'swedish', lines: [street], postalCode, city };
}

export function protectedPerson(id: string): Answer {
  return { kind: 'protected', id: personId(id), mark: 'sekretessmarkering' };
}

export function renumberedTo(id: string, ...successors: readonly string[]): Answer {
  return {
    kind: 'deregistered',
    id: personId(id),
    reason: 'renumbered',
    successors: successors.map(personId),
  };
}

const SETTINGS: UpdateSettings = {
  rules: {
    address: 'mailing',
    firstName: 'call',
    fields: { first_name: 'review', last_name: 'spar', address: 'spar' },
    renumbered: 'review',
  },
  freshness: { kind: 'months', months: 1 },
  granted: ['relations'],
  concurrency: 4,
  waitMinutes: 0,
  endUser: 'test@school',
  limits: { maxChangedShare: 0.5, maxMissingShare: 0.3, minPeople: 20 },
  pricing: { monthlyFee: 300, perLookup: 0.4, currency: 'SEK' },
  retention: { cacheDays: 400 },
};

export interface TestWorld extends UpdateWorld {
  readonly events: ProgressEvent[];
  readonly statePath: string;
}

export async function openTestWorld(
  roster: Roster,
  spar: PersonLookup,
  with_: { settings?: Partial<UpdateSettings>; today?: CalendarDate; statePath?: string; state?: State } = {},
): Promise<TestWorld> {
  const statePath = with_.statePath ?? join(await mkdtemp(join(tmpdir(), 'spar-sync-app-')), 'state.db');
  const state = with_.state ?? (await openState({ path: statePath }));
  const events: ProgressEvent[] = [];
  return {
    roster,
    state,
    statePath,
    openLookup: async () => spar,
    wrapLookup: (client) => client,
    clock: createFakeClock({ automatic: true }),
    today: with_.today ?? TODAY,
    progress: (event) => events.push(event),
    digest: (text) => createHash('sha256').update(text).digest('hex'),
    settings: { ...SETTINGS, ...with_.settings },
    events,
  };
}

export const OPTIONS: UpdateOptions = {
  selected: () => true,
  namedRows: false,
  dryRun: false,
  offline: false,
  refresh: false,
  force: false,
  signal: new AbortController().signal,
  consent: async () => true,
};
