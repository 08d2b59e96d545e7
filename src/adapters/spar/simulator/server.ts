import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type CertificateOptions, makeCertificates } from './certificates.ts';
import { type FaultHook, type FaultPlan, planFaults, type Reply, reply, replyWithFault } from './faults.ts';
import type { SchemaVersion } from './namespaces.ts';
import { loadPopulation, type Population } from './population.ts';
import { type Question, readRequest } from './read-request.ts';
import { type AnswerRenderer, createRenderer, renderFault } from './render-answer.ts';
import type { ExtendedPermission } from './terms.ts';

/** A customer of the simulated register, as a decision receipt describes them. */
export interface Customer {
  readonly kundNr: number;
  /** Any will do when left out. */
  readonly uppdragId?: number;
  /** Extended permissions that the decision grants. */
  readonly granted: readonly ExtendedPermission[];
}

/** Kundnummer and uppdrag of the sample school: those of SPAR's own reference clients. */
export const SAMPLE_CUSTOMER: Customer = { kundNr: 500243, uppdragId: 637, granted: ['Relationer'] };

export interface SimulatorOptions {
  /** The people that come with the program when left out. */
  readonly population?: Population;
  /** Only these may ask. `SAMPLE_CUSTOMER` when left out. */
  readonly customers?: readonly Customer[];
  /** 0 or nothing: any free port. */
  readonly port?: number;
  /** How long every answer takes; answers wait side by side. */
  readonly latencyMs?: number;
  readonly fault?: FaultHook;
  /** The same for those who cannot pass a function. `fault` goes before. */
  readonly faults?: FaultPlan;
  /** `Retry-After` of 429 and 503: seconds, or a date. */
  readonly retryAfter?: string;
  readonly certificates?: CertificateOptions;
  /** Whether `requests()` remembers; a benchmark says false. */
  readonly keepRequests?: boolean;
}

/** A valid question as it came. */
interface SeenRequest extends Question {
  readonly schema: SchemaVersion;
  readonly soapAction: string | undefined;
}

/** SPAR on loopback. */
export interface Simulator {
  /** `https://127.0.0.1:PORT`; the schemas are at `/2021.1/` and `/2023.1/` beneath. */
  readonly url: string;
  /** PEM: the CA that a client has to trust, and the client certificate that the simulator takes. */
  readonly ca: string;
  readonly clientCert: string;
  readonly clientKey: string;
  /** Valid questions so far, those that met a fault among them. */
  requestCount(): number;
  requests(): readonly SeenRequest[];
  /** TLS connections so far; one client with keep-alive needs few. */
  connectionCount(): number;
  /** Ends every connection at once. May be called more than once. */
  close(): Promise<void>;
}

const LARGEST_QUESTION = 64 * 1024;
const XML = 'text/xml;charset=utf-8';

