import { Agent, type RequestOptions, request } from 'node:https';
import type { Simulator } from '../../../src/adapters/spar/simulator/server.ts';

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export function agentFor(simulator: Simulator, maxSockets = 4): Agent {
  const { ca, clientCert: cert, clientKey: key } = simulator;
  return new Agent({ ca, cert, key, keepAlive: true, maxSockets });
}

/** Posts a body and reads the answer to its end; rejects where the connection fails or is cut. */
export function post(
  url: string,
  agent: Agent,
  body: string,
  options: RequestOptions = {},
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'text/xml; charset=utf-8', soapaction: '"x"', ...options.headers };
    const sent = request(url, { method: 'POST', agent, ...options, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString('utf8'),
        });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const ROOT = 'http://statenspersonadressregister.se/schema';

export interface QuestionParts {
  readonly schema?: '2021.1' | '2023.1';
  readonly receiver?: string;
  readonly customer?: string;
  readonly assignment?: string;
  readonly user?: string;
  readonly permissions?: readonly string[];
  readonly id?: string;
}

/** A question as a client writes it. */
export function question(parts: QuestionParts = {}): string {
  const { schema = '2021.1', receiver = '500243', customer = '500243', assignment = '637' } = parts;
  const { user = 'anna@exempelskolan', permissions = [], id = '201501122384' } = parts;
  const [parameters, person] = schema === '2021.1' ? ['1.1', '1.2'] : ['1.2', '1.3'];
  const granted = permissions
    .map((name) => `<i:SlutAnvandarUtokadBehorighet>${name}</i:SlutAnvandarUtokadBehorighet>`)
    .join('');
  return `<?xml version="1.0" encoding="utf-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xmlns:i="${ROOT}/komponent/metadata/identifieringsinformationWs-1.1">
  <soap:Body>
    <f:SPARPersonsokningFraga xmlns:f="${ROOT}/personsok/${schema}/personsokningfraga">
      <i:Identifieringsinformation><i:KundNrLeveransMottagare>${receiver}</i:KundNrLeveransMottagare><i:KundNrSlutkund>${customer}</i:KundNrSlutkund><i:UppdragId>${assignment}</i:UppdragId><i:SlutAnvandarId>${user}</i:SlutAnvandarId>${granted}</i:Identifieringsinformation>
      <s:PersonsokningFraga xmlns:s="${ROOT}/komponent/sok/personsokningsokparametrar-${parameters}"><p:IdNummer xmlns:p="${ROOT}/komponent/person/person-${person}">${id}</p:IdNummer></s:PersonsokningFraga>
    </f:SPARPersonsokningFraga>
  </soap:Body>
</soap:Envelope>`;
}
