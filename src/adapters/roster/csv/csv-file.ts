import { type FileHandle, open, stat } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import type { Text } from '../../../domain/text.ts';
import { lineAt, readChunks } from './csv-bytes.ts';
import { type CsvDelimiter, type CsvDialect, createHeaderProbe, detectDialect } from './csv-dialect.ts';
import {
  type CsvEncoding,
  createEncodingProbe,
  type EncodingProbe,
  latin1AsWindows1252,
  UTF8_BOM,
} from './csv-encoding.ts';
import { explainQuotes } from './csv-syntax.ts';
import { unreadable } from './csv-trouble.ts';

/** A CSV file as the configuration names it. */
export interface CsvFile {
  /** Absolute. */
  readonly path: string;
  /** As the configuration has it; what people read. */
  readonly name: string;
  /** Missing: detected. */
  readonly encoding?: CsvEncoding;
  /** Missing: detected. */
  readonly delimiter?: CsvDelimiter;
}

/** What a CSV file turns out to be. */
export interface CsvShape {
  readonly encoding: CsvEncoding;
  /** Nothing in the file says how it is encoded, nor does the configuration: it is pure ASCII. */
  readonly encodingOpen: boolean;
  readonly dialect: CsvDialect;
  /** Of the headers; a line feed where the file ends with them. */
  readonly lineEnd: '\r\n' | '\n' | '\r';
  readonly headers: readonly string[];
  /** The line of the headers, from 1; blank lines may stand before it. */
  readonly headerLine: number;
  /** Offset of the first byte after the byte order mark. */
  readonly start: number;
}

/** Opens a regular file: opening a FIFO would wait for ever. */
export async function openCsvFile(file: CsvFile): Promise<FileHandle> {
  const found = await stat(file.path);
  if (!found.isFile()) throw unreadable(file.name, undefined, NO_FILE);
  return open(file.path, 'r');
}

/**
 * Finds out the encoding, which shows in the last byte only, and the dialect, which shows in the header. Looks
 * at the bytes of the whole file without lexing them.
 *
 * @throws SparSyncError `roster-unreadable` for what is no CSV file, or not one of the configured kind
 */
export async function surveyCsv(handle: FileHandle, file: CsvFile): Promise<CsvShape> {
  const encodings = createEncodingProbe();
  const header = createHeaderProbe();
  let start = 0;
  let size = 0;
  for await (const chunk of readChunks(handle)) {
    let bytes = chunk;
    if (size === 0) {
      refuseOtherFormats(file, chunk);
      if (UTF8_BOM.every((byte, index) => chunk[index] === byte)) start = UTF8_BOM.length;
      bytes = chunk.subarray(start);
    }
    encodings.add(chunk);
    header.add(bytes, false);
    size += chunk.length;
  }
  encodings.end();
  header.add(Buffer.alloc(0), true);

  if (encodings.nulAt !== undefined) {
    throw unreadable(file.name, await lineAt(handle, encodings.nulAt), NOT_TEXT, SAVE_AS_CSV);
  }
  const encoding = await encodingOf(handle, file, encodings, start > 0);
  const headerBytes = header.bytes();
  if (size === start || headerBytes.every((byte) => byte === 0x0a || byte === 0x0d)) {
    throw unreadable(file.name, 1, EMPTY, SAVE_AS_CSV);
  }
  const dialect = detectDialect(headerBytes, header.lineEnd, file.delimiter);
  if (header.endless) throw unreadable(file.name, 1, ENDLESS, SAVE_AS_CSV);
  if (header.unclosed) throw await explainQuotes(handle, file.name, start, dialect);
  return {
    encoding,
    encodingOpen: encodings.isAscii && file.encoding === undefined,
    dialect,
    lineEnd: header.lineEnd ?? '\n',
    headers: await headersOf(handle, file, headerBytes, start, encoding, dialect),
    headerLine: 1 + blankLinesBefore(headerBytes),
    start,
  };
}

async function encodingOf(
  handle: FileHandle,
  file: CsvFile,
  seen: EncodingProbe,
  hasBom: boolean,
): Promise<CsvEncoding> {
  const declared = file.encoding;
  const isUtf8 = seen.invalidUtf8At === undefined;
  if (hasBom && declared !== undefined && declared !== 'utf-8') {
    throw unreadable(file.name, 1, contradicts(declared), ENCODING_HINT);
  }
  if ((hasBom || declared === 'utf-8') && seen.invalidUtf8At !== undefined) {
    throw unreadable(file.name, await lineAt(handle, seen.invalidUtf8At), NOT_UTF8, ENCODING_HINT);
  }
  return declared ?? (isUtf8 ? 'utf-8' : 'windows-1252');
}

