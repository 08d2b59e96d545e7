import { describe, expect, it } from 'vitest';
import {
  renderHistoryJson,
  renderRunJson,
  renderUndoJson,
} from '../../../src/adapters/report/history/history-json.ts';
import { swedishTime } from '../../../src/adapters/report/history/local-time.ts';
import { renderHistory, renderRun } from '../../../src/adapters/report/history/render-history.ts';
import { renderUndo } from '../../../src/adapters/report/history/render-undo.ts';
import type { RunReport, UndoReport } from '../../../src/app/history/history-report.ts';
import type { RunRecord } from '../../../src/app/journal-port.ts';
import { UNDO_LEFT_REASONS } from '../../../src/domain/undo-plan.ts';
import { date } from '../../support/arbitraries.ts';

const english = { language: 'en', color: false, hidden: () => false } as const;
const swedish = { ...english, language: 'sv' } as const;
const masked = { numbers: 'masked', hidden: () => false } as const;

const NO_ACTS = { 'row-added': 0, 'row-removed': 0, 'link-added': 0, 'link-removed': 0, 'link-moved': 0 };

function runOf(parts: Partial<RunRecord>): RunRecord {
  return {
    run: 1,
    command: 'update',
    asOf: date('2026-11-23'),
    at: '2026-11-23T13:05:09.000Z',
    endUser: 'anna.berg',
    dryRun: false,
    phase: 'applied',
    exit: 'done',
    changes: 0,
    changedRows: 0,
    acts: NO_ACTS,
    decisions: 0,
    undoneBy: [],
    ...parts,
  };
}

const RUNS: readonly RunRecord[] = [
  runOf({ run: 12, command: 'undo', undoes: 11, changes: 1, changedRows: 1 }),
  runOf({
    run: 11,
    command: 'guardians',
    at: '2026-07-01T22:30:00.000Z',
    changes: 1047,
    changedRows: 20,
    acts: { ...NO_ACTS, 'row-added': 2, 'link-added': 1 },
    undoneBy: [12],
  }),
  runOf({ run: 9, phase: 'started', exit: 'brake' }),
  runOf({ run: 8, dryRun: true, phase: 'started', asOf: date('2027-01-01') }),
];

describe('the history on screen', () => {
  it('reads in English', () => {
    expect(renderHistory({ command: 'history', runs: RUNS }, english)).toMatchInlineSnapshot(`
      "Runs (4), the newest first
        12  2026-11-23 14:05  undo, by anna.berg, about run 11
            1 cell in 1 row; done
        11  2026-07-02 00:30  guardians, by anna.berg, as of 2026-11-23
            1,047 cells in 20 rows, 2 rows added, 1 link added; done; taken back by run 12
         9  2026-11-23 14:05  update, by anna.berg
            wrote nothing to the roster; stopped by a brake
         8  2026-11-23 14:05  update, by anna.berg, dry run, as of 2027-01-01
            wrote nothing to the roster; done
      "
    `);
  });

  it('reads in Swedish', () => {
    expect(renderHistory({ command: 'history', runs: RUNS }, swedish)).toMatchInlineSnapshot(`
      "Körningar (4), den senaste först
        12  2026-11-23 14:05  undo, av anna.berg, gäller körning 11
            1 cell på 1 rad; klar
        11  2026-07-02 00:30  guardians, av anna.berg, som om det vore 2026-11-23
            1 047 celler på 20 rader, 2 nya rader, 1 ny koppling; klar; ångrad av körning 12
         9  2026-11-23 14:05  update, av anna.berg
            skrev inget i registret; stoppad av en spärr
         8  2026-11-23 14:05  update, av anna.berg, provkörning, som om det vore 2027-01-01
            skrev inget i registret; klar
      "
    `);
  });

  it('may be empty', () => {
    expect(renderHistory({ command: 'history', runs: [] }, swedish)).toBe('Ingen körning har gjorts än.\n');
  });

  it('is cut after twenty runs, and says so', () => {
    const runs = Array.from({ length: 35 }, (_, index) => runOf({ run: 35 - index }));
    const text = renderHistory({ command: 'history', runs }, english);
    expect(text).toContain('… and 15 runs before; --json shows all');
    expect(text.split('\n')).toHaveLength(43);
  });

  it.each([
    ['done', 'applied', 'done'],
    ['gaps', 'applied', 'done, but not for everybody'],
    ['spar-unreachable', 'applied', 'SPAR could not be reached'],
    [undefined, 'planned', 'cut off while writing; settled by the next run'],
    [undefined, 'not-applied', 'cut off before anything was written'],
    [undefined, 'started', 'under way, or cut off before anything was written'],
    [undefined, 'applied', 'done'],
    ['something of tomorrow', 'started', 'stopped'],
    ['toString', 'started', 'stopped'],
  ] as const)('a run that ended %s (%s) reads %j', (exit, phase, told) => {
    const { exit: _, ...open } = runOf({ phase });
    const text = renderHistory({ command: 'history', runs: [{ ...open, ...(exit && { exit }) }] }, english);
    expect(text).toContain(`; ${told}\n`);
  });

  it('no name of a user can steer the terminal or is a whole personnummer', () => {
    const runs = [runOf({ endUser: 'x\u001B[2J\n198305039292' })];
    const text = renderHistory({ command: 'history', runs }, english);
    expect(text).not.toContain('9292');
    expect(text).not.toMatch(/[^\P{Cc}\n]/u);
    expect(renderHistoryJson({ command: 'history', runs })).not.toContain('9292');
  });
});

