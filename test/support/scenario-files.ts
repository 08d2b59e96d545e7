import { isUtf8 } from 'node:buffer';
import { readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import iconv from 'iconv-lite';

/**
 * Writes decisions into a duplicate report: `3016+3027=same`, and `3016+3027=same/3016` for another row to keep.
 * The rows stand in either order.
 */
export function decide(path: string, decisions: readonly string[]): void {
  const { rows, delimiter, bom } = readCsv(path);
  const [headings = [], ...lines] = rows;
  const at = (name: string) => headings.indexOf(name);
  for (const decision of decisions) {
    const [, one = '', other = '', word = '', keep] = /^(.+)\+(.+)=(\w*)(?:\/(.+))?$/.exec(decision) ?? [];
    const ids = String([one, other].sort());
    const line = lines.find((cells) => String([cells[at('a')], cells[at('b')]].sort()) === ids);
    if (line === undefined) throw new Error(`${path} has no pair ${decision}`);
    line[at('decision')] = word;
    if (keep !== undefined) line[at('keep')] = keep;
  }
  const text = stringify([headings, ...lines], { delimiter, bom, record_delimiter: '\r\n' });
  writeFileSync(path, text);
}

/** As a spreadsheet in Sweden saves it that somebody has worked in: other columns first, undecided lines gone. */
export function saveAsSpreadsheet(path: string): void {
  const { rows } = readCsv(path);
  const [headings = []] = rows;
  const decision = headings.indexOf('decision');
  const kept = rows.filter((cells) => cells[decision] !== '').map((cells) => cells.toReversed());
  const text = stringify(kept, { delimiter: ';', record_delimiter: '\r\n' });
  writeFileSync(path, iconv.encode(text, 'win1252'));
}

/** A file as it stands there, with its BOM and its carriage returns to be seen. */
export function shownFile(path: string): string {
  const bytes = readFileSync(path);
  return iconv
    .decode(bytes, isUtf8(bytes) ? 'utf8' : 'win1252', { stripBOM: false })
    .replace(/^\ufeff/, '<BOM>')
    .replaceAll('\r', '<CR>')
    .replace(/(?<=.)$(?!\n)/, '\n');
}

function readCsv(path: string) {
  const text = readFileSync(path, 'utf8');
  const delimiter = text.slice(0, text.indexOf('\n')).includes(';') ? ';' : ',';
  const rows: string[][] = parse(text, { bom: true, delimiter });
  return { rows, delimiter, bom: text.startsWith('\ufeff') };
}
