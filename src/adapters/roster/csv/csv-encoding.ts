import { isAscii, isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';

/** How the text of a CSV file is written. Pure ASCII counts as UTF-8. */
export type CsvEncoding = 'utf-8' | 'windows-1252' | 'iso-8859-1';

/** Windows-1252 as Node and `TextDecoder` have it is Latin-1 in disguise (nodejs/node#56542): iconv-lite is right. */
export function decodeBytes(bytes: Uint8Array, encoding: CsvEncoding): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return encoding === 'utf-8' ? buffer.toString('utf8') : iconv.decode(buffer, encoding, { stripBOM: false });
}

export function encodeText(text: string, encoding: CsvEncoding): Buffer {
  return encoding === 'utf-8' ? Buffer.from(text, 'utf8') : iconv.encode(text, encoding);
}

/**
 * Whether the encoding holds every character of the text: what cannot be written would become `?` or nothing,
 * without a word. NUL and halves of surrogate pairs are no text in any encoding.
 */
export function canEncode(text: string, encoding: CsvEncoding): boolean {
  if (text.includes('\0')) return false;
  // iconv-lite has a byte for U+FFFD, which is what it reads the bytes as that have no character.
  if (encoding !== 'utf-8' && text.includes('\ufffd')) return false;
  return decodeBytes(encodeText(text, encoding), encoding) === text;
}

/** Bytes 80–9f, which Windows-1252 gives letters and signs, read as Latin-1. */
const LATIN1_CONTROLS = /[\u0080-\u009f]/;

/** What a cell that was lexed as Latin-1 says in Windows-1252. */
export function latin1AsWindows1252(text: string): string {
  return LATIN1_CONTROLS.test(text) ? iconv.decode(Buffer.from(text, 'latin1'), 'windows-1252') : text;
}

export const UTF8_BOM = Uint8Array.of(0xef, 0xbb, 0xbf);

/** Looks at the bytes of a file as they come by, and says afterwards what they can be. */
export interface EncodingProbe {
  add(chunk: Uint8Array): void;
  end(): void;
  /** Offset of the first byte that is not UTF-8; `undefined` when all of it is. */
  readonly invalidUtf8At: number | undefined;
  /** Offset of the first NUL, which no CSV file holds. */
  readonly nulAt: number | undefined;
  /** Nothing but ASCII has come by. */
  readonly isAscii: boolean;
}

export function createEncodingProbe(): EncodingProbe {
  let invalidUtf8At: number | undefined;
  let nulAt: number | undefined;
  let onlyAscii = true;
  let position = 0;
  // The beginning of a character whose other bytes are in the next chunk: three at most.
  let begun: Uint8Array = new Uint8Array(0);

  return {
    add(chunk) {
      if (nulAt === undefined) {
        const nul = chunk.indexOf(0);
        if (nul >= 0) nulAt = position + nul;
      }
      onlyAscii &&= isAscii(chunk);
      if (invalidUtf8At === undefined) {
        const bytes = begun.length === 0 ? chunk : Buffer.concat([begun, chunk]);
        const whole = bytes.length - unfinishedTail(bytes);
        if (!isUtf8(bytes.subarray(0, whole))) {
          invalidUtf8At = position - begun.length + validPrefix(bytes.subarray(0, whole));
        }
        begun = bytes.slice(whole);
      }
      position += chunk.length;
    },
    end() {
      if (begun.length > 0 && invalidUtf8At === undefined) invalidUtf8At = position - begun.length;
    },
    get invalidUtf8At() {
      return invalidUtf8At;
    },
    get nulAt() {
      return nulAt;
    },
    get isAscii() {
      return onlyAscii;
    },
  };
}

/** How many bytes at the end begin a character without ending it. */
function unfinishedTail(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return back < length ? back : 0;
    }
  }
  return 0;
}

/** Length of the longest prefix of whole, valid characters; halves the bytes until it is found. */
function validPrefix(bytes: Uint8Array): number {
  let valid = 0;
  let invalid = bytes.length;
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1;
    const prefix = bytes.subarray(0, middle);
    if (isUtf8(prefix.subarray(0, middle - unfinishedTail(prefix)))) valid = middle;
    else invalid = middle;
  }
  return valid - unfinishedTail(bytes.subarray(0, valid));
}
