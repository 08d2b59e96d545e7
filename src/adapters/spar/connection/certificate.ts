import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { type CalendarDate, parseCalendarDate } from '../../../domain/calendar-date.ts';
import type { Text } from '../../../domain/text.ts';
import { SparSyncError } from '../../../errors.ts';
import { type Pkcs12Contents, takeApartPkcs12 } from './pkcs12.ts';

/** A file, and what people are shown of it. */
export interface NamedFile {
  readonly path: string;
  readonly name: string;
}

export type CredentialSource =
  | { readonly kind: 'pkcs12'; readonly file: NamedFile; readonly passphrase: string }
  | { readonly kind: 'pem'; readonly cert: NamedFile; readonly key: NamedFile; readonly passphrase?: string };

/** What tells SPAR who we are. `cert` and `key` go to `tls.createSecureContext`; neither makes any root trusted. */
export interface Credentials {
  /** PEM: our certificate, then those between it and its root, without the root. */
  readonly cert: string;
  /** PEM, not encrypted. */
  readonly key: string;
  readonly certificate: CertificateDescription;
}

/** What a certificate says about its owner. */
export interface CertificateDescription {
  readonly organisation?: string;
  /** Ten digits. */
  readonly organisationNumber?: string;
  readonly commonName?: string;
  readonly issuer?: string;
  /** First and last day of its validity, in UTC. */
  readonly notBefore: CalendarDate;
  readonly notAfter: CalendarDate;
}

/**
 * Reads the organisationscertifikat that the configuration names and proves that it can be used today.
 * Throws `config` with the file's name: missing, wrong passphrase, no certificate, a key that belongs to
 * another, expired or not valid yet.
 */
export async function readCredentials(source: CredentialSource, today: CalendarDate): Promise<Credentials> {
  if (source.kind === 'pkcs12') {
    const { file, passphrase } = source;
    return chooseOwn(openPkcs12(await read(file), passphrase, file), file, file, today);
  }
  const { cert, key, passphrase } = source;
  const certificates = readPemCertificates(await read(cert), cert);
  const keys = [openPemKey(await read(key), passphrase, key)];
  return chooseOwn({ keys, certificates }, cert, key, today);
}

/** What people are shown of a certificate. */
export function describeCertificate(certificate: X509Certificate): CertificateDescription {
  const { subject, issuer } = certificate.toLegacyObject();
  const organisation = first(subject.O);
  const commonName = first(subject.CN);
  const issuedBy = first(issuer.CN) ?? first(issuer.O);
  const number = organisationNumber(first(Reflect.get(subject, 'serialNumber')));
  return {
    ...(organisation === undefined ? {} : { organisation }),
    ...(number === undefined ? {} : { organisationNumber: number }),
    ...(commonName === undefined ? {} : { commonName }),
    ...(issuedBy === undefined ? {} : { issuer: issuedBy }),
    notBefore: dayOf(certificate.validFrom),
    notAfter: dayOf(certificate.validTo),
  };
}

/** The subject's serialNumber is the organisation number, in twelve digits with `16` before it, or in ten. */
function organisationNumber(serial: string | undefined): string | undefined {
  const digits = serial?.replace(/[- ]/g, '') ?? '';
  return /^(?:16)?(\d{10})$/.exec(digits)?.[1];
}

async function read(file: NamedFile): Promise<Buffer> {
  try {
    return await readFile(file.path);
  } catch (error) {
    const code = error instanceof Error ? Reflect.get(error, 'code') : undefined;
    throw complaint(
      {
        en: `${file.name} cannot be read (${String(code)})`,
        sv: `${file.name} kan inte läsas (${String(code)})`,
      },
      {
        en: 'check spar.certificate and who may read the file',
        sv: 'kontrollera spar.certificate och vem som får läsa filen',
      },
    );
  }
}

function openPkcs12(bytes: Buffer, passphrase: string, file: NamedFile): Pkcs12Contents {
  try {
    // OpenSSL verifies the passphrase and the whole of the file; the context itself is not used.
    createSecureContext({ pfx: bytes, passphrase });
    return takeApartPkcs12(bytes, passphrase);
  } catch (error) {
    const said = error instanceof Error ? error.message : '';
    if (/mac verify failure|bad decrypt/i.test(said)) throw wrongPassphrase(file);
    if (/unsupported|^encryption$|^content type$|digital envelope/i.test(said)) throw oldEncryption(file);
    throw noCertificate(file);
  }
}

function readPemCertificates(bytes: Buffer, file: NamedFile): readonly X509Certificate[] {
  const blocks = bytes.toString('latin1').match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
  if (blocks === null) throw noCertificate(file);
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch {
    throw noCertificate(file);
  }
}

