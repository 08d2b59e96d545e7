import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { RawRoster } from './roster-cells.ts';
import type { Played, Stage } from './scenario.ts';
import { type Secrets, secretsOf } from './scenario-secrets.ts';

export const SCENARIOS = fileURLToPath(new URL('../../fixtures/scenarios/', import.meta.url));

/** Names of the folders. */
export const SCENARIO_NAMES = readdirSync(SCENARIOS, { withFileTypes: true })
  .filter((item) => item.isDirectory())
  .map((item) => item.name)
  .sort();

/**
 * Nothing of who is protected now, whatever the roster held of them before, and no number whole save in files
 * and in tables that are made to be taken further.
 *
 * @param past the rosters as they have been; this run's are added
 */
export function expectNothingTold(played: Played, stage: Stage, past: Map<string, RawRoster>): void {
  const { before, after, finished, written, step } = played;
  for (const roster of [...before.values(), ...after.values()]) past.set(JSON.stringify(roster), roster);
  const secrets = secretsOf([...past.values()], stage.sparKnows);
  const { stdout, stderr } = finished;
  for (const text of isTable(step.args) ? [stderr] : [stdout, stderr]) {
    if (secrets.numbers) expect(text).not.toMatch(secrets.numbers);
  }
  const files = [...written.values()].map((content) => content.toString('utf8'));
  for (const text of [stdout, stderr, ...files]) expectNothingOfProtected(text, secrets);
}

/** A command that hands over a table, with whole numbers, instead of telling a person something. */
export function isTable([command, ...options]: readonly string[]): boolean {
  const isCsv = options.includes('csv') || options.includes('--excel');
  return command === 'export' || (command === 'duplicates' && isCsv);
}

function expectNothingOfProtected(text: string, secrets: Secrets): void {
  for (const secret of secrets.ofProtected) expect(text).not.toContain(secret);
  if (secrets.numbersOfProtected) expect(text).not.toMatch(secrets.numbersOfProtected);
}
