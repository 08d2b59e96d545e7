import { count, plural } from '../texts.en.ts';
import type { HistoryTexts } from './history-texts.ts';

const rows = (value: number): string => plural(value, 'row', 'rows');
const links = (value: number): string => plural(value, 'link', 'links');
const runs = (value: number): string => plural(value, 'run', 'runs');

export const HISTORY_TEXTS_EN: HistoryTexts = {
  runs: (value) => `Runs (${count(value)}), the newest first`,
  noRuns: 'There has been no run yet.',
  earlierRuns: (value) => `… and ${runs(value)} before; --json shows all`,
  run: (run) => `Run ${run}`,
  by: (who) => `by ${who}`,
  dryRun: 'dry run',
  asOf: (date) => `as of ${date}`,
  undoes: (run) => `about run ${run}`,
  undoneBy: (value) => `taken back by run ${value}`,
  wroteNothing: 'wrote nothing to the roster',
  cells: (cells, changedRows) => `${plural(cells, 'cell', 'cells')} in ${rows(changedRows)}`,
  decisions: (value) => plural(value, 'decision', 'decisions'),
  acts: {
    'row-added': (value) => `${rows(value)} added`,
    'row-removed': (value) => `${rows(value)} taken away`,
    'link-added': (value) => `${links(value)} added`,
    'link-removed': (value) => `${links(value)} taken away`,
    'link-moved': (value) => `${links(value)} moved`,
  },
  actHeadings: {
    'row-added': (value) => `Rows added (${count(value)})`,
    'row-removed': (value) => `Rows taken away (${count(value)})`,
    'link-added': (value) => `Links added (${count(value)})`,
    'link-removed': (value) => `Links taken away (${count(value)})`,
    'link-moved': (value) => `Links moved (${count(value)})`,
  },
  movedFrom: (from) => `before: ${from}`,
  erased: (value) =>
    `${plural(value, 'value has', 'values have')} been erased since: the person has protected personal data, has left the roster, or was erased with \`forget\`.`,
  ended: {
    done: 'done',
    gaps: 'done, but not for everybody',
    'not-applied': 'cut off before anything was written',
    'cut-off': 'cut off while writing; settled by the next run',
    open: 'under way, or cut off before anything was written',
    bug: 'stopped by a bug',
    usage: 'refused before anything was written',
    config: 'stopped: configuration',
    'not-active': 'stopped: the integration is switched off',
    'plan-unusable': 'stopped: the plan cannot be used',
    'decisions-unusable': 'stopped: the file of decisions cannot be used',
    brake: 'stopped by a brake',
    'plan-outdated': 'stopped: the roster had changed since the plan or report was made',
    'roster-unreadable': 'stopped: the roster could not be read',
    'roster-unwritable': 'stopped: the roster could not be written',
    'spar-unreachable': 'SPAR could not be reached',
    'spar-rejected': 'SPAR rejected the certificate, the customer or the permission',
    'spar-not-understood': "SPAR's answers could not be understood",
    'state-unusable': 'stopped: the state file could not be used',
    'state-newer': 'stopped: the state file is of a newer program',
    'state-locked': 'stopped: another run was under way',
    'report-unwritable': 'done, but its report could not be written',
    interrupted: 'interrupted',
    other: 'stopped',
  },
  toUndo: (run) =>
    `\`spar-sync undo ${run}\` takes it back, as far as the roster still is as the run left it.`,
  undo: {
    restored: (changes, people) =>
      `Put back (${plural(changes, 'value', 'values')} in ${plural(people, 'row', 'rows')})`,
    removedRows: (value) => `Rows taken away that the run had added (${count(value)})`,
    restoredRows: (value) => `Rows put back that the run had taken away (${count(value)})`,
    removedLinks: (value) => `Links taken away that the run had added (${count(value)})`,
    addedLinks: (value) => `Links put back that the run had taken away (${count(value)})`,
    movedLinks: (value) => `Links moved back (${count(value)})`,
    decisions: (value) =>
      `Taken back: ${plural(value, 'decision', 'decisions')} about rows that may be the same person.`,
    left: (value) => `Left as it is (${count(value)})`,
    leftReasons: {
      'changed-since': {
        title: 'Changed since',
        sentence:
          'The cell, or another part of the same address, holds something else than the run wrote, and that stays.',
      },
      'protection-mark': {
        title: 'Mark of protection',
        sentence:
          'A mark of protection is never taken away by a program; empty the cell yourself if it is wrong.',
      },
      'protected-now': {
        title: 'Protected by now',
        sentence: 'The person has protected personal data now, so no earlier name or address is written.',
      },
      'row-changed': {
        title: 'The row has been changed since',
        sentence:
          'Somebody has worked on the row since the run added it, so it stays; take it away yourself if it is wrong.',
      },
      'row-referred-to': {
        title: 'Something points at the row',
        sentence: 'A link that the run did not make, or another table, points at the row, so it stays.',
      },
      'link-changed': {
        title: 'The link has been changed since',
        sentence: 'The link, or the row at its end, is not as the run left it, so it stays as it is.',
      },
      'id-taken': {
        title: 'The id is in use again',
        sentence: 'Another row has the id by now, so the row that was taken away cannot come back under it.',
      },
      'email-taken': {
        title: 'E-mail held by another row',
        sentence: 'Another row holds the e-mail by now and no two rows may hold one, so it was not put back.',
      },
      erased: {
        title: 'Erased',
        sentence:
          'It has been erased since and cannot come back: the person has protected personal data, has left the roster, or was erased with `forget`.',
      },
      'row-gone': {
        title: 'The row is gone',
        sentence: 'Somebody has taken the row away since, so there is nothing to put back.',
      },
    },
    nothing: 'Nothing was left to put back.',
    done: (undoes, run) =>
      `Run ${undoes} has been taken back; \`spar-sync undo ${run}\` does run ${undoes} again.`,
    doneInPart: (undoes, run) =>
      `Run ${undoes} has been taken back as far as possible; \`spar-sync undo ${run}\` does run ${undoes} again.`,
    wouldBeDone: (run) => `Run ${run} would be taken back like this.`,
  },
};
