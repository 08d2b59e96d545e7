import { X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { addDays, type CalendarDate } from '../../domain/calendar-date.ts';
import type { Text } from '../../domain/text.ts';
import { SparSyncError } from '../../errors.ts';
import type { CertificateConfig, ConfiguredFile, SparConfig } from '../config/config.ts';
import { readPassphrase } from '../config/passphrase.ts';
import { exposedText, isExposed } from '../exposed-file.ts';
import {
  type CertificateDescription,
  type CredentialSource,
  readCredentials,
} from './connection/certificate.ts';
import type { ChannelOptions } from './connection/https-channel.ts';
import { endpointOf } from './endpoints.ts';

/** Where SPAR is, and who we are to it. */
export interface WayToSpar {
  readonly channel: ChannelOptions;
  /** Our own certificate; missing with the simulator, which makes one on the spot. */
  readonly certificate?: CertificateDescription;
  /** What a person should know about how it is kept, or that it is about to expire. */
  readonly remarks: readonly Text[];
  close(): Promise<void>;
}

/** From so many days before its last one on, a certificate's expiry is spoken of. A new one takes a week. */
const EXPIRY_NOTICE_DAYS = 30;

/**
 * Gets ready what a connection to SPAR takes: for the simulator it is started, for SPAR itself certificate,
 * passphrase and extra CA are read.
 *
 * @param today by the wall clock: a certificate does not care about `--as-of`
 * @throws SparSyncError `config`
 */
export async function openWayToSpar(
  spar: SparConfig,
  env: Readonly<Record<string, string | undefined>>,
  today: CalendarDate,
): Promise<WayToSpar> {
  const { concurrency, timeoutSeconds } = spar;
  if (spar.environment === 'simulator') {
    const simulator = await startSimulatorFor(spar);
    const { ca, clientCert: cert, clientKey: key } = simulator;
    const url = `${simulator.url}/${spar.schema}/`;
    return {
      channel: { url, ca, credentials: { cert, key }, concurrency, timeoutSeconds },
      remarks: [],
      close: () => simulator.close(),
    };
  }
  const url = spar.url ?? endpointOf(spar.environment, spar.schema);
  const { certificate, remarks, ...credentials } = await readOwnCertificate(spar.certificate, env, today);
  const ca = spar.ca === undefined ? undefined : await readCa(spar.ca);
  return {
    channel: { url, credentials, concurrency, timeoutSeconds, ...(ca !== undefined && { ca }) },
    certificate,
    remarks,
    close: async () => {},
  };
}

/** The simulator knows whatever customer the configuration names, with the permissions it says are granted. */
async function startSimulatorFor(spar: SparConfig) {
  const { startSimulator } = await import('./simulator/server.ts');
  const numbers = new Set([spar.kundNrLeveransMottagare, spar.kundNrSlutkund]);
  const customers = [...numbers].map((kundNr) => ({ kundNr, granted: spar.utokadBehorighet }));
  return startSimulator({ customers, keepRequests: false });
}

async function readOwnCertificate(
  configured: CertificateConfig | undefined,
  env: Readonly<Record<string, string | undefined>>,
  today: CalendarDate,
) {
  if (configured === undefined) {
    throw new SparSyncError('config', {
      en: 'spar.certificate is missing: SPAR is asked with an organisation certificate.',
      sv: 'spar.certificate saknas: SPAR frågas med ett organisationscertifikat.',
    });
  }
  const { passphrase, remark } = await readPassphrase(configured, env);
  const { cert, key, certificate } = await readCredentials(sourceOf(configured, passphrase), today);
  const remarks = [...(await remarksOnKey(configured)), ...(remark === undefined ? [] : [remark])];
  if (certificate.notAfter <= addDays(today, EXPIRY_NOTICE_DAYS))
    remarks.push(expiresSoon(certificate.notAfter));
  return { cert, key, certificate, remarks };
}

/** Whoever has the key is the school to SPAR, where the passphrase can be guessed or had. */
async function remarksOnKey(configured: CertificateConfig): Promise<readonly Text[]> {
  const [key, { path }] =
    configured.kind === 'pkcs12'
      ? ['spar.certificate.file', configured.file]
      : ['spar.certificate.key', configured.key];
  return isExposed(await stat(path)) ? [exposedText(key)] : [];
}

function sourceOf(configured: CertificateConfig, passphrase: string | undefined): CredentialSource {
  if (configured.kind === 'pkcs12')
    return { kind: 'pkcs12', file: configured.file, passphrase: passphrase ?? '' };
  const { cert, key } = configured;
  return { kind: 'pem', cert, key, ...(passphrase !== undefined && { passphrase }) };
}

function expiresSoon(notAfter: CalendarDate): Text {
  return {
    en: `The certificate expires on ${notAfter}. Order a new one and tell SPAR's customer service, who couple it to the customer.`,
    sv: `Certifikatet går ut ${notAfter}. Beställ ett nytt och meddela SPAR:s kundtjänst, som kopplar det till kunden.`,
  };
}

async function readCa(ca: ConfiguredFile): Promise<string> {
  const text = await readFile(ca.path, 'utf8').catch(() => '');
  if (isPemOfCertificates(text)) return text;
  throw new SparSyncError(
    'config',
    {
      en: `spar.ca: ${ca.name} is not there, cannot be read, or is not whole certificates in PEM.`,
      sv: `spar.ca: ${ca.name} finns inte, går inte att läsa eller är inte hela certifikat i PEM.`,
    },
    {
      en: "It is to hold the certificate authority of SPAR's server, and is only needed when it is none of those that come with Node.",
      sv: 'Den ska innehålla utfärdaren av SPAR:s servercertifikat och behövs bara när utfärdaren inte är en av dem som följer med Node.',
    },
  );
}

/** OpenSSL skips a block that it cannot read, without a word. */
function isPemOfCertificates(text: string): boolean {
  const begun = text.match(/-----BEGIN CERTIFICATE-----/g) ?? [];
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  return blocks.length > 0 && blocks.length === begun.length && blocks.every(isCertificate);
}

function isCertificate(pem: string): boolean {
  try {
    new X509Certificate(pem);
    return true;
  } catch {
    return false;
  }
}