async function headersOf(
  handle: FileHandle,
  file: CsvFile,
  bytes: Buffer,
  start: number,
  encoding: CsvEncoding,
  dialect: CsvDialect,
): Promise<readonly string[]> {
  try {
    const records: string[][] = parse(bytes, {
      delimiter: dialect.delimiter,
      record_delimiter: [...dialect.lineEnds],
      encoding: encoding === 'utf-8' ? 'utf8' : 'latin1',
      skip_empty_lines: true,
    });
    const headers = records[0] ?? [];
    return encoding === 'windows-1252' ? headers.map(latin1AsWindows1252) : headers;
  } catch {
    // csv-parse's message quotes the file's text, so only where it failed is told.
    throw await explainQuotes(handle, file.name, start, dialect);
  }
}

function blankLinesBefore(header: Buffer): number {
  const text = header.toString('latin1');
  const blank = /^[\r\n]*/.exec(text)?.[0] ?? '';
  return blank.match(/\r\n|\r|\n/g)?.length ?? 0;
}

function refuseOtherFormats(file: CsvFile, head: Buffer): void {
  const other = OTHER_FORMATS.find(({ magic }) => head.subarray(0, magic.length).equals(magic));
  if (other !== undefined) throw unreadable(file.name, undefined, other.trouble, other.hint);
}

const NO_FILE: Text = { en: 'this is not a file', sv: 'detta är ingen fil' };

const NOT_TEXT: Text = {
  en: 'there is a NUL byte here, so this is no CSV file',
  sv: 'här finns en NUL-byte, så detta är ingen CSV-fil',
};

const EMPTY: Text = {
  en: 'the file is empty; its first line should name the columns',
  sv: 'filen är tom; första raden ska namnge kolumnerna',
};

const ENDLESS: Text = {
  en: 'the first line does not end within a megabyte, so this is no CSV file',
  sv: 'första raden tar inte slut inom en megabyte, så detta är ingen CSV-fil',
};

const NOT_UTF8: Text = { en: 'what stands here is not UTF-8', sv: 'det som står här är inte UTF-8' };

function contradicts(declared: CsvEncoding): Text {
  return {
    en: `the file begins with the mark of UTF-8, but "encoding" says ${declared}`,
    sv: `filen börjar med märket för UTF-8, men "encoding" säger ${declared}`,
  };
}

const ENCODING_HINT: Text = {
  en: 'Correct or remove "encoding" for this file in the configuration, or save the file as "CSV UTF-8".',
  sv: 'Rätta eller ta bort "encoding" för filen i inställningarna, eller spara filen som "CSV UTF-8".',
};

const SAVE_AS_CSV: Text = {
  en: 'Export the roster again, or save it from the spreadsheet as "CSV UTF-8".',
  sv: 'Exportera registret på nytt, eller spara det från kalkylprogrammet som "CSV UTF-8".',
};

const UTF16: Text = { en: 'the file is written in UTF-16', sv: 'filen är skriven i UTF-16' };

const OTHER_FORMATS: readonly { readonly magic: Buffer; readonly trouble: Text; readonly hint: Text }[] = [
  { magic: Buffer.from([0xff, 0xfe]), trouble: UTF16, hint: SAVE_AS_CSV },
  { magic: Buffer.from([0xfe, 0xff]), trouble: UTF16, hint: SAVE_AS_CSV },
  {
    magic: Buffer.from('PK\x03\x04', 'latin1'),
    trouble: {
      en: 'this is an Excel or zip file, not CSV',
      sv: 'detta är en Excel- eller zip-fil, inte CSV',
    },
    hint: SAVE_AS_CSV,
  },
  {
    magic: Buffer.from([0xd0, 0xcf, 0x11, 0xe0]),
    trouble: { en: 'this is an old Excel file, not CSV', sv: 'detta är en äldre Excel-fil, inte CSV' },
    hint: SAVE_AS_CSV,
  },
  {
    magic: Buffer.from('SQLite format 3\0', 'latin1'),
    trouble: { en: 'this is an SQLite database, not CSV', sv: 'detta är en SQLite-databas, inte CSV' },
    hint: {
      en: 'Give the roster "kind": "sqlite" in the configuration.',
      sv: 'Ange "kind": "sqlite" för registret i inställningarna.',
    },
  },
];
