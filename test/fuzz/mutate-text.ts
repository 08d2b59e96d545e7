import type { SeededRandom } from '../support/seeded-random.ts';

/** Bits of text that have broken programs before. */
export const HOSTILE_TEXTS = [
  '',
  ' ',
  '\0',
  '\n',
  '\r\n',
  '\t',
  '"',
  "'",
  '=1+1',
  '=HYPERLINK("http://example.com","x")',
  '+1',
  '-1',
  '@SUM(A1)',
  '../../x',
  '/etc/passwd',
  '%s%n',
  '__proto__',
  'constructor',
  'toString',
  'student:',
  'null',
  'undefined',
  'NaN',
  '-0',
  '1e999',
  '9007199254740993',
  '\u001b[31m',
  '\u001b]0;x\u0007',
  '\u009b2J',
  '\u202e',
  '\u2066',
  '\u2028',
  '\ufeff',
  '\ufffe',
  '\ud800',
  '\u0301',
  'İı',
  '０１２',
  'x'.repeat(5000),
] as const satisfies readonly [string, ...string[]];

/** Bytes with some flipped, cut out, doubled, overwritten or put in. */
export function mutateBytes(bytes: Uint8Array, random: SeededRandom, times = 1 + random.below(4)): Buffer {
  let made = Buffer.from(bytes);
  for (let time = 0; time < times; time++) {
    const at = random.below(made.length + 1);
    const length = 1 + random.below(random.happens(0.8) ? 8 : 400);
    switch (random.below(7)) {
      case 0:
        if (at < made.length) made[at] = (made[at] ?? 0) ^ (1 << random.below(8));
        break;
      case 1:
        if (at < made.length) made[at] = random.below(256);
        break;
      case 2:
        made = made.subarray(0, at);
        break;
      case 3:
        made = Buffer.concat([made.subarray(0, at), made.subarray(at + length)]);
        break;
      case 4: {
        const from = random.below(made.length + 1);
        made = Buffer.concat([made.subarray(0, at), made.subarray(from, from + length), made.subarray(at)]);
        break;
      }
      case 5:
        made = Buffer.concat([
          made.subarray(0, at),
          Buffer.from(random.pick(HOSTILE_TEXTS), 'utf8'),
          made.subarray(at),
        ]);
        break;
      default:
        made = Buffer.concat([
          made.subarray(0, at),
          Buffer.from(Array.from({ length }, () => random.below(256))),
          made.subarray(at),
        ]);
    }
  }
  return made;
}

/** The same for characters: no half characters come of it, save those put in on purpose. */
export function mutateText(text: string, random: SeededRandom, times = 1 + random.below(3)): string {
  let made = text;
  for (let time = 0; time < times; time++) {
    const at = random.below(made.length + 1);
    const length = 1 + random.below(random.happens(0.8) ? 4 : 200);
    switch (random.below(4)) {
      case 0:
        made = made.slice(0, at) + made.slice(at + length);
        break;
      case 1: {
        const from = random.below(made.length + 1);
        made = made.slice(0, at) + made.slice(from, from + length) + made.slice(at);
        break;
      }
      case 2:
        made = made.slice(0, at) + random.pick(HOSTILE_TEXTS) + made.slice(at);
        break;
      default:
        made = made.slice(0, at) + String.fromCodePoint(random.below(0x300)) + made.slice(at + 1);
    }
  }
  return made;
}