describe('a time', () => {
  it.each([
    ['2026-07-01T22:30:00.000Z', '2026-07-02 00:30'],
    ['2026-11-23T13:05:09.000Z', '2026-11-23 14:05'],
    ['never', 'never'],
  ])('%s is %s in Sweden', (iso, told) => {
    expect(swedishTime(iso)).toBe(told);
  });
});

const RUN: RunReport = {
  command: 'history',
  run: runOf({
    run: 7,
    command: 'guardians',
    changes: 2,
    changedRows: 1,
    acts: { ...NO_ACTS, 'row-added': 1 },
  }),
  written: {
    same: [],
    changes: [
      { key: { type: 'guardian', id: '12' }, field: 'personnummer', from: '', to: '198305039292' },
      { key: { type: 'guardian', id: '12' }, field: 'street', from: 'Storgatan 1', to: 'Nygatan 2' },
      { key: { type: 'guardian', id: '12' }, field: 'protected', from: '', to: 'sekretessmarkering' },
    ],
    acts: [
      {
        kind: 'row-added',
        key: { type: 'guardian', id: '501' },
        whole: { source: 'people.csv', at: 3, cells: [{ column: 'street', value: 'Nygatan 9' }] },
      },
      { kind: 'link-added', link: { student: '3', guardian: '501' } },
      { kind: 'link-moved', link: { student: '4', guardian: '12' }, from: '31' },
    ],
    erasedChanges: [{ key: { type: 'guardian', id: '13' }, field: 'street' }],
  },
};

