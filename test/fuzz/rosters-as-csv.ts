import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { openCsvRoster } from '../../src/adapters/roster/csv/csv-roster.ts';
import type { Roster } from '../../src/app/roster-port.ts';
import type { RosterEntry, RosterField } from '../../src/domain/roster.ts';
import { SparSyncError } from '../../src/errors.ts';
import { prepare, readAll } from '../contract/roster-trial.ts';
import type { SeededRandom } from '../support/seeded-random.ts';
import type { FuzzTarget } from './fuzz-target.ts';
import { HOSTILE_TEXTS, mutateBytes } from './mutate-text.ts';
import { demandNeutralError } from './neutral.ts';

const ENCODINGS = ['utf-8', 'utf-8 with mark', 'windows-1252', 'iso-8859-1'] as const;
const DECLARED = ['utf-8', 'windows-1252', 'iso-8859-1'] as const;
const DELIMITERS = [',', ';', '\t'] as const;
const LINE_ENDS = ['\n', '\r\n', '\r'] as const;
const HEADERS = ['id', 'type', 'personnummer', 'first_name', 'last_name', 'street', 'anmärkning'];
const FIELDS = [
  'first_name',
  'last_name',
  'street',
  'personnummer',
] as const satisfies readonly RosterField[];
const CELLS = [
  'Åsa',
  'Öberg-Ek',
  'Gatan 1, 2 tr',
  'Villa "Tallkotten"',
  '20150112-2384',
  '€ 5',
  'a\nb',
  'x\r\ny',
  ...HOSTILE_TEXTS,
] as const satisfies readonly [string, ...string[]];
const NEW_CELLS = [
  'Nya gatan 7',
  'Ny',
  'a;b,c\td',
  'si "nå"',
  '=1',
  ' kant ',
  'rad\nbyte',
  'slut\r',
] as const;

/** Rosters in CSV, mutated, read through the real adapter, and one cell of those that can be read written. */
export const rostersAsCsv: FuzzTarget = {
  name: 'CSV rosters',
  async open() {
    const folder = await mkdtemp(join(tmpdir(), 'spar-sync-fuzz-csv-'));
    const path = join(folder, 'people.csv');
    return {
      async attempt(random, keep) {
        const whole = composeRoster(random);
        const bytes = random.happens(0.15) ? whole : mutateBytes(whole, random);
        keep(bytes);
        writeFileSync(path, bytes);
        const declared = random.happens(0.2) ? random.pick(DECLARED) : undefined;
        const file = { path, name: 'people.csv', ...(declared === undefined ? {} : { encoding: declared }) };
        let roster: Roster;
        let entries: readonly RosterEntry[];
        try {
          roster = await openCsvRoster({ files: [file] });
          ({ entries } = await readAll(roster));
        } catch (error) {
          if (!(error instanceof SparSyncError)) throw error;
          if (error.code !== 'roster-unreadable') throw new Error(`stopped with ${error.code}`);
          // A damaged first line may have taken a row into it: of what look like headers most are shown.
          demandNeutralError(
            error,
            PERSONAL.filter((value) => !firstLinesOf(bytes).includes(value)),
          );
          if (!readFileSync(path).equals(bytes))
            throw new Error('a roster that cannot be read was written to');
          return error.code;
        }
        await writeOneCell({ roster, entries, path, bytes }, random);
        const left = await readdir(folder);
        if (left.length !== 1) throw new Error(`left behind: ${left.join(', ')}`);
        return 'accepted';
      },
      close: () => rm(folder, { recursive: true }),
    };
  },
};

const PERSONAL = ['öberg-ek', 'gatan 1', 'tallkotten', '20150112'];

function firstLinesOf(bytes: Buffer): string {
  const texts = [bytes.toString('utf8'), bytes.toString('latin1')];
  return texts
    .map((text) =>
      text
        .split(/[\r\n]/)
        .slice(0, 2)
        .join(' ')
        .toLowerCase(),
    )
    .join(' ');
}

function composeRoster(random: SeededRandom): Buffer {
  const encoding = random.pick(ENCODINGS);
  const delimiter = random.pick(DELIMITERS);
  const lineEnd = random.pick(LINE_ENDS);
  const shown = (text: string): string =>
    /["\r\n;,\t]/.test(text) || random.happens(0.2) ? `"${text.replaceAll('"', '""')}"` : text;
  const rows = Array.from({ length: random.below(6) }, (_, row) => [
    random.happens(0.9) ? String(row) : random.pick(CELLS),
    random.pick(['elev', 'personal', 'vårdnadshavare', 'guardian', 'x']),
    ...Array.from({ length: 5 }, () => random.pick(CELLS)),
  ]);
  const lines = [HEADERS, ...rows].map((cells) => cells.map(shown).join(delimiter));
  const text = lines.join(lineEnd) + (random.happens(0.8) ? lineEnd : '');
  return encoding === 'utf-8 with mark'
    ? Buffer.from(`\ufeff${text}`)
    : iconv.encode(text, encoding === 'utf-8' ? 'utf8' : encoding);
}

interface ReadCsv {
  readonly roster: Roster;
  readonly entries: readonly RosterEntry[];
  readonly path: string;
  readonly bytes: Buffer;
}

/** Writes one cell of one row, and looks at every other byte and every other row. */
async function writeOneCell({ roster, entries, path, bytes }: ReadCsv, random: SeededRandom): Promise<void> {
  const at = random.below(entries.length);
  const entry = entries[at];
  const field = random.pick(FIELDS);
  const [old, to] = [entry?.cells[field], random.pick(NEW_CELLS)];
  if (entry === undefined || old === undefined || !roster.sources[0]?.canHold(to)) return;
  const { key, place } = entry;
  const prepared = await prepare(roster, [{ key, place, cells: [{ field, from: old, to }] }]);
  await prepared.stage();
  const done = await prepared.commit();
  await prepared.discard();
  if (done.kind !== 'committed') throw new Error(`the write ended as ${done.kind}`);
  const after = readFileSync(path);
  demandOneStretch(bytes, after, [old, to]);
  const again = await readAll(
    await openCsvRoster({ files: [{ path, name: 'people.csv', ...asBefore(roster) }] }),
  );
  const wanted = entries.map(({ cells }, row) => (row === at ? { ...cells, [field]: to } : cells));
  const read = again.entries.map(({ cells }) => cells);
  if (JSON.stringify(read) !== JSON.stringify(wanted)) {
    throw new Error(`other rows read otherwise after ${field} was written`);
  }
}

/** A file of pure ASCII says nothing of its encoding, and the new cell may. */
function asBefore(roster: Roster) {
  return { encoding: roster.tableForm.encoding, delimiter: roster.tableForm.delimiter };
}

/** All that differs is one stretch, no longer than the cell in quotes. */
function demandOneStretch(before: Buffer, after: Buffer, [old, to]: readonly [string, string]): void {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let [end, newEnd] = [before.length, after.length];
  while (end > start && newEnd > start && before[end - 1] === after[newEnd - 1]) {
    end--;
    newEnd--;
  }
  if (end - start > longest(old) || newEnd - start > longest(to)) {
    throw new Error('a write changed more than the cell');
  }
}

function longest(cell: string): number {
  return Buffer.byteLength(cell.replaceAll('"', '""')) + 2;
}
