import {
  createDecipheriv,
  createHash,
  createPrivateKey,
  type KeyObject,
  pbkdf2Sync,
  X509Certificate,
} from 'node:crypto';
import { type DerValue, inside, integer, objectId, octets, readValues, SEQUENCE } from './der.ts';

export interface Pkcs12Contents {
  readonly keys: readonly KeyObject[];
  readonly certificates: readonly X509Certificate[];
}

/** Encrypted in a way that is not read here, although OpenSSL may. */
class UnsupportedPkcs12 extends Error {}

const DATA = '1.2.840.113549.1.7.1';
const ENCRYPTED_DATA = '1.2.840.113549.1.7.6';
const KEY_BAG = '1.2.840.113549.1.12.10.1.1';
const SHROUDED_KEY_BAG = '1.2.840.113549.1.12.10.1.2';
const CERTIFICATE_BAG = '1.2.840.113549.1.12.10.1.3';
const PBES2 = '1.2.840.113549.1.5.13';
const PBE_SHA1_3DES = '1.2.840.113549.1.12.1.3';

const DIGESTS: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.2.7', 'sha1'],
  ['1.2.840.113549.2.8', 'sha224'],
  ['1.2.840.113549.2.9', 'sha256'],
  ['1.2.840.113549.2.10', 'sha384'],
  ['1.2.840.113549.2.11', 'sha512'],
]);
const CIPHERS: ReadonlyMap<string, readonly [name: string, keyLength: number]> = new Map([
  ['2.16.840.1.101.3.4.1.2', ['aes-128-cbc', 16]],
  ['2.16.840.1.101.3.4.1.22', ['aes-192-cbc', 24]],
  ['2.16.840.1.101.3.4.1.42', ['aes-256-cbc', 32]],
  ['1.2.840.113549.3.7', ['des-ede3-cbc', 24]],
]);

/**
 * Takes a PKCS#12 file (RFC 7292) apart into its keys and certificates. Node itself opens such files, but
 * then every certificate in it becomes a trusted root for servers too; taken apart they are only sent.
 * Does not verify the file's MAC: let `tls.createSecureContext` do that first. Throws `UnsupportedPkcs12`,
 * and other errors for a file that is none.
 */
export function takeApartPkcs12(file: Buffer, passphrase: string): Pkcs12Contents {
  const keys: KeyObject[] = [];
  const certificates: X509Certificate[] = [];
  const [pfx] = readValues(file);
  for (const part of sequenceIn(contentOf(inside(pfx)[1], passphrase))) {
    for (const bag of sequenceIn(contentOf(part, passphrase))) {
      const [type, wrapped] = inside(bag);
      const [value] = inside(wrapped);
      if (value === undefined) continue;
      const kind = objectId(type);
      if (kind === CERTIFICATE_BAG)
        certificates.push(new X509Certificate(octets(inside(inside(value)[1])[0])));
      else if (kind === KEY_BAG) keys.push(privateKey(value));
      else if (kind === SHROUDED_KEY_BAG) keys.push(privateKey(value, passphrase));
    }
  }
  return { keys, certificates };
}

function contentOf(info: DerValue | undefined, passphrase: string): Buffer {
  const [type, wrapped] = inside(info);
  const [content] = inside(wrapped);
  if (objectId(type) === DATA) return octets(content);
  if (objectId(type) !== ENCRYPTED_DATA) throw new UnsupportedPkcs12('content type');
  const [, algorithm, encrypted] = inside(inside(content)[1]);
  return decrypt(inside(algorithm), octets(encrypted), passphrase);
}

function sequenceIn(bytes: Buffer): readonly DerValue[] {
  return inside(readValues(bytes)[0]);
}

function privateKey(value: DerValue, passphrase?: string): KeyObject {
  const key = wrapSequence(value.content);
  return createPrivateKey({
    key,
    format: 'der',
    type: 'pkcs8',
    ...(passphrase === undefined ? {} : { passphrase }),
  });
}

/** OpenSSL wants the whole value, its head included, and in definite length. */
function wrapSequence(content: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([Buffer.from([SEQUENCE, 0x84]), length, content]);
}

function decrypt(algorithm: readonly DerValue[], encrypted: Buffer, passphrase: string): Buffer {
  const [type, parameters] = algorithm;
  if (objectId(type) === PBE_SHA1_3DES) {
    const [salt, iterations] = inside(parameters);
    const derive = (purpose: number, length: number) =>
      derivePkcs12(passphrase, octets(salt), integer(iterations), purpose, length);
    return decipher('des-ede3-cbc', derive(1, 24), derive(2, 8), encrypted);
  }
  if (objectId(type) !== PBES2) throw new UnsupportedPkcs12('encryption');
  const [derivation, encryption] = inside(parameters);
  const [salt, iterations, ...more] = inside(inside(derivation)[1]);
  const prf = more.find((value) => value.tag === SEQUENCE);
  const digest = prf === undefined ? 'sha1' : DIGESTS.get(objectId(inside(prf)[0]));
  const [cipherId, iv] = inside(encryption);
  const cipher = CIPHERS.get(objectId(cipherId));
  if (digest === undefined || cipher === undefined) throw new UnsupportedPkcs12('encryption');
  const key = pbkdf2Sync(passphrase, octets(salt), integer(iterations), cipher[1], digest);
  return decipher(cipher[0], key, octets(iv), encrypted);
}

function decipher(name: string, key: Buffer, iv: Buffer, encrypted: Buffer): Buffer {
  const opened = createDecipheriv(name, key, iv);
  return Buffer.concat([opened.update(encrypted), opened.final()]);
}

/** Key derivation of RFC 7292 appendix B.2 with SHA-1. `purpose`: 1 for a key, 2 for an initial vector. */
function derivePkcs12(
  passphrase: string,
  salt: Buffer,
  iterations: number,
  purpose: number,
  length: number,
): Buffer {
  const block = 64;
  const secret = Buffer.from(`${passphrase}\0`, 'utf16le').swap16();
  const input = Buffer.concat([fill(salt, block), fill(secret, block)]);
  const pieces: Buffer[] = [];
  for (let got = 0; got < length; got += 20) {
    let piece = createHash('sha1').update(Buffer.alloc(block, purpose)).update(input).digest();
    for (let round = 1; round < iterations; round++) piece = createHash('sha1').update(piece).digest();
    pieces.push(piece);
    const added = Buffer.alloc(block);
    for (let at = 0; at < block; at++) added[at] = piece[at % piece.length] ?? 0;
    for (let start = 0; start < input.length; start += block) {
      let carry = 1;
      for (let at = block - 1; at >= 0; at--) {
        carry += (input[start + at] ?? 0) + (added[at] ?? 0);
        input[start + at] = carry & 0xff;
        carry >>= 8;
      }
    }
  }
  return Buffer.concat(pieces).subarray(0, length);
}

/** Repeated until it fills whole blocks. */
function fill(bytes: Buffer, block: number): Buffer {
  return bytes.length === 0 ? bytes : Buffer.alloc(block * Math.ceil(bytes.length / block), bytes);
}
