import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readDecisionFile } from '../../src/adapters/report/decision-file.ts';
import { readXml } from '../../src/adapters/spar/answer/xml.ts';
import { commandLines } from '../fuzz/command-lines.ts';
import { rosterDatabases, stateFiles } from '../fuzz/databases.ts';
import { appliedDecisions, decisionFiles } from '../fuzz/decision-files.ts';
import { describeFuzz } from '../fuzz/describe-fuzz.ts';
import { appliedPlans, planFiles } from '../fuzz/plan-files.ts';

describeFuzz([
  [planFiles, 8_000],
  [appliedPlans, 300],
  [decisionFiles, 15_000],
  [appliedDecisions, 300],
  [stateFiles, 1_000],
  [rosterDatabases, 1_000],
  [commandLines, 1_000],
]);

describe('huge input', () => {
  it.each([
    ['decided', 'olika,,$,9$,#0'],
    ['all of them wrong', 'x,1,2,3,4'],
    ['ragged', 'x'],
  ])('a million decisions, %s, come to an end', async (what, row) => {
    const folder = await mkdtemp(join(tmpdir(), 'spar-sync-huge-'));
    const path = join(folder, 'decisions.csv');
    const rows = Array.from({ length: 1_000_000 }, (_, n) => row.replaceAll('$', String(n)));
    writeFileSync(path, `decision,keep,a,b,check\n${rows.join('\n')}\n`);
    const read = readDecisionFile(path, 'decisions.csv').finally(() => rm(folder, { recursive: true }));
    if (what === 'decided') expect((await read).decisions).toHaveLength(1_000_000);
    else await expect(read).rejects.toMatchObject({ code: 'decisions-unusable' });
  });

  it.each([
    ['a million children', `<a>${'<b/>'.repeat(1_000_000)}</a>`],
    ['an attribute of ten megabytes', `<a b="${'x'.repeat(10_000_000)}"/>`],
    ['a million levels', '<a>'.repeat(1_000_000)],
  ])('an answer with %s comes to an end', (_what, text) => {
    expect(['element', 'refused']).toContain(readXml(text).kind);
  });
});
