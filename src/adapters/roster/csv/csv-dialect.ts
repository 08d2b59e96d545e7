export type CsvDelimiter = ',' | ';' | '\t';

/** How a CSV file is laid out. */
export interface CsvDialect {
  readonly delimiter: CsvDelimiter;
  /**
   * What ends a record outside quotes. Both CRLF and LF always do, so that a file of mixed line ends is read
   * line by line; a lone CR only where the first line of the file ends in one, since elsewhere it is text.
   */
  readonly lineEnds: readonly string[];
}

export const QUOTE = 0x22;
const CR = 0x0d;
const LF = 0x0a;

const DELIMITERS: readonly CsvDelimiter[] = [';', ',', '\t'];

/** Where the first line that is not blank ends, as bytes come by. */
export interface HeaderProbe {
  /** Whether more bytes are needed. */
  readonly open: boolean;
  /** `last`: the file ends here. */
  add(chunk: Uint8Array, last: boolean): void;
  /** The header's bytes with its line end and any blank lines before it. */
  bytes(): Buffer;
  /** Which line end it has; `undefined` where the file ends without one. */
  readonly lineEnd: '\r\n' | '\n' | '\r' | undefined;
  /** The file ended, or the header grew beyond reason, inside quotes. */
  readonly unclosed: boolean;
  /** The header grew beyond reason outside quotes. */
  readonly endless: boolean;
}

/** No header is longer than this; what is, is no CSV file. */
const LONGEST_HEADER = 1 << 20;

export function createHeaderProbe(): HeaderProbe {
  let held = Buffer.alloc(0);
  let position = 0;
  let quoted = false;
  let blank = true;
  let lineEnd: '\r\n' | '\n' | '\r' | undefined;
  let open = true;

  function scan(last: boolean): void {
    for (; position < held.length; position++) {
      const byte = held[position];
      if (byte === QUOTE) {
        quoted = !quoted;
        blank = false;
      } else if (quoted || (byte !== CR && byte !== LF)) {
        blank = false;
      } else if (byte === CR && position + 1 === held.length && !last) {
        return;
      } else if (!blank) {
        lineEnd = byte === LF ? '\n' : held[position + 1] === LF ? '\r\n' : '\r';
        position += lineEnd.length;
        open = false;
        return;
      }
    }
    if (last || held.length > LONGEST_HEADER) open = false;
  }

  return {
    get open() {
      return open;
    },
    add(chunk, last) {
      if (!open) return;
      held = Buffer.concat([held, chunk]);
      scan(last);
    },
    bytes: () => held.subarray(0, position),
    get lineEnd() {
      return lineEnd;
    },
    get unclosed() {
      return quoted;
    },
    get endless() {
      return !quoted && lineEnd === undefined && held.length > LONGEST_HEADER;
    },
  };
}

/**
 * The dialect that a header shows: the delimiter that stands most often outside its quotes, and its line end.
 *
 * @param configured overrides what the header shows
 */
export function detectDialect(
  header: Uint8Array,
  lineEnd: '\r\n' | '\n' | '\r' | undefined,
  configured: CsvDelimiter | undefined,
): CsvDialect {
  return {
    delimiter: configured ?? mostFrequentDelimiter(header),
    lineEnds: lineEnd === '\r' ? ['\r\n', '\n', '\r'] : ['\r\n', '\n'],
  };
}

function mostFrequentDelimiter(header: Uint8Array): CsvDelimiter {
  const counts = new Map(DELIMITERS.map((delimiter) => [delimiter.charCodeAt(0), 0]));
  let quoted = false;
  for (const byte of header) {
    if (byte === QUOTE) quoted = !quoted;
    const count = counts.get(byte);
    if (!quoted && count !== undefined) counts.set(byte, count + 1);
  }
  let best: CsvDelimiter = ';';
  for (const delimiter of DELIMITERS) {
    if ((counts.get(delimiter.charCodeAt(0)) ?? 0) > (counts.get(best.charCodeAt(0)) ?? 0)) best = delimiter;
  }
  return best;
}
