import { describe, expect, it } from 'vitest';
import { type FuzzTarget, fuzz, showFigures } from './fuzz-target.ts';

/** A test a target, which prints what it tried. No test waits longer than the watchdog does. */
export function describeFuzz(targets: readonly (readonly [target: FuzzTarget, inputs: number])[]): void {
  describe('hostile input', () => {
    it.each(targets.map(([target, inputs]) => ({ name: target.name, target, inputs })))(
      'does no harm: $name',
      async ({ target, inputs }) => {
        const figures = await fuzz(target, inputs);
        console.log(showFigures(figures));
        expect(figures.inputs).toBeGreaterThan(0);
      },
      1_800_000,
    );
  });
}
