// Prints each figure beside what it is measured against, and whether its target is met; ends with 1 when one
// is missed. `npm run bench -- update` measures only what has `update` in its name.
import { measureBehindLatency, measureWithoutLatency } from './lookups.ts';
import { isMet, type Result } from './measure.ts';
import { measureFirstLookup, measureHelp } from './start-up.ts';
import { measureUpdate } from './whole-update.ts';

const MEASUREMENTS: Readonly<Record<string, () => Promise<Result[]>>> = {
  help: () => measureHelp(15),
  'first-lookup': () => measureFirstLookup(9),
  'lookups-without-latency': () => measureWithoutLatency(5),
  'lookups-behind-latency': () => measureBehindLatency(3),
  update: () => measureUpdate(5),
};

const wanted = process.argv.slice(2);
let missed = 0;
for (const [name, measure] of Object.entries(MEASUREMENTS)) {
  if (wanted.length > 0 && !wanted.some((word) => name.includes(word))) continue;
  for (const result of await measure()) {
    if (!isMet(result)) missed++;
    console.log(line(result));
  }
}
console.log(missed === 0 ? '\nEvery target is met.' : `\n${missed} missed.`);
process.exitCode = missed === 0 ? 0 : 1;

function line(result: Result): string {
  const { what, ours, against, ratio, target } = result;
  const verdict = target === undefined ? 'noted ' : isMet(result) ? 'met   ' : 'MISSED';
  const bound =
    target === undefined
      ? ''
      : 'atLeast' in target
        ? ` (at least ${target.atLeast})`
        : ` (at most ${target.atMost})`;
  return `${verdict}  ${what.padEnd(62)}  ${ours}, against ${against}: ${ratio.toFixed(2)}${bound}`;
}