function openPemKey(bytes: Buffer, passphrase: string | undefined, file: NamedFile): KeyObject {
  try {
    return createPrivateKey({
      key: bytes,
      format: 'pem',
      ...(passphrase === undefined ? {} : { passphrase }),
    });
  } catch (error) {
    const code = error instanceof Error ? String(Reflect.get(error, 'code')) : '';
    const said = error instanceof Error ? error.message : '';
    if (code === 'ERR_MISSING_PASSPHRASE' || /bad decrypt|interrupted or cancelled/i.test(said)) {
      throw wrongPassphrase(file);
    }
    throw complaint({
      en: `${file.name} holds no private key in PEM`,
      sv: `${file.name} innehåller ingen privat nyckel i PEM`,
    });
  }
}

function chooseOwn(
  contents: Pkcs12Contents,
  cert: NamedFile,
  key: NamedFile,
  today: CalendarDate,
): Credentials {
  const { keys, certificates } = contents;
  if (keys.length === 0) {
    throw complaint({
      en: `${key.name} holds no private key`,
      sv: `${key.name} innehåller ingen privat nyckel`,
    });
  }
  for (const privateKey of keys) {
    const own = certificates.find((certificate) => certificate.checkPrivateKey(privateKey));
    if (own === undefined) continue;
    const certificate = describeCertificate(own);
    requireValidity(certificate, cert, today);
    return {
      cert: [own, ...issuersOf(own, certificates)].map((one) => one.toString()).join(''),
      key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      certificate,
    };
  }
  throw complaint(
    certificates.length === 0
      ? { en: `${cert.name} holds no certificate`, sv: `${cert.name} innehåller inget certifikat` }
      : {
          en: `the private key in ${key.name} does not belong to the certificate in ${cert.name}`,
          sv: `den privata nyckeln i ${key.name} hör inte till certifikatet i ${cert.name}`,
        },
    {
      en: 'take both from the same order at the issuer',
      sv: 'ta båda från samma beställning hos utfärdaren',
    },
  );
}

/** The chain that is sent along, without the root: whoever verifies it has that. */
function issuersOf(own: X509Certificate, all: readonly X509Certificate[]): readonly X509Certificate[] {
  const chain: X509Certificate[] = [];
  for (let last = own; chain.length < all.length; ) {
    const issuer = all.find((one) => last.checkIssued(one) && !one.checkIssued(one));
    if (issuer === undefined || chain.includes(issuer)) break;
    chain.push(issuer);
    last = issuer;
  }
  return chain;
}

function requireValidity(certificate: CertificateDescription, file: NamedFile, today: CalendarDate): void {
  const { notBefore, notAfter } = certificate;
  if (notAfter < today) {
    throw complaint(
      {
        en: `the certificate in ${file.name} expired on ${notAfter}`,
        sv: `certifikatet i ${file.name} gick ut ${notAfter}`,
      },
      {
        en: 'order a new organisationscertifikat and have SPAR customer service couple it to your customer number',
        sv: 'beställ ett nytt organisationscertifikat och låt SPAR:s kundtjänst koppla det till ert kundnummer',
      },
    );
  }
  if (notBefore > today) {
    throw complaint({
      en: `the certificate in ${file.name} is not valid until ${notBefore}`,
      sv: `certifikatet i ${file.name} gäller först från ${notBefore}`,
    });
  }
}

function wrongPassphrase(file: NamedFile): SparSyncError {
  return complaint(
    { en: `the passphrase does not open ${file.name}`, sv: `lösenfrasen öppnar inte ${file.name}` },
    {
      en: 'check passphraseFile or passphraseEnv in spar.certificate',
      sv: 'kontrollera passphraseFile eller passphraseEnv i spar.certificate',
    },
  );
}

function oldEncryption(file: NamedFile): SparSyncError {
  const commands =
    `openssl pkcs12 -legacy -in "${file.name}" -nodes -out all.pem && ` +
    `openssl pkcs12 -export -in all.pem -out new.p12 && rm all.pem`;
  return complaint(
    {
      en: `${file.name} is encrypted in an old way (RC2-40) that is no longer supported`,
      sv: `${file.name} är krypterad på ett gammalt sätt (RC2-40) som inte längre stöds`,
    },
    { en: `export it anew: ${commands}`, sv: `exportera den på nytt: ${commands}` },
  );
}

function noCertificate(file: NamedFile): SparSyncError {
  return complaint(
    { en: `${file.name} is no certificate file`, sv: `${file.name} är ingen certifikatfil` },
    {
      en: 'spar.certificate takes a .p12 (PKCS#12) as file, or PEM as cert and key',
      sv: 'spar.certificate tar en .p12 (PKCS#12) som file, eller PEM som cert och key',
    },
  );
}

function complaint(text: Text, hint?: Text): SparSyncError {
  return new SparSyncError('config', text, hint);
}

function dayOf(time: string): CalendarDate {
  const day = parseCalendarDate(new Date(time).toISOString().slice(0, 10));
  if (day === undefined) throw new RangeError('a certificate without dates');
  return day;
}

function first(value: unknown): string | undefined {
  const one: unknown = Array.isArray(value) ? value[0] : value;
  return typeof one === 'string' && one !== '' ? one : undefined;
}