describe('one run', () => {
  it('reads in English', () => {
    expect(renderRun(RUN, english)).toMatchInlineSnapshot(`
      "Run 7
        2026-11-23 14:05  guardians, by anna.berg
        2 cells in 1 row, 1 row added; done

      Changes (3 changes in 1 person)
        guardian 12
          personnummer: (empty) → 19830503-****
          street address: Storgatan 1 → Nygatan 2
          protection mark: (empty) → sekretessmarkering

      Rows added (1)
        guardian 501

      Links added (1)
        student 3: guardian 501

      Links moved (1)
        student 4: guardian 12 (before: 31)

      1 value has been erased since: the person has protected personal data, has left the roster, or was erased with \`forget\`.

      \`spar-sync undo 7\` takes it back, as far as the roster still is as the run left it.
      "
    `);
  });

  it('reads in Swedish', () => {
    expect(renderRun(RUN, swedish)).toContain('vårdnadshavare 12 (förut: 31)');
    expect(renderRun(RUN, swedish)).toContain(
      '`spar-sync undo 7` ångrar den, så långt registret är som körningen lämnade det.',
    );
  });

  it('is one JSON object', () => {
    expect(JSON.parse(renderRunJson(RUN, masked))).toEqual({
      command: 'history',
      run: {
        run: 7,
        at: '2026-11-23T13:05:09.000Z',
        command: 'guardians',
        by: 'anna.berg',
        asOf: '2026-11-23',
        dryRun: false,
        phase: 'applied',
        exit: 'done',
        changes: 2,
        changedRows: 1,
        rowsAdded: 1,
        rowsRemoved: 0,
        linksAdded: 0,
        linksRemoved: 0,
        linksMoved: 0,
        decisions: 0,
        undoneBy: [],
      },
      changes: [
        { id: '12', type: 'guardian', field: 'personnummer', from: '', to: '19830503-****' },
        { id: '12', type: 'guardian', field: 'street', from: 'Storgatan 1', to: 'Nygatan 2' },
        { id: '12', type: 'guardian', field: 'protected', from: '', to: 'sekretessmarkering' },
      ],
      acts: [
        { act: 'row-added', id: '501', type: 'guardian' },
        { act: 'link-added', student: '3', guardian: '501' },
        { act: 'link-moved', student: '4', guardian: '12', from: '31' },
      ],
      erased: [{ id: '13', type: 'guardian', field: 'street' }],
    });
  });

  it('shows of somebody protected by now only the mark', () => {
    const hidden = { hidden: () => true };
    const outputs = [
      renderRun(RUN, { ...english, ...hidden }),
      renderRunJson(RUN, { numbers: 'whole', ...hidden }),
    ];
    for (const output of outputs) {
      expect(output).not.toMatch(/gatan|1983/);
      expect(output).toContain('sekretessmarkering');
    }
  });

  it.each([
    ['was taken back already', { undoneBy: [9] }],
    ['was not applied', { phase: 'not-applied' }],
  ] as const)('that %s is not said to be one to take back', (_, parts) => {
    const text = renderRun({ ...RUN, run: { ...RUN.run, ...parts } }, english);
    expect(text).not.toContain('spar-sync undo');
  });
});

const UNDO: UndoReport = {
  command: 'undo',
  run: 8,
  undoes: 7,
  restored: [{ id: '12', type: 'guardian', field: 'street', from: 'Nygatan 2', to: 'Storgatan 1' }],
  removedRows: [{ type: 'guardian', id: '501' }],
  restoredRows: [{ type: 'guardian', id: '31' }],
  links: {
    removed: [{ student: '3', guardian: '501' }],
    added: [{ student: '5', guardian: '31' }],
    moved: [{ student: '4', guardian: '31', from: '12' }],
  },
  left: [
    { id: '12', type: 'guardian', field: 'city', reason: 'changed-since' },
    { id: '12', type: 'guardian', field: 'protected', reason: 'protection-mark' },
    { id: '502', type: 'guardian', reason: 'row-changed' },
    { id: '502', type: 'guardian', student: '6', reason: 'link-changed' },
  ],
};

