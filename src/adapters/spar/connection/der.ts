/** One value of ASN.1 in BER or DER, as PKCS#12 files are written. */
export interface DerValue {
  /** The first byte: class, constructed bit and number. */
  readonly tag: number;
  readonly content: Buffer;
}

export const SEQUENCE = 0x30;
export const OBJECT_ID = 0x06;
const CONSTRUCTED = 0x20;
const END_OF_CONTENTS = 0x00;
/** Deeper than any certificate file. */
const DEEPEST = 32;

/** The values inside, one after the other. Throws `RangeError` when the bytes are no BER. */
export function readValues(bytes: Buffer): readonly DerValue[] {
  const values: DerValue[] = [];
  for (let at = 0; at < bytes.length; ) {
    const { value, end } = readAt(bytes, at, 0);
    values.push(value);
    at = end;
  }
  return values;
}

/** The values inside a constructed value. */
export function inside(value: DerValue | undefined): readonly DerValue[] {
  if (value === undefined || (value.tag & CONSTRUCTED) === 0) throw new RangeError('not a constructed value');
  return readValues(value.content);
}

/** The bytes of an OCTET STRING, also of one written in pieces, and whatever its tag. */
export function octets(value: DerValue | undefined): Buffer {
  if (value === undefined) throw new RangeError('missing value');
  return (value.tag & CONSTRUCTED) === 0 ? value.content : Buffer.concat(inside(value).map(octets));
}

/** A non-negative INTEGER. */
export function integer(value: DerValue | undefined): number {
  if (value === undefined || value.content.length > 6) throw new RangeError('not a small number');
  return value.content.length === 0 ? 0 : value.content.readUIntBE(0, value.content.length);
}

/** An OBJECT IDENTIFIER with dots; empty for anything else. */
export function objectId(value: DerValue | undefined): string {
  if (value?.tag !== OBJECT_ID) return '';
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of value.content) {
    arc = arc * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      if (arcs.length === 0)
        arcs.push(Math.min(Math.floor(arc / 40), 2), arc - 40 * Math.min(Math.floor(arc / 40), 2));
      else arcs.push(arc);
      arc = 0;
    }
  }
  return arcs.join('.');
}

function readAt(
  bytes: Buffer,
  start: number,
  depth: number,
): { readonly value: DerValue; readonly end: number } {
  if (depth > DEEPEST || start + 2 > bytes.length) throw new RangeError('no BER');
  const tag = bytes.readUInt8(start);
  const first = bytes.readUInt8(start + 1);
  let from = start + 2;
  if (first === 0x80) {
    // Indefinite length, as Mozilla writes it: values until two zero bytes.
    for (let at = from; ; ) {
      const { value, end } = readAt(bytes, at, depth + 1);
      if (value.tag === END_OF_CONTENTS && value.content.length === 0) {
        return { value: { tag, content: bytes.subarray(from, at) }, end };
      }
      at = end;
    }
  }
  let length = first;
  if (first > 0x80) {
    const count = first & 0x7f;
    if (count > 4 || from + count > bytes.length) throw new RangeError('no BER');
    length = bytes.readUIntBE(from, count);
    from += count;
  }
  if (from + length > bytes.length) throw new RangeError('no BER');
  return { value: { tag, content: bytes.subarray(from, from + length) }, end: from + length };
}
