import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readCredentials } from '../../../src/adapters/spar/connection/certificate.ts';
import { shakeHands } from '../../../src/adapters/spar/connection/handshake.ts';
import { createPersonsok, type PersonsokOptions } from '../../../src/adapters/spar/personsok.ts';
import type { LookupOutcome, PersonLookup } from '../../../src/app/ports.ts';
import { calendarDateInStockholm } from '../../../src/domain/calendar-date.ts';
import type { PersonId } from '../../../src/domain/person-id.ts';
import { SparSyncError } from '../../../src/errors.ts';
import { type KeyedCertificate, makePkcs12, testCertificates } from '../../support/certificates.ts';
import {
  type LoopbackOptions,
  type LoopbackSpar,
  openLoopbackSpar,
  type Responder,
} from '../../support/loopback-spar.ts';
import { ownMessage, personId } from '../../support/spar-messages.ts';

const EVA = personId('197901049283');
const IDS = [
  EVA,
  personId('198009139265'),
  personId('198205049250'),
  personId('201301032395'),
  personId('201302282395'),
];
const TEMPLATE = ownMessage('rows-without-dates');
const certificates = testCertificates();
const chain = {
  cert: certificates.client.cert + certificates.clientIntermediate.cert,
  key: certificates.client.key,
};
const forever = new AbortController().signal;

/** A right answer, in which the given name tells who was asked about. */
function answerAbout(id: string): string {
  return TEMPLATE.replaceAll(EVA, id).replace('>Eva<', `>Namn${id}<`);
}
const right: Responder = ({ id }) => ({ kind: 'body', body: answerAbout(id) });

let spar: LoopbackSpar;
const opened: (() => Promise<void>)[] = [];

beforeAll(async () => {
  spar = await openLoopbackSpar(right);
});
afterAll(() => spar.close());
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
  spar.respond(right);
});

function optionsFor(url: string): PersonsokOptions {
  return {
    schema: '2021.1',
    url,
    customer: {
      kundNrLeveransMottagare: 500243,
      kundNrSlutkund: 500243,
      uppdragId: 637,
      slutAnvandarId: 'prov',
    },
    credentials: chain,
    ca: certificates.serverCa.cert,
    concurrency: 4,
    timeoutSeconds: 20,
    now: () => '2026-11-23T05:00:00.000Z',
  };
}

async function connect(part: Partial<PersonsokOptions> = {}): Promise<PersonLookup> {
  const lookup = await createPersonsok({ ...optionsFor(spar.url), ...part });
  opened.push(() => lookup.close());
  return lookup;
}

/** For one test. */
function setEnvironment(name: string, value: string): void {
  const before = process.env[name];
  process.env[name] = value;
  opened.push(async () => {
    if (before === undefined) delete process.env[name];
    else process.env[name] = before;
  });
}

async function otherSpar(options: LoopbackOptions, responder: Responder = right): Promise<LoopbackSpar> {
  const server = await openLoopbackSpar(responder, options);
  opened.push(() => server.close());
  return server;
}

async function ask(
  lookup: PersonLookup,
  id: PersonId = EVA,
  signal = forever,
): Promise<LookupOutcome | SparSyncError> {
  const settled = await lookup
    .lookUp({ id, permissions: [], rows: [] }, signal)
    .catch((error: unknown) => error);
  if (settled instanceof Error && !(settled instanceof SparSyncError)) throw settled;
  return settled as LookupOutcome | SparSyncError;
}

