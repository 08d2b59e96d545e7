import type { LookupOutcome } from '../../../app/ports.ts';
import type { Permission } from '../../../domain/person.ts';
import type { PersonId } from '../../../domain/person-id.ts';
import { SparSyncError } from '../../../errors.ts';
import { findReference, readAnswer, readFault, withReference } from '../answer/personsokning-svar.ts';

/** An HTTP answer that has come whole. */
export interface HttpAnswer {
  readonly status: number;
  /** The header `Retry-After`. */
  readonly retryAfter: string | undefined;
  readonly body: Uint8Array;
}

/**
 * What an HTTP answer becomes (CONTRACT section 6). `now` is the wall clock, ISO 8601, for a Retry-After that
 * names a time. Throws `spar-rejected` and `spar-not-understood`; no text of a body is ever in a message.
 */
export function readHttpAnswer(
  answer: HttpAnswer,
  asked: PersonId,
  permissions: readonly Permission[],
  now: string,
): LookupOutcome {
  const { status, body } = answer;
  if (status >= 200 && status < 300) return readAnswer(body, asked, permissions);
  if (status === 401 || status === 403) throw refused(status, findReference(body));
  const fault = readFault(body, status);
  if (fault !== undefined) throw fault;
  const reference = findReference(body);
  if (status !== 408 && status !== 429 && status < 500) throw unexpected(status, reference);
  const seconds = readRetryAfter(answer.retryAfter, now);
  return {
    kind: 'unavailable',
    detail: {
      en: `SPAR cannot answer now (status ${status})`,
      sv: `SPAR kan inte svara just nu (status ${status})`,
    },
    ...(reference === undefined ? {} : { reference }),
    ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }),
  };
}

/** Retry-After (RFC 9110 section 10.2.3): whole seconds or an HTTP date. Seconds from `now`, never below 0. */
export function readRetryAfter(header: string | undefined, now: string): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const until = /^[A-Z][a-z]{2,8},? .* GMT$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(until) ? undefined : Math.max(0, Math.ceil((until - Date.parse(now)) / 1000));
}

function refused(status: number, reference: string | undefined): SparSyncError {
  return new SparSyncError(
    'spar-rejected',
    withReference(
      {
        en: `SPAR refuses this customer (status ${status})`,
        sv: `SPAR nekar den här kunden (status ${status})`,
      },
      reference,
    ),
    {
      en: 'compare the certificate, the customer numbers, spar.uppdragId and spar.utokadBehorighet with the decision receipt and the order confirmation',
      sv: 'jämför certifikatet, kundnumren, spar.uppdragId och spar.utokadBehorighet med kvittensen och beställningsbekräftelsen',
    },
  );
}

function unexpected(status: number, reference: string | undefined): SparSyncError {
  return new SparSyncError(
    'spar-not-understood',
    withReference(
      {
        en: `the address does not answer as SPAR does (status ${status})`,
        sv: `adressen svarar inte som SPAR gör (status ${status})`,
      },
      reference,
    ),
    {
      en: 'check spar.url, spar.environment and spar.schema; redirects are not followed',
      sv: 'kontrollera spar.url, spar.environment och spar.schema; omdirigeringar följs inte',
    },
  );
}
