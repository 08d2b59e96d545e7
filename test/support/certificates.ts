import { generateKeyPairSync } from 'node:crypto';
import forge from 'node-forge';

export interface KeyedCertificate {
  /** PEM */
  readonly cert: string;
  /** PEM, not encrypted. */
  readonly key: string;
}

/** Certificates for mutual TLS on loopback. Made when first asked for, once per test process; never on disk. */
export interface TestCertificates {
  /** Issuer of the server's certificate. */
  readonly serverCa: KeyedCertificate;
  /** For `localhost` and `127.0.0.1`. */
  readonly server: KeyedCertificate;
  /** By the right issuer, for another host. */
  readonly wrongHost: KeyedCertificate;
  readonly expiredServer: KeyedCertificate;
  /** Root of the client's certificate, which must never vouch for a server. */
  readonly clientRoot: KeyedCertificate;
  readonly clientIntermediate: KeyedCertificate;
  readonly client: KeyedCertificate;
  /** A server on loopback with a certificate by the client's root. */
  readonly impostor: KeyedCertificate;
  /** By an issuer that nobody trusts. */
  readonly stranger: KeyedCertificate;
}

export interface CertificateRequest {
  readonly organisation?: string;
  readonly organisationNumber?: string;
  readonly commonName: string;
  readonly issuer?: KeyedCertificate;
  readonly ca?: boolean;
  readonly hosts?: readonly string[];
  /** Days from now; negative: before now. */
  readonly validFromDays?: number;
  readonly validToDays?: number;
}

const DAY = 86_400_000;
let serial = 0;
let made: TestCertificates | undefined;

export function testCertificates(): TestCertificates {
  made ??= makeAll();
  return made;
}

export function makeCertificate(wanted: CertificateRequest): KeyedCertificate {
  const pair = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(pair.publicKey);
  serial += 1;
  certificate.serialNumber = serial.toString(16).padStart(4, '0');
  certificate.validity.notBefore = new Date(Date.now() + (wanted.validFromDays ?? -2) * DAY);
  certificate.validity.notAfter = new Date(Date.now() + (wanted.validToDays ?? 30) * DAY);
  const subject = subjectOf(wanted);
  certificate.setSubject(subject);
  const issuer = wanted.issuer === undefined ? undefined : forge.pki.certificateFromPem(wanted.issuer.cert);
  certificate.setIssuer(issuer === undefined ? subject : issuer.subject.attributes);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: wanted.ca === true, critical: true },
    ...(wanted.hosts === undefined
      ? []
      : [
          {
            name: 'subjectAltName',
            altNames: wanted.hosts.map((host) =>
              /^[0-9.]+$/.test(host) ? { type: 7, ip: host } : { type: 2, value: host },
            ),
          },
        ]),
  ]);
  certificate.sign(
    forge.pki.privateKeyFromPem(wanted.issuer === undefined ? pair.privateKey : wanted.issuer.key),
    forge.md.sha256.create(),
  );
  return { cert: forge.pki.certificateToPem(certificate), key: pair.privateKey };
}

/** A PKCS#12 file with the certificate, its key, and `more` certificates. */
export function makePkcs12(
  own: KeyedCertificate,
  more: readonly KeyedCertificate[],
  passphrase: string,
  algorithm: 'aes256' | 'aes128' | '3des' = 'aes256',
): Buffer {
  const file = forge.pkcs12.toPkcs12Asn1(
    forge.pki.privateKeyFromPem(own.key),
    [own, ...more].map(({ cert }) => forge.pki.certificateFromPem(cert)),
    passphrase,
    { algorithm, count: 2048 },
  );
  return Buffer.from(forge.asn1.toDer(file).getBytes(), 'latin1');
}

function makeAll(): TestCertificates {
  const serverCa = makeCertificate({ commonName: 'Test Server CA', ca: true });
  const hosts = ['localhost', '127.0.0.1'];
  const clientRoot = makeCertificate({ commonName: 'Test Client Root', ca: true });
  const clientIntermediate = makeCertificate({ commonName: 'Test Client CA', issuer: clientRoot, ca: true });
  return {
    serverCa,
    server: makeCertificate({ commonName: 'localhost', issuer: serverCa, hosts }),
    wrongHost: makeCertificate({ commonName: 'elsewhere.test', issuer: serverCa, hosts: ['elsewhere.test'] }),
    expiredServer: makeCertificate({
      commonName: 'localhost',
      issuer: serverCa,
      hosts,
      validFromDays: -20,
      validToDays: -10,
    }),
    clientRoot,
    clientIntermediate,
    client: makeCertificate({
      commonName: 'spar.provskolan.test',
      organisation: 'Provskolan i Åmål AB',
      organisationNumber: '165555555555',
      issuer: clientIntermediate,
    }),
    impostor: makeCertificate({ commonName: 'localhost', issuer: clientRoot, hosts }),
    stranger: makeCertificate({ commonName: 'stranger', hosts }),
  };
}

function subjectOf(wanted: CertificateRequest): forge.pki.CertificateField[] {
  // UTF8String, or å, ä and ö break.
  const field = (attribute: forge.pki.CertificateField): forge.pki.CertificateField =>
    Object.assign(attribute, { valueTagClass: 12 });
  return [
    { name: 'countryName', value: 'SE' },
    ...(wanted.organisation === undefined
      ? []
      : [field({ name: 'organizationName', value: wanted.organisation })]),
    ...(wanted.organisationNumber === undefined
      ? []
      : [{ type: '2.5.4.5', value: wanted.organisationNumber }]),
    field({ name: 'commonName', value: wanted.commonName }),
  ];
}