describe('a lookup', () => {
  it('asks SPAR in its own words and gives the answer', async () => {
    const lookup = await connect();
    const outcome = await lookup.lookUp({ id: EVA, permissions: ['relations'], rows: [] }, forever);
    expect(outcome).toMatchObject({
      kind: 'answered',
      answer: { kind: 'registered', name: { given: `Namn${EVA}` }, guardianship: { current: [] } },
    });
    const question = spar.questions.at(-1);
    expect(question?.headers).toMatchObject({
      'content-type': 'text/xml; charset=utf-8',
      soapaction: '"http://skatteverket.se/spar/personsok/2021.1/PersonsokService/Personsok"',
    });
    expect(question?.body).toContain('Relationer');
  });

  it('makes one TLS handshake for many calls one after the other', async () => {
    const lookup = await connect();
    const before = spar.connections();
    for (let call = 0; call < 50; call++) expect(await ask(lookup)).toMatchObject({ kind: 'answered' });
    expect(spar.connections() - before).toBe(1);
  });

  it('never gives the answer about one person to the call about another, and keeps its connections', async () => {
    const lookup = await connect({ concurrency: 8 });
    const before = spar.connections();
    spar.respond(async ({ id }) => {
      await new Promise((resolve) => setImmediate(resolve));
      return { kind: 'body', body: answerAbout(id) };
    });
    const warnings: unknown[] = [];
    const note = (warning: unknown) => warnings.push(warning);
    process.on('warning', note);
    const asked = Array.from({ length: 300 }, (_, n) => IDS[n % IDS.length] ?? EVA);
    const outcomes = await Promise.all(asked.map((id) => ask(lookup, id)));
    process.off('warning', note);
    expect(
      outcomes.map((outcome) =>
        'answer' in outcome && outcome.answer.kind === 'registered' ? outcome.answer.name.given : outcome,
      ),
    ).toEqual(asked.map((id) => `Namn${id}`));
    expect(spar.connections() - before).toBeLessThanOrEqual(8);
    expect(warnings).toEqual([]);
  });

  it('stops the run when a server mixes up two people', async () => {
    const lookup = await connect();
    spar.respond(() => ({ kind: 'body', body: answerAbout('198009139265') }));
    expect(await ask(lookup)).toMatchObject({ code: 'spar-not-understood' });
  });

  it('reads no more than a megabyte of an answer that never ends', async () => {
    const lookup = await connect();
    const sent = new Promise<number>((resolve) => {
      spar.respond(() => ({ kind: 'oversized', sent: resolve }));
    });
    expect(await ask(lookup)).toMatchObject({ kind: 'garbled' });
    // What lay in the buffers of the sockets on both ends comes on top; 200 MB would not.
    expect(await sent).toBeLessThan(32 << 20);
  });

  it('speaks 2023.1', async () => {
    const lookup = await connect({ schema: '2023.1' });
    spar.respond(() => ({ kind: 'body', body: ownMessage('2023-child') }));
    expect(await ask(lookup, personId('199810832387'))).toMatchObject({ kind: 'answered' });
    expect(spar.questions.at(-1)?.body).toContain('personsok/2023.1/personsokningfraga');
  });

  it.each<[what: string, responder: Responder, becomes: object]>([
    ['closes without an answer', () => ({ kind: 'close' }), { kind: 'unavailable' }],
    ['cuts the answer', ({ id }) => ({ kind: 'cut', body: answerAbout(id) }), { kind: 'unavailable' }],
    ['sends more than any answer has', () => ({ kind: 'oversized' }), { kind: 'garbled' }],
    ['sends a web page', () => ({ kind: 'body', body: '<html>Underhåll</html>' }), { kind: 'garbled' }],
    ['sends nothing', () => ({ kind: 'body', body: '' }), { kind: 'garbled' }],
    [
      'redirects',
      () => ({ kind: 'body', body: '', status: 307, headers: { Location: '/elsewhere' } }),
      { code: 'spar-not-understood' },
    ],
    [
      'is too busy',
      () => ({ kind: 'body', body: '', status: 429, headers: { 'Retry-After': '7' } }),
      { kind: 'unavailable', retryAfterSeconds: 7 },
    ],
    [
      'is down for an hour',
      () => ({
        kind: 'body',
        body: '',
        status: 503,
        headers: { 'Retry-After': 'Mon, 23 Nov 2026 06:00:00 GMT' },
      }),
      { kind: 'unavailable', retryAfterSeconds: 3600 },
    ],
    ['forbids', () => ({ kind: 'body', body: '', status: 403 }), { code: 'spar-rejected' }],
    [
      'answers with a fault',
      () => ({ kind: 'body', body: ownMessage('soap-fault'), status: 500 }),
      { code: 'spar-not-understood' },
    ],
    [
      'compresses unasked',
      () => ({ kind: 'body', body: Buffer.from([31, 139, 8, 0]), headers: { 'Content-Encoding': 'gzip' } }),
      { kind: 'garbled' },
    ],
  ])('when the server %s', async (_what, responder, becomes) => {
    const lookup = await connect();
    spar.respond(responder);
    const before = spar.questions.length;
    expect(await ask(lookup)).toMatchObject(becomes);
    expect(spar.questions.length - before).toBe(1);
    spar.respond(right);
    expect(await ask(lookup)).toMatchObject({ kind: 'answered' });
  });

  it.each<[what: string, responder: Responder]>([
    ['drips', () => ({ kind: 'drip' })],
    ['says nothing', () => ({ kind: 'hang' })],
  ])('has a deadline when the server %s', async (_what, responder) => {
    const lookup = await connect({ timeoutSeconds: 0.3 });
    spar.respond(responder);
    expect(await ask(lookup)).toEqual({
      kind: 'unavailable',
      detail: { en: 'SPAR did not answer in time', sv: 'SPAR svarade inte i tid' },
      sent: true,
    });
  });

  it.each<[what: string, responder: Responder]>([
    ['dripping', () => ({ kind: 'drip' })],
    ['silent', () => ({ kind: 'hang' })],
  ])('ends at once when it is interrupted before a %s server', async (_what, responder) => {
    const lookup = await connect();
    spar.respond(responder);
    const interrupt = new AbortController();
    const asked = spar.nextQuestion();
    const settled = ask(lookup, EVA, interrupt.signal);
    await asked;
    interrupt.abort();
    expect(await settled).toMatchObject({ code: 'interrupted' });
    expect(await ask(lookup, EVA, interrupt.signal)).toMatchObject({ code: 'interrupted' });
  });

  it('says so when a kept connection was dead', async () => {
    const lookup = await connect();
    expect(await ask(lookup)).toMatchObject({ kind: 'answered' });
    // The server drops the connection as the question comes in on it, which is what the client sees of a
    // connection that was dropped a moment before.
    spar.respond(() => ({ kind: 'close' }));
    expect(await ask(lookup)).toMatchObject({ kind: 'unavailable', deadSocket: true });
    // On a connection of its own the same is an ordinary failure.
    const fresh = await ask(lookup);
    expect(fresh).toMatchObject({ kind: 'unavailable' });
    expect(fresh).not.toHaveProperty('deadSocket');
    spar.respond(right);
    spar.dropConnections();
    expect(await ask(lookup)).toMatchObject({ kind: 'answered' });
  });
});

