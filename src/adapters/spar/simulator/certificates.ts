import { webcrypto } from 'node:crypto';

/** What mutual TLS between a client and the simulator needs, in PEM. */
interface Certificates {
  readonly ca: string;
  readonly serverCert: string;
  readonly serverKey: string;
  readonly clientCert: string;
  readonly clientKey: string;
}

export interface CertificateOptions {
  /** Owner of the client certificate. */
  readonly organisation?: string;
  /** Ten digits; SPAR's certificates carry it in the subject's serialNumber with `16` before it. */
  readonly organisationNumber?: string;
  /** How long the client certificate is valid; negative: since so many days it is not. */
  readonly clientValidDays?: number;
}

const DAY = 86_400_000;
const EC = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SIGNING = { name: 'ECDSA', hash: 'SHA-256' } as const;
const SERVER_USE = '1.3.6.1.5.5.7.3.1';
const CLIENT_USE = '1.3.6.1.5.5.7.3.2';
const SUBJECT_SERIAL_NUMBER = '2.5.4.5';

/**
 * A CA of its own, a server certificate for `localhost` and `127.0.0.1`, and a client certificate whose
 * subject looks like that of a Swedish organisationscertifikat. Made in memory, in some ten milliseconds.
 */
export async function makeCertificates(options: CertificateOptions = {}): Promise<Certificates> {
  const { organisation = 'Exempelskolan', organisationNumber = '5555555555', clientValidDays = 30 } = options;
  // The import is most of what this takes; the keys are made beside it on other threads.
  const [x509, caKeys, serverKeys, clientKeys] = await Promise.all([
    importX509(),
    makeKeys(),
    makeKeys(),
    makeKeys(),
  ]);
  x509.cryptoProvider.set(webcrypto);
  const issuer = [{ C: ['SE'] }, { O: ['spar-sync'] }, { CN: ['spar-sync simulator CA'] }];
  const now = Date.now();
  const common = {
    issuer,
    signingKey: caKeys.privateKey,
    signingAlgorithm: SIGNING,
    notBefore: new Date(now - 400 * DAY),
  };
  const signing = x509.KeyUsageFlags.digitalSignature;
  const [ca, server, client] = await Promise.all([
    x509.X509CertificateGenerator.create({
      ...common,
      serialNumber: '01',
      subject: issuer,
      notAfter: new Date(now + 365 * DAY),
      publicKey: caKeys.publicKey,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      ],
    }),
    x509.X509CertificateGenerator.create({
      ...common,
      serialNumber: '02',
      subject: [{ C: ['SE'] }, { O: ['spar-sync'] }, { CN: ['localhost'] }],
      notAfter: new Date(now + 365 * DAY),
      publicKey: serverKeys.publicKey,
      extensions: [
        new x509.KeyUsagesExtension(signing, true),
        new x509.ExtendedKeyUsageExtension([SERVER_USE]),
        new x509.SubjectAlternativeNameExtension([
          { type: 'dns', value: 'localhost' },
          { type: 'ip', value: '127.0.0.1' },
        ]),
      ],
    }),
    x509.X509CertificateGenerator.create({
      ...common,
      serialNumber: '03',
      subject: [
        { C: ['SE'] },
        { O: [organisation] },
        { [SUBJECT_SERIAL_NUMBER]: [`16${organisationNumber}`] },
        { CN: ['spar-sync simulator client'] },
      ],
      notAfter: new Date(now + clientValidDays * DAY),
      publicKey: clientKeys.publicKey,
      extensions: [
        new x509.KeyUsagesExtension(signing, true),
        new x509.ExtendedKeyUsageExtension([CLIENT_USE]),
      ],
    }),
  ]);
  return {
    ca: ca.toString('pem'),
    serverCert: server.toString('pem'),
    serverKey: await exportKey(serverKeys.privateKey),
    clientCert: client.toString('pem'),
    clientKey: await exportKey(clientKeys.privateKey),
  };
}

async function importX509() {
  // @peculiar/x509 cannot be loaded without it.
  await import('reflect-metadata');
  return await import('@peculiar/x509');
}

function makeKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(EC, true, ['sign', 'verify']);
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key)).toString('base64');
  return `-----BEGIN PRIVATE KEY-----\n${der.replace(/(.{64})(?!$)/g, '$1\n')}\n-----END PRIVATE KEY-----\n`;
}