/**
 * Starts SPAR on 127.0.0.1 with mutual TLS: certificates of its own, made now and held in memory. A client
 * without a certificate from this very simulator is refused in the handshake.
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const [certificates, population] = await Promise.all([
    makeCertificates(options.certificates),
    options.population ?? loadPopulation(),
  ]);
  const customers = new Map(
    (options.customers ?? [SAMPLE_CUSTOMER]).map((customer) => [customer.kundNr, customer]),
  );
  const renderers: Record<SchemaVersion, AnswerRenderer> = {
    '2021.1': createRenderer('2021.1'),
    '2023.1': createRenderer('2023.1'),
  };
  const fault = options.fault ?? planFaults(options.faults ?? {});
  const seen: SeenRequest[] = [];
  let count = 0;
  let connections = 0;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<Reply> {
    const came = performance.now();
    const schema = schemaOf(request.url ?? '');
    if (schema === undefined) return refuse(request, 404);
    if (request.method !== 'POST') return refuse(request, 405);
    if (!/^text\/xml\b/i.test(request.headers['content-type'] ?? '')) return refuse(request, 415);
    const body = await readBody(request);
    if (body === undefined) return refuse(request, 413);
    const read = readRequest(body, schema);
    if (read.kind === 'invalid') return reply(500, XML, renderFault('Client', read.reason));
    const { question } = read;
    const n = ++count;
    if (options.keepRequests !== false) {
      seen.push({ ...question, schema, soapAction: header(request, 'soapaction') });
    }
    const granted = grantedTo(question, customers);
    const send =
      granted === undefined ? refuse(request, 403) : answerQuestion(n, question, granted, renderers[schema]);
    // The answer as a whole takes so long, what it took to work it out included.
    await wait((options.latencyMs ?? 0) - (performance.now() - came), response);
    return send;
  }

  function answerQuestion(
    n: number,
    { id, permissions }: Question,
    granted: readonly ExtendedPermission[],
    renderer: AnswerRenderer,
  ): Reply {
    const allowed = permissions.filter((permission) => granted.includes(permission));
    const post = population.find(id);
    const right = () => renderer.answer(id, post === undefined ? [] : [renderer.post(post, allowed)]);
    const committed = fault(n, id);
    if (committed === undefined) return reply(200, XML, right());
    const other = () => population.findOther(id) ?? { IdNummer: id === NOBODY ? SOMEBODY : NOBODY };
    return replyWithFault(committed, {
      id,
      right,
      post: () => renderer.post(post ?? { ...other(), IdNummer: id }, allowed),
      other: () => ({ id: other().IdNummer, post: renderer.post(other(), allowed) }),
      renderer,
      retryAfter: options.retryAfter ?? '1',
    });
  }

  const server = createServer(
    {
      cert: certificates.serverCert,
      key: certificates.serverKey,
      ca: certificates.ca,
      requestCert: true,
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
      keepAliveTimeout: 60_000,
    },
    (request, response) => {
      answer(request, response)
        .then((send) => send(response))
        .catch((error: unknown) => {
          // A client that went away while it was sending is no matter; anything else is a bug and shows itself.
          if (!response.destroyed) reply(500, 'text/plain', `simulator: ${String(error)}`)(response);
        });
    },
  );
  server.on('secureConnection', () => connections++);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;

  return {
    url: `https://127.0.0.1:${port}`,
    ca: certificates.ca,
    clientCert: certificates.clientCert,
    clientKey: certificates.clientKey,
    requestCount: () => count,
    requests: () => seen,
    connectionCount: () => connections,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Two of Skatteverket's test numbers, for a post about somebody else where the population has nobody else. */
const NOBODY = '199002262393';
const SOMEBODY = '199001142380';

function schemaOf(url: string): SchemaVersion | undefined {
  const [, version] = /^\/(2021\.1|2023\.1)(?:[/?]|$)/.exec(url) ?? [];
  return version === '2021.1' || version === '2023.1' ? version : undefined;
}

/** Both customers must be known; what is delivered follows the decision of the one on whose behalf it is. */
function grantedTo(
  question: Question,
  customers: ReadonlyMap<number, Customer>,
): readonly ExtendedPermission[] | undefined {
  const customer = customers.get(question.kundNrSlutkund);
  if (customer === undefined || !customers.has(question.kundNrLeveransMottagare)) return undefined;
  const { uppdragId } = customer;
  return uppdragId === undefined || String(uppdragId) === question.uppdragId ? customer.granted : undefined;
}

/** Answers with a bare status. What SPAR says in these cases is not known. */
function refuse(request: IncomingMessage, status: number): Reply {
  request.resume();
  return reply(status, 'text/plain', `simulator: ${status}`);
}

/** The question as text; `undefined` when it is too long. Bytes that are not UTF-8 make it invalid XML. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= LARGEST_QUESTION) chunks.push(chunk);
  }
  // Read to its end even so, for the next question comes on the same connection.
  if (length > LARGEST_QUESTION) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    return '';
  }
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function wait(milliseconds: number, response: ServerResponse): Promise<void> {
  if (milliseconds <= 0) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      response.off('close', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    response.on('close', done);
  });
}
