import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../src/adapters/config/read-config.ts';
import { SparSyncError } from '../../src/errors.ts';
import type { FuzzTarget } from './fuzz-target.ts';
import { mutateJson } from './mutate-json.ts';
import { mutateBytes, mutateText } from './mutate-text.ts';
import { demandNeutral, demandNeutralError } from './neutral.ts';

const ROOT = new URL('../../', import.meta.url);
/** Stands in mutants as value and as key, and in no message ever. */
const SECRET = ['storgatan 17', '19900114', '199001142380'];
const LONGEST_LINE = 600;

/** config.json, mutated as text and as a tree, through what every command reads it with. */
export const configurations: FuzzTarget = {
  name: 'configurations',
  async open() {
    const folder = await mkdtemp(join(tmpdir(), 'spar-sync-fuzz-config-'));
    const path = join(folder, 'config.json');
    const originals = [
      'config.example.json',
      'fixtures/school/config.json',
      ...readdirSync(new URL('fixtures/scenarios/', ROOT)).map(
        (name) => `fixtures/scenarios/${name}/config.json`,
      ),
    ].flatMap((name) => {
      try {
        const text = readFileSync(new URL(name, ROOT), 'utf8');
        return [{ text, value: JSON.parse(text) as unknown }];
      } catch {
        return [];
      }
    });
    const prototype = Object.getOwnPropertyNames(Object.prototype).join();
    return {
      async attempt(random, keep) {
        const original = originals[random.below(originals.length)];
        if (original === undefined) throw new Error('there are no configurations to begin with');
        const { text, value } = original;
        const made = random.happens(0.6)
          ? mutateJson(value, random)
          : random.happens(0.5)
            ? mutateText(text, random)
            : mutateBytes(Buffer.from(text), random);
        keep(made);
        writeFileSync(path, made);
        const outcome = await readOrRefusal(path, folder);
        if (Object.getOwnPropertyNames(Object.prototype).join() !== prototype || 'polluted' in {}) {
          throw new Error('the prototype of all objects has been written to');
        }
        return outcome;
      },
      close: () => rm(folder, { recursive: true }),
    };
  },
};

async function readOrRefusal(path: string, folder: string): Promise<string> {
  try {
    const found = await readConfig({ option: path, env: {}, cwd: folder, language: 'sv' });
    JSON.parse(found.planSections);
    return 'accepted';
  } catch (error) {
    if (!(error instanceof SparSyncError)) throw error;
    if (error.code !== 'config') throw new Error(`stopped with ${error.code}`);
    demandNeutralError(error, SECRET);
    for (const line of `${error.text.en}\n${error.text.sv}`.split('\n')) {
      if (line.length > LONGEST_LINE) throw new Error(`a line of ${line.length} characters`);
      demandNeutral(line, 'a message');
    }
    return error.code;
  }
}