describe('trust', () => {
  it('is not given to a server that cannot be verified', async () => {
    const servers: readonly [KeyedCertificate, string][] = [
      [certificates.stranger, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
      [certificates.wrongHost, 'ERR_TLS_CERT_ALTNAME_INVALID'],
      [certificates.expiredServer, 'CERT_HAS_EXPIRED'],
    ];
    for (const [server, code] of servers) {
      const other = await otherSpar({ server });
      const outcome = await ask(await connect({ url: other.url }));
      expect(outcome).toMatchObject({ kind: 'unavailable', detail: { en: expect.stringContaining(code) } });
      expect(other.questions).toEqual([]);
    }
  });

  it('does not come from our own .p12', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'spar-sync-trust-'));
    opened.push(() => rm(folder, { recursive: true }));
    const file = { path: join(folder, 'skola.p12'), name: 'skola.p12' };
    const inside = [certificates.clientIntermediate, certificates.clientRoot];
    await writeFile(file.path, makePkcs12(certificates.client, inside, 'x'));
    const today = calendarDateInStockholm(new Date().toISOString());
    const credentials = await readCredentials({ kind: 'pkcs12', file, passphrase: 'x' }, today);
    expect(await ask(await connect({ credentials }))).toMatchObject({ kind: 'answered' });
    const impostor = await otherSpar({ server: certificates.impostor });
    expect(await ask(await connect({ credentials, url: impostor.url }))).toMatchObject({
      kind: 'unavailable',
    });
    expect(impostor.questions).toEqual([]);
  });

  it('needs the extra ca where the issuer is none that comes with Node', async () => {
    const { ca: _, ...options } = optionsFor(spar.url);
    const lookup = await createPersonsok(options);
    opened.push(() => lookup.close());
    expect(await ask(lookup)).toMatchObject({
      kind: 'unavailable',
      detail: { sv: expect.stringContaining('spar.ca') },
    });
  });

  it('does not come from the environment', async () => {
    setEnvironment('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    const other = await otherSpar({ server: certificates.stranger });
    expect(await ask(await connect({ url: other.url }))).toMatchObject({ kind: 'unavailable' });
    expect(await shakeHands({ url: other.url, credentials: chain, timeoutSeconds: 20 })).toMatchObject({
      kind: 'unavailable',
    });
    expect(other.questions).toEqual([]);
  });

  it('does not go by a proxy from the environment', async () => {
    for (const name of ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY'])
      setEnvironment(name, 'http://127.0.0.1:9');
    expect(await ask(await connect())).toMatchObject({ kind: 'answered' });
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'stops the run when the server sends back the certificate by an alert in %s',
    async (maxVersion) => {
      // Without a certificate the server sends an alert, as it does for one that it does not accept.
      const other = await otherSpar({ maxVersion });
      const lookup = await connect({ url: other.url, credentials: { cert: '', key: '' } });
      expect(await ask(lookup)).toMatchObject({ code: 'spar-rejected' });
      await expect(
        shakeHands({
          url: other.url,
          credentials: { cert: '', key: '' },
          ca: certificates.serverCa.cert,
          timeoutSeconds: 20,
        }),
      ).rejects.toMatchObject({ code: 'spar-rejected' });
      expect(other.questions).toEqual([]);
    },
  );

  it('is unavailable where nobody listens', async () => {
    const other = await openLoopbackSpar(right);
    await other.close();
    expect(await ask(await connect({ url: other.url }))).toMatchObject({
      kind: 'unavailable',
      detail: { en: expect.stringContaining('ECONNREFUSED') },
    });
    expect(await ask(await connect({ url: 'https://spar.invalid/' }))).toMatchObject({ kind: 'unavailable' });
  });
});

describe('shakeHands', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'shows what one handshake in %s showed, and asks about nobody',
    async (maxVersion) => {
      const other = await otherSpar({ maxVersion });
      expect(
        await shakeHands({
          url: other.url,
          credentials: chain,
          ca: certificates.serverCa.cert,
          timeoutSeconds: 20,
        }),
      ).toMatchObject({
        kind: 'connected',
        host: 'localhost',
        protocol: maxVersion,
        server: {
          commonName: 'localhost',
          issuer: 'Test Server CA',
          notAfter: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
        },
      });
      expect(other.questions).toEqual([]);
      expect(other.connections()).toBe(1);
    },
  );

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'does not say that a server takes our certificate which throws us out after the handshake in %s',
    async (maxVersion) => {
      const other = await otherSpar({ maxVersion });
      const { cert, key } = certificates.stranger;
      const thrownOut = shakeHands({
        url: other.url,
        credentials: { cert, key },
        ca: certificates.serverCa.cert,
        timeoutSeconds: 20,
      });
      const outcome = await thrownOut.catch((error: unknown) => error);
      expect(outcome).toMatchObject({ kind: 'unavailable', why: 'closed' });
      expect(JSON.stringify(outcome)).toContain('ECONNRESET');
    },
  );

  it('tells a server that cannot be trusted from one that cannot be reached', async () => {
    const hands = (url: string) => shakeHands({ url, credentials: chain, timeoutSeconds: 20 });
    expect(await hands(spar.url)).toMatchObject({ kind: 'unavailable', why: 'not-trusted' });
    const gone = await openLoopbackSpar(right);
    await gone.close();
    expect(await hands(gone.url)).toMatchObject({ kind: 'unavailable', why: 'not-reached' });
  });
});
