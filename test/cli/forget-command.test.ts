import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openState } from '../../src/adapters/store/open-state.ts';
import { main } from '../../src/cli/main.ts';
import type { Answer } from '../../src/domain/person.ts';
import { remember } from '../contract/state-on-trial.ts';
import { personId } from '../support/arbitraries.ts';
import { createFakeProcess } from './fake-process.ts';

const ELSA = '201501122384';
const FREJA = '201602292383';
const HUGO = '201412152397';
const HIDDEN = '201508032396';
const SECRET = 'Hemlighult';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spar-sync-forget-'));
  await writeFile(join(folder, 'config.json'), JSON.stringify(CONFIG));
  await writeFile(join(folder, 'people.csv'), ROSTER);
  const state = await openState({ path: join(folder, 'spar-sync.db') });
  for (const id of [ELSA, FREJA, HUGO]) await remember(state, registered(id));
  await remember(state, { kind: 'protected', id: personId(HIDDEN), mark: 'sekretessmarkering' });
  await state.close();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const CONFIG = {
  spar: {
    environment: 'simulator',
    kundNrLeveransMottagare: 500243,
    kundNrSlutkund: 500243,
    uppdragId: 637,
    slutAnvandarId: 'anna@exempelskolan',
  },
  freshness: 'month',
  language: 'en',
  roster: { kind: 'csv', files: [{ path: 'people.csv', type: 'student' }] },
};

const ROSTER = [
  'id,personnummer,first_name,last_name',
  `1,${ELSA},Elsa,Åkerström`,
  `2,${FREJA},Freja,Holmgren`,
  `20150803-2396,${HIDDEN},Gömd,Dold`,
  '',
].join('\n');

function registered(id: string): Answer {
  return {
    kind: 'registered',
    id: personId(id),
    name: { given: 'X', surname: `${SECRET}-${id.slice(2, 8)}` },
    emigrated: false,
    predecessors: [],
  };
}

/** The command line in this folder, to its exit code. */
async function sparSync(argv: readonly string[], input = '') {
  const process = Object.assign(createFakeProcess(), { cwd: () => folder });
  process.stdin.end(input);
  const exit = await main([...argv, '--as-of', '2026-11-23'], process);
  return { exit, out: process.stdout.text, err: process.stderr.text };
}

function secretsLeft(): string[] {
  const bytes = readdirSync(folder)
    .filter((name) => name.startsWith('spar-sync.db'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('');
  return [ELSA, FREJA, HUGO].filter((id) => bytes.includes(`${SECRET}-${id.slice(2, 8)}`));
}

describe('spar-sync forget', () => {
  it('reads ids and personnummer from standard input, with blank lines and remarks between them', async () => {
    const list = `\ufeff# begärda i maj\r\n\r\n  elev:1  \r\n20141215-2397\r\n19991212-2387\r\n20150803-2396\r\n`;
    const { exit, out, err } = await sparSync(['forget', '-'], list);
    expect(out).toMatchInlineSnapshot(`
      "Erased: what was kept of 3 people
        2 answers from SPAR; 0 values in the journal
        student 1
        by number 20141215-****

        Protected personal data (1)
          They are in the roster, so it stays known that they are protected, and nothing else; otherwise they would be shown like anybody.
          student 20150803-****

        Still in the roster (1)
          The next run asks SPAR again, and that is paid for, unless the row is marked as not active.
          student 1

      Nothing is kept about: 1999****

      The log of lookups, the decisions about duplicates and the list of runs stay.
      "
    `);
    expect([exit, err]).toEqual([0, '']);
    expect(secretsLeft()).toEqual([FREJA]);
  });

  it('prints one object with --json, and no number whole but a row’s id', async () => {
    const { out } = await sparSync(
      ['forget', '-', '--json', '--dry-run'],
      `1\n${HUGO}\n19991212-2387\n${HIDDEN}`,
    );
    expect(JSON.parse(out)).toEqual({
      command: 'forget',
      dryRun: true,
      people: 3,
      answers: 2,
      journalValues: 0,
      erased: [{ id: '1', type: 'student' }, { number: '20141215-****' }],
      keptProtected: [{ id: '20150803-2396', type: 'student' }],
      stillInRoster: [{ id: '1', type: 'student' }],
      unknown: ['1999****'],
    });
    expect(secretsLeft()).toHaveLength(3);
  });

  it('refuses an empty list, a list that begins nowhere and a number for all to see', async () => {
    for (const [argv, input] of [
      [['forget', '-'], '\n# ingen\n'],
      [['forget', '-'], '77\n'],
      [['forget'], ''],
      [['forget', HUGO], ''],
      [['forget', '1', '--departed'], ''],
    ] as const) {
      const { exit, out, err } = await sparSync(argv, input);
      expect([exit, out]).toEqual([2, '']);
      expect(err).not.toContain(HUGO);
    }
    expect(secretsLeft()).toHaveLength(3);
  });

  it('gets on without the roster, but not to tell who has left', async () => {
    await rm(join(folder, 'people.csv'));
    const departed = await sparSync(['forget', '--departed']);
    expect([departed.exit, departed.out]).toEqual([5, '']);
    const { exit, out, err } = await sparSync(['forget', '-'], `${HUGO}\n${HIDDEN}\n`);
    expect([exit, err]).toEqual([0, expect.stringContaining('people.csv')]);
    expect(out).toContain('1 answer from SPAR');
    expect(secretsLeft()).toEqual([ELSA, FREJA]);
  });

  it('leaves no copy from before an upgrade behind', async () => {
    const copy = join(folder, 'spar-sync.db.v2-backup');
    await writeFile(copy, SECRET);
    expect((await sparSync(['forget', '1', '--dry-run'])).exit).toBe(0);
    expect(existsSync(copy)).toBe(true);
    expect((await sparSync(['forget', '1'])).exit).toBe(0);
    expect(existsSync(copy)).toBe(false);
  });

  it('speaks Swedish, and says what stopped it', async () => {
    await writeFile(join(folder, 'config.json'), JSON.stringify({ ...CONFIG, language: 'sv' }));
    await writeFile(join(folder, 'people.csv'), ROSTER.split('\n').slice(0, 2).join('\n'));
    const shown = await sparSync(['forget', '--departed', '--dry-run']);
    expect(shown.out).toMatchInlineSnapshot(`
      "Skulle raderas: det som är sparat om 3 personer
        3 svar från SPAR; 0 värden i journalen
        med nummer 20141215-****, 20160229-****

      Loggen över uppslag, besluten om dubbletter och listan över körningar står kvar.
      "
    `);
    expect([shown.exit, shown.err]).toEqual([0, expect.stringContaining('skulle stoppas: 3 av 4 personer')]);
    expect((await sparSync(['forget', '--departed'])).exit).toBe(4);
    expect(secretsLeft()).toHaveLength(3);
    expect((await sparSync(['forget', '--departed', '--force'])).exit).toBe(0);
    expect(secretsLeft()).toEqual([ELSA]);
  });
});
