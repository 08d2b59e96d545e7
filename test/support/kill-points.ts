/** A durable step before which a run is to be killed, counted from 1. */
export interface KillPoint {
  readonly name: string;
  readonly number: number;
}

/** `npm run test:long` sets it. */
const EVERY_STEP = process.env['EVERY_STEP'] === '1';

/**
 * The steps to try of a run, from one to another: by `npm run test:long` every one; else those that change the roster
 * itself, which matter most, and of the others every eighth and the last.
 */
export function killPoints(steps: readonly string[], from = 0, to = steps.length): readonly KillPoint[] {
  const all = steps.map((name, i) => ({ name, number: i + 1 })).slice(from, to);
  if (EVERY_STEP) {
    console.log(`killed before each durable step: ${all.length} kills`);
    return all;
  }
  return all.filter(
    ({ name }, i) => name === 'rename' || name === 'commit roster' || i % 8 === 0 || i === all.length - 1,
  );
}
