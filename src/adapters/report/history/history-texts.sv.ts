import { count, plural } from '../texts.sv.ts';
import type { HistoryTexts } from './history-texts.ts';

const rows = (value: number): string => plural(value, 'rad', 'rader');
const runs = (value: number): string => plural(value, 'körning', 'körningar');

export const HISTORY_TEXTS_SV: HistoryTexts = {
  runs: (value) => `Körningar (${count(value)}), den senaste först`,
  noRuns: 'Ingen körning har gjorts än.',
  earlierRuns: (value) => `… och ${runs(value)} dessförinnan; --json visar alla`,
  run: (run) => `Körning ${run}`,
  by: (who) => `av ${who}`,
  dryRun: 'provkörning',
  asOf: (date) => `som om det vore ${date}`,
  undoes: (run) => `gäller körning ${run}`,
  undoneBy: (value) => `ångrad av körning ${value}`,
  wroteNothing: 'skrev inget i registret',
  cells: (cells, changedRows) => `${plural(cells, 'cell', 'celler')} på ${rows(changedRows)}`,
  decisions: (value) => `${count(value)} beslut`,
  acts: {
    'row-added': (value) => plural(value, 'ny rad', 'nya rader'),
    'row-removed': (value) => plural(value, 'borttagen rad', 'borttagna rader'),
    'link-added': (value) => plural(value, 'ny koppling', 'nya kopplingar'),
    'link-removed': (value) => plural(value, 'borttagen koppling', 'borttagna kopplingar'),
    'link-moved': (value) => plural(value, 'flyttad koppling', 'flyttade kopplingar'),
  },
  actHeadings: {
    'row-added': (value) => `Nya rader (${count(value)})`,
    'row-removed': (value) => `Borttagna rader (${count(value)})`,
    'link-added': (value) => `Nya kopplingar (${count(value)})`,
    'link-removed': (value) => `Borttagna kopplingar (${count(value)})`,
    'link-moved': (value) => `Flyttade kopplingar (${count(value)})`,
  },
  movedFrom: (from) => `förut: ${from}`,
  erased: (value) =>
    `${plural(value, 'värde har raderats', 'värden har raderats')} sedan dess: personen har skyddade personuppgifter, finns inte kvar i registret eller har raderats med \`forget\`.`,
  ended: {
    done: 'klar',
    gaps: 'klar, men inte för alla',
    'not-applied': 'avbruten innan något skrevs',
    'cut-off': 'avbruten under skrivningen; reds ut av nästa körning',
    open: 'pågår, eller avbruten innan något skrevs',
    bug: 'stoppad av ett fel i programmet',
    usage: 'stoppad innan något skrevs',
    config: 'stoppad: inställningarna',
    'not-active': 'stoppad: integrationen är avstängd',
    'plan-unusable': 'stoppad: planen går inte att använda',
    'decisions-unusable': 'stoppad: filen med beslut går inte att använda',
    brake: 'stoppad av en spärr',
    'plan-outdated': 'stoppad: registret hade ändrats sedan planen eller rapporten gjordes',
    'roster-unreadable': 'stoppad: registret gick inte att läsa',
    'roster-unwritable': 'stoppad: registret gick inte att skriva',
    'spar-unreachable': 'SPAR gick inte att nå',
    'spar-rejected': 'SPAR godtog inte certifikatet, kunden eller behörigheten',
    'spar-not-understood': 'SPAR:s svar gick inte att tolka',
    'state-unusable': 'stoppad: den lokala databasen gick inte att använda',
    'state-newer': 'stoppad: den lokala databasen är från ett nyare program',
    'state-locked': 'stoppad: en annan körning pågick',
    'report-unwritable': 'klar, men rapporten gick inte att skriva',
    interrupted: 'avbruten',
    other: 'stoppad',
  },
  toUndo: (run) => `\`spar-sync undo ${run}\` ångrar den, så långt registret är som körningen lämnade det.`,
  undo: {
    restored: (changes, people) => `Återställt (${plural(changes, 'värde', 'värden')} på ${rows(people)})`,
    removedRows: (value) => `Borttagna rader som körningen hade lagt till (${count(value)})`,
    restoredRows: (value) => `Återställda rader som körningen hade tagit bort (${count(value)})`,
    removedLinks: (value) => `Borttagna kopplingar som körningen hade lagt till (${count(value)})`,
    addedLinks: (value) => `Återställda kopplingar som körningen hade tagit bort (${count(value)})`,
    movedLinks: (value) => `Kopplingar som har flyttats tillbaka (${count(value)})`,
    decisions: (value) => `Ångrat: ${count(value)} beslut om rader som kan vara samma person.`,
    left: (value) => `Lämnat som det är (${count(value)})`,
    leftReasons: {
      'changed-since': {
        title: 'Ändrat sedan dess',
        sentence:
          'I cellen, eller i en annan del av samma adress, står något annat än det körningen skrev, och det får stå kvar.',
      },
      'protection-mark': {
        title: 'Skyddsmarkering',
        sentence: 'En skyddsmarkering tas aldrig bort av ett program; töm cellen själv om den är fel.',
      },
      'protected-now': {
        title: 'Skyddad nu',
        sentence:
          'Personen har nu skyddade personuppgifter, så inget tidigare namn och ingen tidigare adress skrivs in.',
      },
      'row-changed': {
        title: 'Raden har ändrats sedan dess',
        sentence:
          'Någon har arbetat med raden sedan körningen lade till den, så den står kvar; ta bort den själv om den är fel.',
      },
      'row-referred-to': {
        title: 'Något pekar på raden',
        sentence:
          'En koppling som körningen inte gjorde, eller en annan tabell, pekar på raden, så den står kvar.',
      },
      'link-changed': {
        title: 'Kopplingen har ändrats sedan dess',
        sentence:
          'Kopplingen, eller raden som den leder till, är inte som körningen lämnade den, så den får vara som den är.',
      },
      'id-taken': {
        title: 'Id används igen',
        sentence: 'En annan rad har nu samma id, så raden som togs bort kan inte komma tillbaka med det.',
      },
      'email-taken': {
        title: 'E-postadressen finns på en annan rad',
        sentence:
          'En annan rad har nu e-postadressen och två rader får inte ha samma, så den skrevs inte tillbaka.',
      },
      erased: {
        title: 'Raderat',
        sentence:
          'Det har raderats sedan dess och kan inte komma tillbaka: personen har skyddade personuppgifter, finns inte kvar i registret eller har raderats med `forget`.',
      },
      'row-gone': {
        title: 'Raden är borta',
        sentence: 'Någon har tagit bort raden sedan dess, så det finns inget att återställa.',
      },
    },
    nothing: 'Det fanns inget kvar att återställa.',
    done: (undoes, run) => `Körning ${undoes} är ångrad; \`spar-sync undo ${run}\` gör om körning ${undoes}.`,
    doneInPart: (undoes, run) =>
      `Körning ${undoes} är ångrad så långt det går; \`spar-sync undo ${run}\` gör om körning ${undoes}.`,
    wouldBeDone: (run) => `Så skulle körning ${run} ångras.`,
  },
};
