import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import iconv from 'iconv-lite';
import { openCsvRoster } from '../../../src/adapters/roster/csv/csv-roster.ts';
import { describeRosterContract } from '../../contract/roster.contract.ts';
import type { Row } from '../../contract/roster-trial.ts';

interface Dialect {
  readonly name: string;
  readonly encoding: 'utf8' | 'windows-1252';
  readonly bom: boolean;
  readonly delimiter: string;
  readonly lineEnd: string;
  readonly quoted: boolean;
}

const DIALECTS: readonly Dialect[] = [
  { name: 'UTF-8, comma, LF', encoding: 'utf8', bom: false, delimiter: ',', lineEnd: '\n', quoted: false },
  {
    name: 'UTF-8 with mark, semicolon, CRLF, all quoted',
    encoding: 'utf8',
    bom: true,
    delimiter: ';',
    lineEnd: '\r\n',
    quoted: true,
  },
  {
    name: 'Windows-1252, semicolon, CRLF',
    encoding: 'windows-1252',
    bom: false,
    delimiter: ';',
    lineEnd: '\r\n',
    quoted: false,
  },
  {
    name: 'Windows-1252, tab, LF, all quoted',
    encoding: 'windows-1252',
    bom: false,
    delimiter: '\t',
    lineEnd: '\n',
    quoted: true,
  },
];

for (const dialect of DIALECTS) {
  describeRosterContract({
    name: `CSV, ${dialect.name}`,
    async open({ people, links }) {
      const folder = await mkdtemp(join(tmpdir(), 'spar-sync-roster-'));
      const path = join(folder, 'people.csv');
      const linksPath = join(folder, 'links.csv');
      await writeFile(path, bytesOf(people, dialect));
      if (links !== undefined) await writeFile(linksPath, bytesOf(links, dialect));
      const given = links === undefined ? ['people.csv'] : ['people.csv', 'links.csv'];

      async function dumpOf(file: string): Promise<Row[]> {
        const text = iconv.decode(await readFile(file), dialect.encoding);
        return parse(text, {
          columns: true,
          delimiter: dialect.delimiter,
          record_delimiter: dialect.lineEnd,
        });
      }

      return {
        roster: await openCsvRoster({
          files: [{ path, name: 'people.csv' }],
          ...(links === undefined ? {} : { links: { path: linksPath, name: 'links.csv' } }),
        }),
        dump: () => dumpOf(path),
        dumpLinks: () => (links === undefined ? Promise.resolve([]) : dumpOf(linksPath)),
        async editLinkBehind(index, column, text) {
          const rows = await dumpOf(linksPath);
          await writeFile(linksPath, bytesOf(rows.with(index, { ...rows[index], [column]: text }), dialect));
        },
        async editBehind(id, column, text) {
          const rows = await dumpOf(path);
          const index = rows.findIndex((row) => row['id'] === id);
          await writeFile(path, bytesOf(rows.with(index, { ...rows[index], [column]: text }), dialect));
        },
        leftovers: async () => (await readdir(folder)).filter((name) => !given.includes(name)),
        remove: () => rm(folder, { recursive: true }),
      };
    },
  });
}

function bytesOf(rows: readonly Row[], dialect: Dialect): Buffer {
  // csv-stringify leaves a lone line feed unquoted in a CRLF file, which would then be two records.
  const text = stringify([...rows], {
    header: true,
    delimiter: dialect.delimiter,
    record_delimiter: dialect.lineEnd,
    quoted: dialect.quoted,
    quoted_empty: dialect.quoted,
    quoted_match: /[\r\n]/,
  });
  return Buffer.concat([
    Buffer.from(dialect.bom ? [0xef, 0xbb, 0xbf] : []),
    iconv.encode(text, dialect.encoding),
  ]);
}
