import { createPrivateKey, X509Certificate } from 'node:crypto';
import forge from 'node-forge';

const { asn1 } = forge;
const { SEQUENCE, OCTETSTRING, OID, INTEGER, NULL } = asn1.Type;
const DATA = '1.2.840.113549.1.7.1';
const KEY_BAG = '1.2.840.113549.1.12.10.1.1';
const CERTIFICATE_BAG = '1.2.840.113549.1.12.10.1.3';
const X509_CERTIFICATE = '1.2.840.113549.1.9.22.1';
const SHA1 = '1.3.14.3.2.26';
const ITERATIONS = 2048;

/**
 * A .p12 file of a certificate and its key (RFC 7292). node-forge's own writer knows RSA keys only, and the
 * simulator's are on a curve: the parts are put together here with its ASN.1 and its key derivation.
 */
export function makePkcs12(cert: string, key: string, passphrase: string): Buffer {
  const certDer = new X509Certificate(cert).raw.toString('latin1');
  const keyDer = createPrivateKey(key).export({ type: 'pkcs8', format: 'der' }).toString('latin1');
  const bags = sequence([
    sequence([oid(KEY_BAG), explicit(asn1.fromDer(keyDer))]),
    sequence([oid(CERTIFICATE_BAG), explicit(sequence([oid(X509_CERTIFICATE), explicit(octets(certDer))]))]),
  ]);
  const authenticated = asn1.toDer(sequence([data(bags)])).getBytes();
  const salt = forge.random.getBytesSync(8);
  const macKey = forge.pkcs12.generateKey(passphrase, forge.util.createBuffer(salt), 3, ITERATIONS, 20);
  const hmac = forge.hmac.create();
  hmac.start('sha1', macKey);
  hmac.update(authenticated);
  const digestInfo = sequence([
    sequence([oid(SHA1), asn1.create(asn1.Class.UNIVERSAL, NULL, false, '')]),
    octets(hmac.getMac().getBytes()),
  ]);
  const file = sequence([
    integer(3),
    sequence([oid(DATA), explicit(octets(authenticated))]),
    sequence([digestInfo, octets(salt), integer(ITERATIONS)]),
  ]);
  return Buffer.from(asn1.toDer(file).getBytes(), 'latin1');
}

function data(content: forge.asn1.Asn1): forge.asn1.Asn1 {
  return sequence([oid(DATA), explicit(octets(asn1.toDer(content).getBytes()))]);
}

function sequence(values: forge.asn1.Asn1[]): forge.asn1.Asn1 {
  return asn1.create(asn1.Class.UNIVERSAL, SEQUENCE, true, values);
}

function explicit(value: forge.asn1.Asn1): forge.asn1.Asn1 {
  return asn1.create(asn1.Class.CONTEXT_SPECIFIC, 0, true, [value]);
}

function octets(bytes: string): forge.asn1.Asn1 {
  return asn1.create(asn1.Class.UNIVERSAL, OCTETSTRING, false, bytes);
}

function oid(text: string): forge.asn1.Asn1 {
  return asn1.create(asn1.Class.UNIVERSAL, OID, false, asn1.oidToDer(text).getBytes());
}

function integer(value: number): forge.asn1.Asn1 {
  return asn1.create(asn1.Class.UNIVERSAL, INTEGER, false, asn1.integerToDer(value).getBytes());
}
