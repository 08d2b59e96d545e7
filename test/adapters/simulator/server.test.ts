import { X509Certificate } from 'node:crypto';
import { Agent } from 'node:https';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificates } from '../../../src/adapters/spar/simulator/certificates.ts';
import type { Fault } from '../../../src/adapters/spar/simulator/faults.ts';
import { createPopulation } from '../../../src/adapters/spar/simulator/population.ts';
import {
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from '../../../src/adapters/spar/simulator/server.ts';
import { agentFor, post, question } from './ask-simulator.ts';

const CHILD = '201501122384';

async function withSimulator<T>(
  options: SimulatorOptions,
  use: (simulator: Simulator, agent: Agent) => Promise<T>,
) {
  const simulator = await startSimulator(options);
  const agent = agentFor(simulator, 32);
  try {
    return await use(simulator, agent);
  } finally {
    agent.destroy();
    await simulator.close();
  }
}

describe('the simulator', () => {
  let simulator: Simulator;
  let agent: Agent;
  beforeAll(async () => {
    simulator = await startSimulator();
    agent = agentFor(simulator);
  });
  afterAll(async () => {
    agent.destroy();
    await simulator.close();
  });
  const ask = (parts: Parameters<typeof question>[0] = {}, path = `/${parts.schema ?? '2021.1'}/`) =>
    post(simulator.url + path, agent, question(parts));

  it('answers about somebody in its population', async () => {
    const { status, headers, body } = await ask();
    expect(status).toBe(200);
    expect(headers['content-type']).toMatch(/^text\/xml/);
    expect(body).toContain('Björkvägen 12 LGH 1102');
    expect(body).not.toContain('Relation>');
  });

  it('gives relations when they are asked for and granted', async () => {
    expect((await ask({ permissions: ['Relationer'] })).body).toContain('199001142380</');
  });

  it('has nobody for a number that it does not know', async () => {
    const { status, body } = await ask({ id: '197901049283' });
    expect(status).toBe(200);
    expect(body).toContain('197901049283');
    expect(body).not.toContain('Svarspost');
    expect(body).toMatch(/UUID>[0-9a-f-]{36}</);
  });

  it('speaks 2023.1 on its own path', async () => {
    expect((await ask({ schema: '2023.1' })).body).toContain('<ns26:SPARPersonsokningSvar');
    expect((await ask({ schema: '2023.1' }, '/2021.1/')).status).toBe(500);
    expect((await ask({}, '/2019.1/')).status).toBe(404);
    expect((await ask({}, '/2021.1/personsok')).status).toBe(200);
  });

  it.each([
    ['a customer that it does not know', { customer: '500244' }],
    ['a receiver that it does not know', { receiver: '500244' }],
    ['an uppdrag of somebody else', { assignment: '638' }],
  ])('answers 403 to %s', async (_, parts) => {
    expect((await ask(parts)).status).toBe(403);
  });

  it('answers an invalid question with a SOAP 1.1 fault', async () => {
    const { status, body } = await ask({ id: '000000000000' });
    expect(status).toBe(500);
    expect(body).toMatch(
      /<S:Fault><faultcode>S:Client<\/faultcode><faultstring>IdNummer is not twelve digits</,
    );
    expect((await post(`${simulator.url}/2021.1/`, agent, '\xff')).status).toBe(500);
  });

  it.each([
    [405, { method: 'GET' }],
    [415, { headers: { 'content-type': 'application/soap+xml' } }],
  ])('answers %i', async (status, options) => {
    const body = status === 405 ? '' : question();
    expect((await post(`${simulator.url}/2021.1/`, agent, body, options)).status).toBe(status);
  });

  it('refuses a question of megabytes', async () => {
    const huge = question({ user: 'x'.repeat(200_000) });
    expect((await post(`${simulator.url}/2021.1/`, agent, huge)).status).toBe(413);
  });

  it('remembers what it was asked', async () => {
    const before = simulator.requestCount();
    await ask({ user: 'lena@exempelskolan', permissions: ['Relationer'] });
    expect(simulator.requestCount()).toBe(before + 1);
    expect(simulator.requests().at(-1)).toEqual({
      kundNrLeveransMottagare: 500243,
      kundNrSlutkund: 500243,
      uppdragId: '637',
      slutAnvandarId: 'lena@exempelskolan',
      permissions: ['Relationer'],
      id: CHILD,
      schema: '2021.1',
      soapAction: '"x"',
    });
  });

  it('takes no client without its certificate, and is taken by none without its CA', async () => {
    const url = `${simulator.url}/2021.1/`;
    const stranger = await makeCertificates();
    const { ca, clientCert: cert, clientKey: key } = simulator;
    const count = simulator.requestCount();
    await expect(post(url, new Agent({ ca }), question())).rejects.toMatchObject({
      code: expect.stringMatching(/CERTIFICATE_REQUIRED|ECONNRESET/),
    });
    const strange = new Agent({ ca, cert: stranger.clientCert, key: stranger.clientKey });
    await expect(post(url, strange, question())).rejects.toMatchObject({
      code: expect.stringMatching(/ALERT|ECONNRESET/),
    });
    const untrusting = new Agent({ ca: stranger.ca, cert, key });
    await expect(post(url, untrusting, question())).rejects.toThrow(/certificate/);
    expect(simulator.requestCount()).toBe(count);
  });

  it('serves a client on one connection', async () => {
    const single = agentFor(simulator, 1);
    const before = simulator.connectionCount();
    for (let i = 0; i < 5; i++) await post(`${simulator.url}/2021.1/`, single, question());
    single.destroy();
    expect(simulator.connectionCount()).toBe(before + 1);
  });
});

describe('certificates', () => {
  it('are those of localhost and of an organisation', async () => {
    const made = await makeCertificates({ organisation: 'Åsö Friskola', organisationNumber: '5555555555' });
    const server = new X509Certificate(made.serverCert);
    expect(server.subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1');
    expect(server.checkIssued(new X509Certificate(made.ca))).toBe(true);
    const client = new X509Certificate(made.clientCert);
    expect(client.toLegacyObject().subject).toMatchObject({
      O: 'Åsö Friskola',
      serialNumber: '165555555555',
    });
    expect(client.ca).toBe(false);
  });

  it('of a client may have expired', async () => {
    const { clientCert } = await makeCertificates({ clientValidDays: -2 });
    expect(Date.parse(new X509Certificate(clientCert).validTo)).toBeLessThan(Date.now());
  });
});

describe('what a simulator may be told', () => {
  it('which customers there are, and what is granted to them', async () => {
    const customers = [{ kundNr: 500001, granted: [] }];
    await withSimulator({ customers }, async ({ url }, agent) => {
      const parts = { receiver: '500001', customer: '500001', assignment: '12', permissions: ['Relationer'] };
      const { status, body } = await post(`${url}/2021.1/`, agent, question(parts));
      expect(status).toBe(200);
      expect(body).toContain('Svarspost');
      expect(body).not.toContain('Relation>');
      expect((await post(`${url}/2021.1/`, agent, question())).status).toBe(403);
    });
  });

  it('a latency, which answers wait for side by side', async () => {
    await withSimulator({ latencyMs: 250, keepRequests: false }, async (simulator, agent) => {
      const askAll = () =>
        Array.from({ length: 32 }, () => post(`${simulator.url}/2021.1/`, agent, question()));
      // The first round makes the connections, which takes longer than any answer.
      await Promise.all(askAll());
      const answers = askAll();
      await Promise.race(answers);
      const begunBeforeTheFirstAnswer = simulator.requestCount() - 32;
      await Promise.all(answers);
      expect(begunBeforeTheFirstAnswer).toBe(32);
      expect(simulator.requests()).toEqual([]);
    });
  });

  it('a population made in code, and to end while it is asked', async () => {
    const population = createPopulation([{ IdNummer: '199002092386', Namn: [{ Efternamn: 'Kodad' }] }]);
    await withSimulator({ population, faults: { hang: { every: 2 } } }, async (simulator, agent) => {
      const url = `${simulator.url}/2021.1/`;
      expect((await post(url, agent, question({ id: '199002092386' }))).body).toContain('Kodad');
      const hanging = expect(post(url, agent, question())).rejects.toThrow();
      await expect.poll(() => simulator.requestCount()).toBe(2);
      await simulator.close();
      await simulator.close();
      await hanging;
    });
  });
});

describe('a fault', () => {
  let fault: Fault | undefined;
  let simulator: Simulator;
  let agent: Agent;
  beforeAll(async () => {
    simulator = await startSimulator({ fault: () => fault, retryAfter: '7' });
    agent = agentFor(simulator);
  });
  afterAll(async () => {
    agent.destroy();
    await simulator.close();
  });
  const askWith = (wanted: Fault) => {
    fault = wanted;
    return post(`${simulator.url}/2021.1/`, agent, question());
  };

  it.each([
    ['http-503', 503, '7'],
    ['http-429', 429, '7'],
    ['http-403', 403, undefined],
    ['http-404', 404, undefined],
    ['http-500', 500, undefined],
    ['soap-fault', 500, undefined],
    ['redirect', 307, undefined],
  ] as const)('%s', async (wanted, status, retryAfter) => {
    const answer = await askWith(wanted);
    expect([answer.status, answer.headers['retry-after']]).toEqual([status, retryAfter]);
    expect(answer.body.includes('<S:Fault>')).toBe(wanted === 'soap-fault');
  });

  it.each([
    ['html', /^<!DOCTYPE html>/],
    ['empty', /^$/],
    ['garbage', /no XML/],
    ['wrong-root', /<something/],
    ['wrong-person', /Fraga><ns4:IdNummer>201501122384<.*PersonId><ns4:IdNummer>(?!201501122384)/],
    ['crossed-answer', /Fraga><ns4:IdNummer>(?!201501122384)(\d+)<.*PersonId><ns4:IdNummer>\1</],
    ['undantag-generellt-fel', /Kod>GENERELLT_FEL</],
    ['undantag-ogiltig', /Kod>OGILTIG_INPARAMETER</],
    ['bad-post', /Sekretessmarkering>NEJ<\/ns5:Sekretessmarkering><ns4:Senaste/],
    ['two-posts', /Svarspost>.*<\/ns25:PersonsokningSvarspost><ns25:PersonsokningSvarspost>/],
  ] as const)('%s', async (wanted, shape) => {
    const { status, body } = await askWith(wanted);
    expect(status).toBe(200);
    expect(body).toMatch(shape);
  });

  it('oversized', async () => {
    expect((await askWith('oversized')).body.length).toBeGreaterThan(8_000_000);
  });

  it.each(['close', 'cut'] as const)('%s', async (wanted) => {
    await expect(askWith(wanted)).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it.each(['hang', 'drip'] as const)('%s lasts until the client gives up', async (wanted) => {
    fault = wanted;
    const giveUp = new AbortController();
    const asked = simulator.requestCount() + 1;
    const answer = expect(
      post(`${simulator.url}/2021.1/`, agent, question(), { signal: giveUp.signal }),
    ).rejects.toThrow();
    await expect.poll(() => simulator.requestCount()).toBe(asked);
    giveUp.abort();
    await answer;
  });

  it('can be planned: by number of the question and by person', async () => {
    const plan = { 'http-503': { every: 3 }, empty: { ids: [CHILD] } } as const;
    await withSimulator({ faults: plan }, async ({ url }, own) => {
      const statuses: [number, boolean][] = [];
      for (const id of ['197901049283', CHILD, CHILD, '197901049283']) {
        const { status, body } = await post(`${url}/2021.1/`, own, question({ id }));
        statuses.push([status, body === '']);
      }
      expect(statuses).toEqual([
        [200, false],
        [200, true],
        [503, false],
        [200, false],
      ]);
    });
  });
});
