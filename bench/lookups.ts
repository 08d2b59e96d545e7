import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClientSSLSecurityPFX, createClientAsync } from 'soap';
import { Parser } from 'xml2js';
import type { CalendarDate } from '../src/domain/calendar-date.ts';
import { built, ROOT } from './built-program.ts';
import { type MadeUpPerson, makeUpPeople, TODAY } from './made-up-school.ts';
import { interleave, median, medianRatio, type Result } from './measure.ts';
import { makePkcs12 } from './pkcs12.ts';
import { type SparProcess, startSparProcess } from './spar-process.ts';

const CUSTOMER = {
  kundNrLeveransMottagare: 500243,
  kundNrSlutkund: 500243,
  uppdragId: 637,
  slutAnvandarId: 'anna@exempelskolan',
};
const PEOPLE = 4000;
const LATENCY_MS = 40;

/** Whether waiting for SPAR is all that a run does: lookups a second against concurrency / latency. */
export async function measureBehindLatency(rounds: number): Promise<Result[]> {
  const people = makeUpPeople(PEOPLE);
  const spar = await startSparProcess(PEOPLE, LATENCY_MS);
  try {
    const measured = await interleave(rounds, {
      eight: () => lookUpAll(spar, people.slice(0, 800), 8),
      thirtyTwo: () => lookUpAll(spar, people.slice(0, 3200), 32),
    });
    return [resultBehindLatency(8, 0.9, measured.eight), resultBehindLatency(32, 0.8, measured.thirtyTwo)];
  } finally {
    spar.close();
  }
}

function resultBehindLatency(concurrency: number, target: number, measured: readonly number[]): Result {
  const ideal = (concurrency * 1000) / LATENCY_MS;
  return {
    what: `lookups behind ${LATENCY_MS} ms, concurrency ${concurrency}`,
    ours: perSecond(median(measured)),
    against: `concurrency / latency ${perSecond(ideal)}`,
    ratio: median(measured) / ideal,
    target: { atLeast: target },
  };
}

/** What the chain costs beside the least that could be done, and what it gains on the usual way. */
export async function measureWithoutLatency(rounds: number): Promise<Result[]> {
  const people = makeUpPeople(PEOPLE);
  const spar = await startSparProcess(PEOPLE, 0);
  try {
    const bare = await openBareHttps(spar);
    const soap = await openSoapWithPfx(spar);
    const measured = await interleave(rounds, {
      ours: () => lookUpAll(spar, people, 8),
      bare: () => askAll(people, bare),
      soap: () => askAll(people.slice(0, 400), soap),
    });
    const ours = perSecond(median(measured.ours));
    return [
      {
        what: 'lookups without latency, concurrency 8',
        ours,
        against: `https keep-alive + xml2js ${perSecond(median(measured.bare))}`,
        ratio: medianRatio(measured.ours, measured.bare),
        target: { atLeast: 0.6 },
      },
      {
        what: 'lookups without latency, concurrency 8',
        ours,
        against: `soap + ClientSSLSecurityPFX ${perSecond(median(measured.soap))}`,
        ratio: medianRatio(measured.ours, measured.soap),
        target: { atLeast: 3 },
      },
    ];
  } finally {
    spar.close();
  }
}

/**
 * Lookups a second through everything that a run puts around a question: client, ledger and answer in the
 * state file, pacing, retry, workers.
 */
