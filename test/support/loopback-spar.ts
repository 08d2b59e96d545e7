import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type KeyedCertificate, testCertificates } from './certificates.ts';

/** What the server does with one question. */
export type Reply =
  | {
      readonly kind: 'body';
      readonly body: string | Uint8Array;
      /** 200 when not given. */
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Status 200, then a byte of the body every 20 ms, never ending. */
  | { readonly kind: 'drip' }
  /** Status 200 and half of the body, then the connection is closed. */
  | { readonly kind: 'cut'; readonly body: string }
  /** The connection is closed without an answer. */
  | { readonly kind: 'close' }
  /** No answer; the connection stays open. */
  | { readonly kind: 'hang' }
  /** Status 200 and blanks for ever. `sent`: how many bytes had gone out when the connection was closed. */
  | { readonly kind: 'oversized'; readonly sent?: (bytes: number) => void };

export interface ReceivedQuestion {
  /** The number asked about; empty where there is none. */
  readonly id: string;
  readonly body: string;
  readonly headers: IncomingMessage['headers'];
}

export type Responder = (question: ReceivedQuestion) => Reply | Promise<Reply>;

export interface LoopbackOptions {
  readonly server?: KeyedCertificate;
  /** Whose clients are let in; the test client's root when not given. */
  readonly clientCa?: string;
  readonly maxVersion?: 'TLSv1.2' | 'TLSv1.3';
}

export interface LoopbackSpar {
  readonly url: string;
  /** TLS connections that came about. */
  connections(): number;
  readonly questions: readonly ReceivedQuestion[];
  /** Replaces what it answers. */
  respond(responder: Responder): void;
  /** Resolves when the next question has come in. */
  nextQuestion(): Promise<void>;
  /** From now on no client's certificate is taken on a new connection: it gets a TLS alert. */
  turnAway(): void;
  /** Closes every connection that is open now. */
  dropConnections(): void;
  close(): Promise<void>;
}

/** A SPAR on loopback that behaves as it is told: HTTPS with client certificates. */
export async function openLoopbackSpar(
  responder: Responder,
  options: LoopbackOptions = {},
): Promise<LoopbackSpar> {
  const certificates = testCertificates();
  const { server: own = certificates.server, clientCa = certificates.clientRoot.cert } = options;
  const questions: ReceivedQuestion[] = [];
  const sockets = new Set<Duplex>();
  let waiting: (() => void)[] = [];
  let connections = 0;
  let respond = responder;

  const server = createServer(
    {
      ...own,
      ca: clientCa,
      requestCert: true,
      rejectUnauthorized: true,
      keepAliveTimeout: 60_000,
      ...(options.maxVersion === undefined ? {} : { maxVersion: options.maxVersion }),
    },
    (request, response) => {
      void receive(request).then(async (question) => {
        questions.push(question);
        for (const wake of waiting) wake();
        waiting = [];
        send(await respond(question), request, response);
      });
    },
  );
  server.on('secureConnection', () => {
    connections += 1;
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}/2021.1/`,
    connections: () => connections,
    questions,
    respond(next) {
      respond = next;
    },
    nextQuestion: () => new Promise((resolve) => waiting.push(resolve)),
    turnAway() {
      server.removeAllListeners('connection');
      server.on('connection', (socket) => {
        sockets.add(socket);
        socket.once('data', () => socket.end(BAD_CERTIFICATE));
      });
    },
    dropConnections() {
      for (const socket of sockets) socket.destroy();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A TLS record: fatal alert 42. */
const BAD_CERTIFICATE = Buffer.from([21, 3, 3, 0, 2, 2, 42]);

async function receive(request: IncomingMessage): Promise<ReceivedQuestion> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString('utf8');
  return { id: /IdNummer[^>]*>(\d{12})</.exec(body)?.[1] ?? '', body, headers: request.headers };
}

function send(reply: Reply, request: IncomingMessage, response: ServerResponse): void {
  switch (reply.kind) {
    case 'body':
      response.writeHead(reply.status ?? 200, {
        'Content-Type': 'text/xml; charset=utf-8',
        'Content-Length': Buffer.byteLength(reply.body),
        ...reply.headers,
      });
      response.end(reply.body);
      return;
    case 'drip': {
      response.writeHead(200, { 'Content-Type': 'text/xml; charset=utf-8' });
      const drop = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(drop));
      return;
    }
    case 'cut':
      response.writeHead(200, { 'Content-Length': Buffer.byteLength(reply.body) });
      response.write(reply.body.slice(0, reply.body.length / 2), () => request.socket.destroy());
      return;
    case 'close':
      request.socket.destroy();
      return;
    case 'oversized': {
      response.writeHead(200, { 'Content-Type': 'text/xml; charset=utf-8' });
      const blanks = Buffer.alloc(1 << 16, ' ');
      const pour = (): void => {
        while (!response.destroyed && response.write(blanks));
      };
      response.on('drain', pour);
      response.on('close', () => reply.sent?.(request.socket.bytesWritten));
      pour();
      return;
    }
    case 'hang':
      return;
  }
}
