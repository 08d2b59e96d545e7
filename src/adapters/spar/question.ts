import { fileURLToPath } from 'node:url';
import type { IHttpClient } from 'soap';
import type { Permission } from '../../domain/person.ts';
import type { PersonId } from '../../domain/person-id.ts';
import { SparSyncError } from '../../errors.ts';
import type { SparSchema } from './endpoints.ts';

/** Who asks, as on SPAR's decision receipt and order confirmation. */
export interface Customer {
  readonly kundNrLeveransMottagare: number;
  readonly kundNrSlutkund: number;
  readonly uppdragId: number;
  /** What SPAR logs as the person who asks, 1–256 characters. */
  readonly slutAnvandarId: string;
}

/** A message ready to be sent. */
export interface Question {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

export type QuestionWriter = (id: PersonId, permissions: readonly Permission[]) => Question;

const EXTENDED_PERMISSION: Record<Permission, string> = { relations: 'Relationer' };

/**
 * A writer of questions about one number, in SOAP 1.1 by our own description of the interface. The soap
 * library gives each element its namespace, escapes the values and knows the SOAPAction. It never sends: its
 * client keeps the last question and answer for everybody, reads answers by shape and would read ours twice.
 */
export async function openQuestionWriter(schema: SparSchema, customer: Customer): Promise<QuestionWriter> {
  requireWritable(customer.slutAnvandarId);
  const { createClientAsync } = await import('soap');
  let written: Question | undefined;
  const keeper: IHttpClient = {
    request(_url, body, _callback, headers) {
      written = { body: String(body), headers: { ...headers } };
      return new Promise<never>(() => {});
    },
  };
  const client = await createClientAsync(fileURLToPath(descriptionOf(schema)), {
    disableCache: true,
    httpClient: keeper,
  });
  const ask: unknown = Reflect.get(client, 'PersonSok');
  if (typeof ask !== 'function') throw new TypeError('the interface description has no operation PersonSok');

  return (id, permissions) => {
    written = undefined;
    // The order of the keys is the order of the elements.
    ask(
      {
        Identifieringsinformation: {
          KundNrLeveransMottagare: customer.kundNrLeveransMottagare,
          KundNrSlutkund: customer.kundNrSlutkund,
          UppdragId: customer.uppdragId,
          SlutAnvandarId: customer.slutAnvandarId,
          ...(permissions.length === 0
            ? {}
            : {
                SlutAnvandarUtokadBehorighet: permissions.map(
                  (permission) => EXTENDED_PERMISSION[permission],
                ),
              }),
        },
        PersonsokningFraga: { IdNummer: id },
      },
      () => {},
    );
    if (written === undefined) throw new TypeError('the soap library has written no question');
    return written;
  };
}

/** From `src/` and from `dist/` alike: tsc does not copy it. */
function descriptionOf(schema: SparSchema): URL {
  return new URL(`../../../src/adapters/spar/wsdl/${schema}/personsok.wsdl`, import.meta.url);
}

/** soap passes on a whole CDATA section unescaped, and no escaping makes a control character XML. */
function requireWritable(slutAnvandarId: string): void {
  if (
    /^\P{Cc}{1,256}$/u.test(slutAnvandarId) &&
    slutAnvandarId.length <= 256 &&
    !/\p{Cs}/u.test(slutAnvandarId) &&
    !slutAnvandarId.startsWith('<![CDATA[')
  ) {
    return;
  }
  throw new SparSyncError('config', {
    en: 'spar.slutAnvandarId must be 1 to 256 characters of plain text once it is filled in',
    sv: 'spar.slutAnvandarId ska vara 1 till 256 tecken vanlig text när det är ifyllt',
  });
}