async function lookUpAll(
  spar: SparProcess,
  people: readonly MadeUpPerson[],
  concurrency: number,
): Promise<number> {
  const [{ openState }, { createPersonsok }, { withPacing }, { withRetry }] = await Promise.all([
    built.store(),
    built.personsok(),
    built.pacing(),
    built.retry(),
  ]);
  const [{ withLedger }, { refreshSnapshots }, { systemClock: clock }] = await Promise.all([
    built.ledger(),
    built.refresh(),
    built.clock(),
  ]);
  const folder = await mkdtemp(join(tmpdir(), 'spar-sync-bench-'));
  const state = await openState({ path: join(folder, 'state.db') });
  const today = TODAY as CalendarDate;
  const endUser = CUSTOMER.slutAnvandarId;
  const run = await state.journal.start({
    command: 'update',
    asOf: today,
    at: clock.now(),
    endUser,
    dryRun: false,
  });
  const client = await createPersonsok({
    url: spar.url,
    ca: spar.ca,
    credentials: { cert: spar.clientCert, key: spar.clientKey },
    schema: '2021.1',
    customer: CUSTOMER,
    concurrency,
    timeoutSeconds: 30,
    now: clock.now,
  });
  const recorded = withLedger(client, state.ledger, { run, endUser, price: 40, today, clock });
  // Paced so fast that nobody waits; the pacing's own work is there.
  const paced = withPacing(recorded, { requestsPerSecond: 1e9, clock });
  const lookup = withRetry(paced, { retries: 4, clock, random: Math.random });
  const requests = people.map(({ id, type }, row) => ({
    id,
    permissions: [],
    rows: [{ type, id: String(row) }],
  }));
  const started = performance.now();
  const { answered, notFound } = await refreshSnapshots(requests, lookup, {
    clock,
    allowance: { left: () => Infinity },
    areNotAll: false,
    patience: { left: 0 },
    concurrency,
    signal: new AbortController().signal,
    progress: () => {},
  });
  const milliseconds = performance.now() - started;
  await client.close();
  await state.close();
  await rm(folder, { recursive: true });
  if (answered.size !== people.length || notFound.size > 0) throw new Error('not everybody was found');
  return (people.length * 1000) / milliseconds;
}

type Ask = (person: MadeUpPerson) => Promise<unknown>;

/** The same questions by eight workers, each asking the next one when it has its answer. */
async function askAll(people: readonly MadeUpPerson[], ask: Ask): Promise<number> {
  const started = performance.now();
  let next = 0;
  const workers = Array.from({ length: 8 }, async () => {
    for (let person = people[next++]; person !== undefined; person = people[next++]) await ask(person);
  });
  await Promise.all(workers);
  return (people.length * 1000) / (performance.now() - started);
}

/** No client at all: a message written beforehand, one keep-alive agent, a new xml2js parser for each answer. */
async function openBareHttps(spar: SparProcess): Promise<Ask> {
  const write = await (await built.question()).openQuestionWriter('2021.1', CUSTOMER);
  const agent = new Agent({
    keepAlive: true,
    maxSockets: 8,
    ca: spar.ca,
    cert: spar.clientCert,
    key: spar.clientKey,
  });
  return async ({ id }) => {
    const { body, headers } = write(id, []);
    const text = await new Promise<string>((resolve, reject) => {
      const call = request(spar.url, { agent, method: 'POST', headers }, (response: IncomingMessage) => {
        let received = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          received += chunk;
        });
        response.on('end', () => resolve(received));
        response.on('error', reject);
      });
      call.on('error', reject);
      call.end(body);
    });
    const answer: unknown = await new Parser().parseStringPromise(text);
    if (answer === null || !text.includes(id)) throw new Error('no answer');
  };
}

/** As the soap library's own documentation has it: a client, a .p12 file, a connection for each question. */
async function openSoapWithPfx(spar: SparProcess): Promise<Ask> {
  const wsdl = join(ROOT, 'src/adapters/spar/wsdl/2021.1/personsok.wsdl');
  const client = await createClientAsync(wsdl, { endpoint: spar.url });
  const pfx = makePkcs12(spar.clientCert, spar.clientKey, 'hemligt');
  client.setSecurity(new ClientSSLSecurityPFX(pfx, 'hemligt', { ca: spar.ca }));
  const ask: unknown = Reflect.get(client, 'PersonSokAsync');
  if (typeof ask !== 'function') throw new Error('no operation PersonSok');
  return async ({ id }) => {
    const [answer] = await ask({
      Identifieringsinformation: {
        KundNrLeveransMottagare: CUSTOMER.kundNrLeveransMottagare,
        KundNrSlutkund: CUSTOMER.kundNrSlutkund,
        UppdragId: CUSTOMER.uppdragId,
        SlutAnvandarId: CUSTOMER.slutAnvandarId,
      },
      PersonsokningFraga: { IdNummer: id },
    });
    if (!JSON.stringify(answer).includes(id)) throw new Error('no answer');
  };
}

function perSecond(rate: number): string {
  return `${rate.toFixed(0)}/s`;
}
