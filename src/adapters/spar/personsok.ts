import { interrupted } from '../../app/interrupted.ts';
import type { LookupOutcome, PersonLookup } from '../../app/ports.ts';
import { SparSyncError } from '../../errors.ts';
import { readHttpAnswer } from './connection/http-answer.ts';
import { type ChannelOptions, openChannel } from './connection/https-channel.ts';
import { explainFailure } from './connection/transport-failure.ts';
import type { SparSchema } from './endpoints.ts';
import { type Customer, openQuestionWriter } from './question.ts';

export interface PersonsokOptions extends ChannelOptions {
  readonly schema: SparSchema;
  readonly customer: Customer;
  /** Wall clock, ISO 8601 in UTC; for an answer that says when to come again. */
  readonly now: () => string;
}

/**
 * SPAR Personsök program-program: one question about one number, by SOAP over mutual TLS. Retries, pace and
 * the ledger are wrapped around it by others.
 */
export async function createPersonsok(options: PersonsokOptions): Promise<PersonLookup> {
  const write = await openQuestionWriter(options.schema, options.customer);
  const channel = openChannel(options);
  return {
    async lookUp({ id, permissions }, signal) {
      const result = await channel.post(write(id, permissions), signal);
      switch (result.kind) {
        case 'answer':
          return readHttpAnswer(result, id, permissions, options.now());
        case 'oversized':
          return OVERSIZED;
        case 'interrupted':
          throw interrupted();
        case 'failure': {
          const explained = explainFailure(result);
          if (explained instanceof SparSyncError) throw explained;
          return explained;
        }
      }
    },
    async close() {
      channel.close();
    },
  };
}

const OVERSIZED: LookupOutcome = {
  kind: 'garbled',
  detail: { en: 'the answer is larger than any SPAR answer', sv: 'svaret är större än något SPAR-svar' },
};
