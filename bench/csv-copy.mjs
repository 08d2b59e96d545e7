// Reads a CSV file and writes it again with csv-parse and csv-stringify alone, streaming, as their
// documentation shows: what `spar-sync update` over a roster without changes is measured against.
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { parse } from 'csv-parse';
import { stringify } from 'csv-stringify';

const [source, target] = process.argv.slice(2);
await pipeline(
  createReadStream(source),
  parse({ delimiter: ';' }),
  stringify({ delimiter: ';', record_delimiter: 'windows' }),
  createWriteStream(target),
);
