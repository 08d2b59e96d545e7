import { join } from 'node:path';
import pLimit from 'p-limit';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildProgram } from '../support/built-program.ts';
import type { RawRoster } from '../support/roster-cells.ts';
import {
  layOut,
  loadScenario,
  outcomeOf,
  playTranscript,
  readExpected,
  writeExpected,
} from '../support/scenario.ts';
import { expectNothingTold, SCENARIO_NAMES, SCENARIOS } from '../support/scenario-told.ts';

/** Writes `expected/` anew instead of comparing with it: for a change that is meant, and read afterwards. */
const UPDATING = process.env['UPDATE_SCENARIOS'] === '1';
const TIMEOUT = 120_000;
const inTurn = pLimit(2);

beforeAll(buildProgram, TIMEOUT);

describe('every scenario', { concurrent: true, timeout: TIMEOUT }, () => {
  it.each(SCENARIO_NAMES)('%s: what people see', (name) =>
    inTurn(async () => {
      const scenario = loadScenario(join(SCENARIOS, name));
      const stage = layOut(scenario);
      const past = new Map<string, RawRoster>();
      const transcript = await playTranscript(scenario, stage, (played) =>
        expectNothingTold(played, stage, past),
      );
      const outcome = outcomeOf(scenario, stage, transcript);
      stage.remove();

      expect(transcript, 'a bug is no scenario').not.toContain('[exit 1]');
      if (UPDATING) writeExpected(scenario.folder, outcome);
      const readable = (files: ReadonlyMap<string, Buffer>) =>
        Object.fromEntries([...files].sort().map(([file, bytes]) => [file, bytes.toString('latin1')]));
      expect(readable(outcome)).toEqual(readable(readExpected(scenario.folder)));
    }),
  );
});
