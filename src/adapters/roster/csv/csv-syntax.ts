import type { FileHandle } from 'node:fs/promises';
import type { SparSyncError } from '../../../errors.ts';
import { readChunks } from './csv-bytes.ts';
import { type CsvDialect, QUOTE } from './csv-dialect.ts';
import { unreadable } from './csv-trouble.ts';

const CR = 0x0d;
const LF = 0x0a;

/**
 * What is wrong with the quotes of a record that csv-parse would not take. It knows where it gave up; the
 * person who is to mend the file needs the line where the quote opened, which may be thousands of lines up.
 *
 * @param after where the last good record ended
 */
export async function explainQuotes(
  handle: FileHandle,
  file: string,
  after: number,
  dialect: CsvDialect,
): Promise<SparSyncError> {
  const delimiter = dialect.delimiter.charCodeAt(0);
  const walk = { line: 1, previous: LF, openedOn: 0 };
  let state: 'cell-start' | 'plain' | 'quoted' | 'quote-seen' = 'cell-start';
  let position = 0;
  for await (const chunk of readChunks(handle)) {
    for (const byte of chunk) {
      if (position > 0 && (walk.previous === CR ? byte !== LF : walk.previous === LF)) walk.line++;
      walk.previous = byte;
      if (position++ < after) continue;
      const ends = byte === delimiter || byte === LF || byte === CR;
      if (state === 'quoted') {
        if (byte === QUOTE) state = 'quote-seen';
      } else if (state === 'quote-seen') {
        if (byte === QUOTE) state = 'quoted';
        else if (ends) state = 'cell-start';
        else return textAfterQuote(file, walk.openedOn, walk.line);
      } else if (byte === QUOTE) {
        if (state === 'plain') return strayQuote(file, walk.line);
        state = 'quoted';
        walk.openedOn = walk.line;
      } else {
        state = ends ? 'cell-start' : 'plain';
      }
    }
  }
  return unclosedQuote(file, walk.openedOn);
}

function unclosedQuote(file: string, line: number): SparSyncError {
  return unreadable(
    file,
    line,
    { en: 'a quote that opens here is never closed', sv: 'ett citattecken som öppnas här stängs aldrig' },
    QUOTE_HINT,
  );
}

function textAfterQuote(file: string, line: number, closedOn: number): SparSyncError {
  return unreadable(
    file,
    line,
    {
      en: `a quote that opens here is closed on line ${closedOn}, in the middle of a cell`,
      sv: `ett citattecken som öppnas här stängs på rad ${closedOn}, mitt i en cell`,
    },
    QUOTE_HINT,
  );
}

function strayQuote(file: string, line: number): SparSyncError {
  return unreadable(
    file,
    line,
    {
      en: 'a quote stands inside a cell that does not begin with one',
      sv: 'ett citattecken står inne i en cell som inte börjar med ett',
    },
    QUOTE_HINT,
  );
}

const QUOTE_HINT = {
  en: 'Mend the line, or export the file again. A cell that holds quotes begins and ends with one, and each quote inside it is doubled: "Villa ""Björken""".',
  sv: 'Rätta raden eller exportera filen på nytt. En cell som innehåller citattecken börjar och slutar med ett, och varje citattecken inuti skrivs dubbelt: "Villa ""Björken""".',
};
