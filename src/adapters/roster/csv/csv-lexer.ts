import { CsvError, type Options, Parser } from 'csv-parse';
import type { CsvDialect } from './csv-dialect.ts';
import type { CsvEncoding } from './csv-encoding.ts';

/**
 * Takes one record. `line`: where it begins, from 1; `end`: offset of the first byte after it and its line
 * end. A ragged record has another number of cells than the first.
 */
export type TakeRecord = (cells: readonly string[], line: number, end: number, ragged: boolean) => void;

/** A record that cannot be read: a quote where none may stand, or one that is never closed. */
export class CsvSyntaxError extends Error {
  override readonly name = 'CsvSyntaxError';
  /** Offset of the first byte after the last good record. */
  readonly after: number;

  constructor(after: number) {
    super('a quote stands where none may stand, or is never closed');
    this.after = after;
  }
}

/**
 * csv-parse, fed with bytes and handing out records with their lines and offsets. Blank lines are skipped.
 * Windows-1252 is lexed as Latin-1: the same bytes, and whoever needs a cell's text decodes that cell.
 */
export interface CsvLexer {
  /** @throws CsvSyntaxError */
  write(chunk: Uint8Array): Promise<void>;
  /** @throws CsvSyntaxError */
  end(): Promise<void>;
}

/** @param offset where in the file the first byte stands: after the byte order mark, if there is one */
export function createCsvLexer(
  dialect: CsvDialect,
  encoding: CsvEncoding,
  offset: number,
  take: TakeRecord,
): CsvLexer {
  const parser = new RecordParser(dialect, encoding, offset, take);
  // Failures reach the caller through the callbacks of `write` and `end`.
  parser.on('error', () => undefined);

  return {
    write: (chunk) =>
      new Promise((resolve, reject) => {
        parser.write(chunk, (error) => (error ? reject(parser.explain(error)) : resolve()));
      }),
    end: () =>
      new Promise((resolve, reject) => {
        parser.once('error', (error) => reject(parser.explain(error)));
        parser.once('finish', () => resolve());
        parser.end();
      }),
  };
}

/**
 * `push` is where the stream hands over a record, right after it has been lexed, when `info` describes that
 * record and no other. Taking it there costs nothing; `on_record` and the option `info` would copy a dozen
 * properties for each record (a third of the whole reading), and a readable side would need draining.
 */
class RecordParser extends Parser {
  readonly #take: TakeRecord;
  readonly #offset: number;
  #end: number;
  #lastLine = 0;
  /** How many line ends csv-parse has counted too many: two for each CRLF inside quotes. */
  #surplusLines = 0;

  constructor(dialect: CsvDialect, encoding: CsvEncoding, offset: number, take: TakeRecord) {
    const options: Options = {
      delimiter: dialect.delimiter,
      // Given, never discovered: csv-parse would take the first line end it sees, also one inside quotes.
      record_delimiter: [...dialect.lineEnds],
      encoding: encoding === 'utf-8' ? 'utf8' : 'latin1',
      bom: false,
      skip_empty_lines: true,
      // Only for ragged records, which are handed over; whatever else is wrong is thrown from `on_skip`.
      skip_records_with_error: true,
      on_skip: (error) => this.#refuse(error),
    };
    super(options);
    this.#take = take;
    this.#offset = offset;
    this.#end = offset;
  }

  override push(record: unknown): boolean {
    if (record === null) return super.push(null);
    this.#handOver(textsOf(record), false);
    return true;
  }

  explain(error: Error): Error {
    return error instanceof CsvError ? new CsvSyntaxError(this.#end) : error;
  }

  #refuse(error: unknown): undefined {
    if (error instanceof CsvError && error.code === 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH') {
      this.#handOver(textsOf(error['record']), true);
      return undefined;
    }
    throw error;
  }

  #handOver(cells: readonly string[], ragged: boolean): void {
    const { bytes, lines } = this.info;
    let line = lines - this.#surplusLines;
    if (lines > this.#lastLine + 1) {
      for (const cell of cells) {
        const counted = cell.match(/[\r\n]/g)?.length ?? 0;
        if (counted === 0) continue;
        line -= counted;
        this.#surplusLines += counted - (cell.match(/\r\n|\r|\n/g)?.length ?? 0);
      }
    }
    this.#lastLine = lines;
    this.#end = this.#offset + bytes;
    this.#take(cells, line, this.#end, ragged);
  }
}

/** A record as csv-parse makes it without `columns` and `cast`: a list of texts. */
function textsOf(record: unknown): readonly string[] {
  if (!isTexts(record)) throw new TypeError('csv-parse handed over something that is no record');
  return record;
}

function isTexts(record: unknown): record is readonly string[] {
  return Array.isArray(record) && (record.length === 0 || typeof record[0] === 'string');
}
