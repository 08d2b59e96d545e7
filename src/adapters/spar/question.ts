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

/** Stands where a number will stand. */
const NO_NUMBER = '000000000000';

/**
 * A writer of questions about one number, in SOAP 1.1 by our own description of the interface. The soap
 * library gives each element its namespace, escapes the values and knows the SOAPAction: once for each set of
 * permissions, and the number, twelve digits, is put in its place. Its client never sends: it keeps the last
 * question and answer for everybody, knows answers by their shape only and would read each a second time.
 */
export async function openQuestionWriter(schema: SparSchema, customer: Customer): Promise<QuestionWriter> {
  requireWritable(customer.slutAnvandarId);
  const writeInSoap = await openSoap(schema);
  const patterns = new Map<string, Pattern>();
  return (id, permissions) => {
    const key = permissions.join();
    let pattern = patterns.get(key);
    if (pattern === undefined) {
      pattern = toPattern(writeInSoap(questionBy(customer, permissions)));
      patterns.set(key, pattern);
    }
    return { body: pattern.before + id + pattern.after, headers: pattern.headers };
  };
}

interface Pattern {
  readonly before: string;
  readonly after: string;
  readonly headers: Question['headers'];
}

/** The number is the last thing in a question; whatever stands before it may look like one. */
function toPattern({ body, headers }: Question): Pattern {
  const at = body.lastIndexOf(`>${NO_NUMBER}<`) + 1;
  if (at === 0) throw new TypeError('the soap library has written no number');
  return { before: body.slice(0, at), after: body.slice(at + NO_NUMBER.length), headers };
}

/** The order of the keys is the order of the elements. */
function questionBy(customer: Customer, permissions: readonly Permission[]): object {
  return {
    Identifieringsinformation: {
      KundNrLeveransMottagare: customer.kundNrLeveransMottagare,
      KundNrSlutkund: customer.kundNrSlutkund,
      UppdragId: customer.uppdragId,
      SlutAnvandarId: customer.slutAnvandarId,
      ...(permissions.length === 0
        ? {}
        : { SlutAnvandarUtokadBehorighet: permissions.map((permission) => EXTENDED_PERMISSION[permission]) }),
    },
    PersonsokningFraga: { IdNummer: NO_NUMBER },
  };
}

/** The soap library, with a transport that keeps the message instead of sending it. */
async function openSoap(schema: SparSchema): Promise<(question: object) => Question> {
  const { createClientAsync } = await import('soap');
  let written: Question | undefined;
  const httpClient: IHttpClient = {
    request(_url, body, _callback, headers) {
      written = { body: String(body), headers: { ...headers } };
      return new Promise<never>(() => {});
    },
  };
  const client = await createClientAsync(fileURLToPath(descriptionOf(schema)), {
    disableCache: true,
    httpClient,
  });
  const ask: unknown = Reflect.get(client, 'PersonSok');
  if (typeof ask !== 'function') throw new TypeError('the interface description has no operation PersonSok');
  return (question) => {
    written = undefined;
    ask(question, () => {});
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
