import type { LookupOutcome, LookupRequest, PersonLookup } from '../../../src/app/ports.ts';
import type { PersonId } from '../../../src/domain/person-id.ts';

const SOMEBODY = '199002092386' as PersonId;

export const REQUEST: LookupRequest = { id: SOMEBODY, permissions: [], rows: [] };
export const ANSWERED: LookupOutcome = { kind: 'answered', answer: { kind: 'not-found', id: SOMEBODY } };
export const UNAVAILABLE: LookupOutcome = { kind: 'unavailable', detail: { en: 'away', sv: 'borta' } };
export const GARBLED: LookupOutcome = { kind: 'garbled', detail: { en: 'a web page', sv: 'en webbsida' } };

export interface ScriptedLookup extends PersonLookup {
  attempts(): number;
  closed(): boolean;
}

/** Gives these outcomes in order, the last one for ever; throws what is an error. */
export function createScriptedLookup(script: readonly (LookupOutcome | Error)[]): ScriptedLookup {
  let attempts = 0;
  let closed = false;
  return {
    attempts: () => attempts,
    closed: () => closed,
    async lookUp() {
      const next = script[Math.min(attempts++, script.length - 1)];
      if (next === undefined || next instanceof Error) throw next;
      return next;
    },
    async close() {
      closed = true;
    },
  };
}