describe('what undo did', () => {
  it('reads in English', () => {
    expect(renderUndo(UNDO, english)).toMatchInlineSnapshot(`
      "Put back (1 value in 1 row)
        guardian 12
          street address: Nygatan 2 → Storgatan 1

      Rows taken away that the run had added (1)
        guardian 501

      Rows put back that the run had taken away (1)
        guardian 31

      Links taken away that the run had added (1)
        student 3: guardian 501

      Links put back that the run had taken away (1)
        student 5: guardian 31

      Links moved back (1)
        student 4: guardian 31 (before: 12)

      Left as it is (4)
        Changed since (1)
          The cell, or another part of the same address, holds something else than the run wrote, and that stays.
          guardian 12 (town)
        Mark of protection (1)
          A mark of protection is never taken away by a program; empty the cell yourself if it is wrong.
          guardian 12 (protection mark)
        The row has been changed since (1)
          Somebody has worked on the row since the run added it, so it stays; take it away yourself if it is wrong.
          guardian 502
        The link has been changed since (1)
          The link, or the row at its end, is not as the run left it, so it stays as it is.
          guardian 502 (student 6)

      Run 7 has been taken back as far as possible; \`spar-sync undo 8\` does run 7 again.
      "
    `);
  });

  it('reads in Swedish, as a dry run', () => {
    expect(renderUndo({ ...UNDO, dryRun: true }, swedish)).toMatchInlineSnapshot(`
      "Provkörning: inget har skrivits i registret.

      Återställt (1 värde på 1 rad)
        vårdnadshavare 12
          gatuadress: Nygatan 2 → Storgatan 1

      Borttagna rader som körningen hade lagt till (1)
        vårdnadshavare 501

      Återställda rader som körningen hade tagit bort (1)
        vårdnadshavare 31

      Borttagna kopplingar som körningen hade lagt till (1)
        elev 3: vårdnadshavare 501

      Återställda kopplingar som körningen hade tagit bort (1)
        elev 5: vårdnadshavare 31

      Kopplingar som har flyttats tillbaka (1)
        elev 4: vårdnadshavare 31 (förut: 12)

      Lämnat som det är (4)
        Ändrat sedan dess (1)
          I cellen, eller i en annan del av samma adress, står något annat än det körningen skrev, och det får stå kvar.
          vårdnadshavare 12 (ort)
        Skyddsmarkering (1)
          En skyddsmarkering tas aldrig bort av ett program; töm cellen själv om den är fel.
          vårdnadshavare 12 (skyddsmarkering)
        Raden har ändrats sedan dess (1)
          Någon har arbetat med raden sedan körningen lade till den, så den står kvar; ta bort den själv om den är fel.
          vårdnadshavare 502
        Kopplingen har ändrats sedan dess (1)
          Kopplingen, eller raden som den leder till, är inte som körningen lämnade den, så den får vara som den är.
          vårdnadshavare 502 (elev 6)

      Så skulle körning 7 ångras.
      "
    `);
  });

  it('says when there was nothing to put back', () => {
    const links = { removed: [], added: [], moved: [] };
    const nothing: UndoReport = { ...UNDO, restored: [], removedRows: [], restoredRows: [], links, left: [] };
    expect(renderUndo(nothing, english)).toBe('Nothing was left to put back.\n');
  });

  it('says when it was about decisions only', () => {
    const links = { removed: [], added: [], moved: [] };
    const only = { ...UNDO, restored: [], removedRows: [], restoredRows: [], links, left: [], decisions: 2 };
    expect(renderUndo(only, english)).toMatch(/^Taken back: 2 decisions .*\n\nRun 7 has been taken back/);
    expect(renderHistory({ command: 'history', runs: [runOf({ decisions: 2 })] }, english)).toContain(
      '2 decisions; done',
    );
  });

  it('is one JSON object', () => {
    expect(JSON.parse(renderUndoJson(UNDO, masked))).toEqual({ ...UNDO, dryRun: false, decisions: 0 });
    expect(Object.keys(JSON.parse(renderUndoJson(UNDO, masked)))).toEqual([
      'command',
      'run',
      'undoes',
      'dryRun',
      'restored',
      'removedRows',
      'restoredRows',
      'links',
      'decisions',
      'left',
    ]);
  });

  it('explains every reason for leaving something', () => {
    const left = UNDO_LEFT_REASONS.map((reason) => ({ id: '1', type: 'guardian', reason }) as const);
    const text = renderUndo({ ...UNDO, left }, english);
    expect(text.match(/^ {4}[A-Z].*\.$/gm)).toHaveLength(UNDO_LEFT_REASONS.length);
  });

  it('shows no value of a protected row', () => {
    const hidden = { hidden: () => true };
    expect(renderUndo(UNDO, { ...english, ...hidden })).not.toMatch(/gatan/);
    expect(renderUndoJson(UNDO, { numbers: 'whole', ...hidden })).not.toMatch(/gatan/);
  });
});
