import { setMaxListeners } from 'node:events';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import type { Question } from '../question.ts';
import type { Credentials } from './certificate.ts';
import type { HttpAnswer } from './http-answer.ts';
import type { TransportFailure } from './transport-failure.ts';

export interface ChannelOptions {
  /** `https:` */
  readonly url: string;
  readonly credentials: Pick<Credentials, 'cert' | 'key'>;
  /** PEM; trusted in addition to the roots that come with Node. */
  readonly ca?: string;
  /** Connections kept open at most. */
  readonly concurrency: number;
  /** For one call from beginning to end, however much of an answer has come. */
  readonly timeoutSeconds: number;
}

export type PostResult =
  | ({ readonly kind: 'answer' } & HttpAnswer)
  | ({ readonly kind: 'failure' } & TransportFailure)
  /** More bytes than any answer has. */
  | { readonly kind: 'oversized' }
  | { readonly kind: 'interrupted' };

export interface Channel {
  /** Posts one message. Never rejects; a redirect is an answer. */
  post(question: Question, signal: AbortSignal): Promise<PostResult>;
  close(): void;
}

/** An answer has some 5 kB. */
const LARGEST_ANSWER = 1 << 20;

/**
 * Who we are and whom we trust, for every connection. The server is verified against the roots that come with Node
 * and `ca`, never against what came with our own certificate. They are named even without `ca`: else
 * NODE_EXTRA_CA_CERTS would add to them, and with it any proxy that looks into what is sent.
 */
export function createTlsContext(options: Pick<ChannelOptions, 'credentials' | 'ca'>): SecureContext {
  const { credentials, ca } = options;
  return createSecureContext({
    cert: credentials.cert,
    key: credentials.key,
    minVersion: 'TLSv1.2',
    ca: [...rootCertificates, ...(ca === undefined ? [] : [ca])],
  });
}

/**
 * One agent for the whole run, with one TLS context made once: a new agent for each call costs fifty times
 * the throughput. No proxy is taken from the environment and no redirect followed.
 */
export function openChannel(options: ChannelOptions): Channel {
  const { url, concurrency, timeoutSeconds } = options;
  const { hostname, port, pathname, search } = new URL(url);
  const agent = new Agent({
    keepAlive: true,
    maxSockets: concurrency,
    maxFreeSockets: concurrency,
    secureContext: createTlsContext(options),
    // Said outright, so that NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment changes nothing.
    rejectUnauthorized: true,
  });
  const target = {
    agent,
    method: 'POST',
    hostname: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? 443 : Number(port),
    path: `${pathname}${search}`,
  };

  return {
    post: (question, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) {
          resolve({ kind: 'interrupted' });
          return;
        }
        const call = request({
          ...target,
          headers: { ...question.headers, 'Content-Length': Buffer.byteLength(question.body) },
        });
        let settled = false;
        const settle = (result: PostResult): void => {
          if (settled) return;
          settled = true;
          clearTimeout(deadline);
          signal.removeEventListener('abort', interrupt);
          resolve(result);
          // Frees the connection: an answer that was not read to its end is still on it.
          if (result.kind !== 'answer') call.destroy();
        };
        const interrupt = (): void => settle({ kind: 'interrupted' });
        // A deadline, not an idle time: a server that drips a byte now and then is away.
        const deadline = setTimeout(() => settle(failure('deadline', call)), timeoutSeconds * 1000);
        // One signal ends every call of a run: more listeners than Node finds usual, and no leak.
        setMaxListeners(0, signal);
        signal.addEventListener('abort', interrupt, { once: true });
        let answering = false;
        call.on('response', (response) => {
          answering = true;
          collect(response, call, settle);
        });
        call.on('error', (error) => settle(answering ? failure('cut', call) : failureOf(error, call)));
        call.on('close', () => settle(failure('cut', call)));
        call.end(question.body);
      }),
    close: () => agent.destroy(),
  };
}

function collect(response: IncomingMessage, call: ClientRequest, settle: (result: PostResult) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  response.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > LARGEST_ANSWER) settle({ kind: 'oversized' });
    else chunks.push(chunk);
  });
  response.on('error', () => settle(failure('cut', call)));
  response.on('end', () => {
    const [only] = chunks;
    settle({
      kind: 'answer',
      status: response.statusCode ?? 0,
      retryAfter: response.headers['retry-after'],
      body: only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks),
    });
  });
}

/** The codes under which a connection that the other end had closed shows itself. */
const CLOSED = new Set(['ECONNRESET', 'EPIPE']);

function failureOf(error: Error, call: ClientRequest): PostResult {
  const code = codeOf(error);
  return { ...failure(code, call), deadSocket: call.reusedSocket && CLOSED.has(code) };
}

function failure(code: string, call: ClientRequest) {
  return { kind: 'failure', code, deadSocket: false, sent: call.writableFinished } as const;
}

/** Nothing else of an error is kept: its properties hold the request. */
export function codeOf(error: Error): string {
  const code: unknown = Reflect.get(error, 'code');
  const alert = /SSL alert number (\d{1,3})\b/.exec(error.message)?.[1];
  if (code === 'EPROTO' && alert !== undefined) return `TLS_ALERT_${alert}`;
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]*$/.test(code) ? code : 'ERR_UNKNOWN';
}
