import type { SeededRandom } from '../support/seeded-random.ts';
import { HOSTILE_TEXTS } from './mutate-text.ts';

/** Raw JSON that is put in as it stands, so that keys and numbers come that no object of ours could have. */
const RAW_VALUES = [
  'null',
  'true',
  '0',
  '-1',
  '1e400',
  '-0.0',
  '9007199254740993',
  '1.0000000000000001',
  '123456789012345678901234567890',
  '""',
  '"\\u0000"',
  '"\\u001b[2J"',
  '"\\u202e"',
  '"\\ud800"',
  '[]',
  '{}',
  '[[[[[[[[[[]]]]]]]]]]',
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '"Storgatan 17 hemlig"',
  '"19900114-2380"',
  '199001142380',
] as const satisfies readonly [string, ...string[]];
const RAW_KEYS = [
  '"__proto__"',
  '"constructor"',
  '"toString"',
  '"hasOwnProperty"',
  '""',
  '"\\u0000"',
  '"\\u001b[31m"',
  '"passphrase"',
  '"Storgatan 17 hemlig"',
  '"19900114-2380"',
  '"0"',
  '"roster.files"',
] as const satisfies readonly [string, ...string[]];

/** A JSON text with a few of its values and keys replaced, taken away, doubled, nested or added. */
export function mutateJson(value: unknown, random: SeededRandom): string {
  const total = countNodes(value);
  const times = 1 + random.below(3);
  const chosen = new Set(Array.from({ length: times }, () => random.below(total)));
  let node = 0;

  const write = (here: unknown): string => {
    const isChosen = chosen.has(node++);
    const plain = writePlain(here);
    return isChosen ? replaced(plain, random) : plain;
  };

  const writePlain = (here: unknown): string => {
    if (Array.isArray(here)) return `[${here.map(write).join(',')}]`;
    if (typeof here !== 'object' || here === null) return JSON.stringify(here);
    const members = Object.entries(here).map(([key, held]) => {
      const spelled = random.happens(0.01) ? random.pick(RAW_KEYS) : JSON.stringify(key);
      return `${spelled}:${write(held)}`;
    });
    const dropped = members.filter(() => !random.happens(0.01));
    const added = random.happens(0.03) ? [`${random.pick(RAW_KEYS)}:${random.pick(RAW_VALUES)}`] : [];
    const doubled = dropped.length > 0 && random.happens(0.02) ? [dropped[0] ?? ''] : [];
    return `{${[...dropped, ...added, ...doubled].join(',')}}`;
  };

  return write(value);
}

function replaced(plain: string, random: SeededRandom): string {
  switch (random.below(6)) {
    case 0:
    case 1:
      return random.pick(RAW_VALUES);
    case 2:
      return JSON.stringify(random.pick(HOSTILE_TEXTS));
    case 3: {
      const depth = 1 + random.below(random.happens(0.9) ? 5 : 20_000);
      return '['.repeat(depth) + plain + ']'.repeat(depth);
    }
    case 4:
      return `{${random.pick(RAW_KEYS)}:${plain}}`;
    default:
      return `[${plain},${plain}]`;
  }
}

function countNodes(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce((sum: number, held) => sum + countNodes(held), 1);
}
