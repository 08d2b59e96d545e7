import type { Text } from '../domain/text.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Commands } from './lazy-commands.ts';

export interface CommandHelp {
  readonly summary: Text;
  readonly details?: Text;
  /** Command lines without the program's name, each with what it is for. */
  readonly examples: readonly (readonly [string, Text])[];
  readonly exits: readonly ExitCode[];
  /** What some of them mean here, where what they mean elsewhere would not be true. */
  readonly exitTexts?: Readonly<Partial<Record<ExitCode, Text>>>;
}

export const PROGRAM_SUMMARY: Text = {
  en: "Keeps a school's roster of students, staff and guardians in step with SPAR, the state's personal address register.",
  sv: 'Håller skolans register över elever, personal och vårdnadshavare i takt med SPAR, statens personadressregister.',
};

const ALL_EXITS: readonly ExitCode[] = [0, 1, 2, 3, 4, 5, 10, 11, 12, 20, 130];

const FINISHED: Text = { en: 'finished', sv: 'klart' };
const ROW_CHANGED: Text = {
  en: 'finished, but a row was changed by somebody else meanwhile',
  sv: 'klart, men en rad ändrades av någon annan under tiden',
};
const DECISIONS_OUTDATED: Text = {
  en: 'refused: the file of decisions no longer fits; nothing written',
  sv: 'stoppat: filen med beslut stämmer inte längre; inget skrivet',
};
const NOT_ERASED: Text = {
  en: 'refused by a brake; nothing erased',
  sv: 'stoppat av en spärr; inget raderat',
};

export const PROGRAM_HELP: Omit<CommandHelp, 'summary'> = {
  examples: [
    [
      'demo',
      { en: 'a sample school, without any agreement with SPAR', sv: 'en exempelskola, utan avtal med SPAR' },
    ],
    ['update --dry-run', { en: 'what would change', sv: 'vad som skulle ändras' }],
    ['update', { en: 'change it', sv: 'ändra det' }],
  ],
  exits: ALL_EXITS,
};

export const COMMAND_HELP: Readonly<Record<keyof Commands, CommandHelp>> = {
  update: {
    summary: { en: 'bring contact information up to date', sv: 'uppdatera kontaktuppgifterna' },
    details: {
      en: 'Asks SPAR about everybody whose answer is missing or stale, and writes what differs into the roster. People with protected personal data get their mark and nothing else.',
      sv: 'Frågar SPAR om alla vars svar saknas eller är för gammalt och skriver det som skiljer sig i registret. Den som har skyddade personuppgifter får sin markering och inget annat.',
    },
    examples: [
      [
        'update --dry-run --report report',
        { en: 'look first, with files to read', sv: 'titta först, med filer att läsa' },
      ],
      ['update --type student', { en: 'students only', sv: 'bara elever' }],
      [
        'update --id student:17 --refresh',
        { en: 'one person, asked about now', sv: 'en person, som frågas om nu' },
      ],
      [
        'update --dry-run --plan plan.json',
        {
          en: 'save the plan; later: spar-sync apply plan.json',
          sv: 'spara planen; sedan: spar-sync apply plan.json',
        },
      ],
    ],
    exits: ALL_EXITS,
  },
  guardians: {
    summary: {
      en: 'give every student under 18 their guardians',
      sv: 'lägg in vårdnadshavare för alla elever under 18',
    },
    details: {
      en: 'Asks SPAR who the guardians are, once for each student and once for each guardian who is new to the roster. Adds rows and links, fills in missing numbers where it is certain who is who, removes nothing, and prints the pairs of rows that a person has to decide about.',
      sv: 'Frågar SPAR vilka vårdnadshavarna är, en gång för varje elev och en gång för varje vårdnadshavare som är ny i registret. Lägger till rader och kopplingar, fyller i personnummer där det är säkert vem som är vem, tar inte bort något och visar de par av rader som någon behöver ta ställning till.',
    },
    examples: [
      [
        'guardians --dry-run --report report',
        { en: 'look first, with files to read', sv: 'titta först, med filer att läsa' },
      ],
      ['guardians --id 17', { en: 'the guardians of one student', sv: 'en elevs vårdnadshavare' }],
    ],
    exits: ALL_EXITS,
  },
  nightly: {
    summary: {
      en: 'what cron runs: update, then guardians',
      sv: 'det som cron kör: update, sedan guardians',
    },
    details: {
      en: 'Does what `automatic` in the configuration says, under one lock and one budget, and says only what is new: nothing at all on a quiet night. Refuses while `automatic.enabled` is false.',
      sv: 'Gör det som `automatic` i inställningarna säger, under ett lås och en budget, och säger bara det som är nytt: ingenting alls en lugn natt. Vägrar så länge `automatic.enabled` är false.',
    },
    examples: [
      ['nightly', { en: 'from cron or a systemd timer', sv: 'från cron eller en systemd-timer' }],
      [
        'nightly --report /var/lib/spar-sync/reports',
        { en: 'with the whole report of each night', sv: 'med hela rapporten för varje natt' },
      ],
    ],
    exits: ALL_EXITS,
  },
  duplicates: {
    summary: {
      en: 'guardians who may be in the roster twice',
      sv: 'vårdnadshavare som kan finnas två gånger i registret',
    },
    details: {
      en: 'Shows the pairs of rows that a person has to decide about, without asking SPAR. As CSV, the report has a column `decision`: write same or different there and carry it out with `duplicates apply`.',
      sv: 'Visar de par av rader som någon behöver ta ställning till, utan att fråga SPAR. Som CSV har rapporten en kolumn `decision`: skriv samma eller olika där och genomför det med `duplicates apply`.',
    },
    examples: [
      ['duplicates', { en: 'on the screen', sv: 'på skärmen' }],
      [
        'duplicates --excel -o duplicates.csv',
        { en: 'to decide in a spreadsheet', sv: 'för att ta ställning i ett kalkylprogram' },
      ],
      ['duplicates apply duplicates.csv', { en: 'carry it out', sv: 'genomför det' }],
    ],
    exits: [0, 1, 2, 5, 20, 130],
  },
  'duplicates apply': {
    summary: { en: 'carry out the decisions in a file', sv: 'genomför besluten i en fil' },
    details: {
      en: 'Merges the rows that a person marked as `same` and remembers those marked as `different`. All or nothing: if a row has changed since the report was made, nothing is written.',
      sv: 'Slår ihop de rader som någon har märkt med `samma` (same) och kommer ihåg dem som är märkta med `olika` (different). Allt eller inget: har en rad ändrats sedan rapporten gjordes skrivs inget.',
    },
    examples: [
      ['duplicates apply duplicates.csv --dry-run', { en: 'look first', sv: 'titta först' }],
      ['duplicates apply duplicates.csv', { en: 'carry it out', sv: 'genomför det' }],
    ],
    exits: [0, 1, 2, 4, 5, 20, 130],
    exitTexts: { 4: DECISIONS_OUTDATED },
  },
  export: {
    summary: {
      en: 'the roster as CSV, with the dates of the answers',
      sv: 'registret som CSV, med svarens datum',
    },
    details: {
      en: 'Writes the roster with the date of each answer. Of people with protected personal data it holds id, type and mark only. Asks nobody.',
      sv: 'Skriver registret med datum för varje svar. Om den som har skyddade personuppgifter står bara id, typ och markering. Frågar ingen.',
    },
    examples: [
      ['export -o roster.csv', { en: 'everybody', sv: 'alla' }],
      [
        'export --with-guardians --excel -o guardians.csv',
        { en: 'students with their guardians', sv: 'elever med sina vårdnadshavare' },
      ],
    ],
    exits: [0, 1, 2, 5, 20, 130],
    exitTexts: { 0: FINISHED },
  },
  history: {
    summary: { en: 'the runs and what they wrote', sv: 'körningarna och vad de skrev' },
    examples: [
      ['history', { en: 'all runs, newest first', sv: 'alla körningar, senaste först' }],
      ['history 7', { en: 'what run 7 wrote', sv: 'vad körning 7 skrev' }],
    ],
    exits: [0, 1, 2, 20, 130],
    exitTexts: { 0: FINISHED },
  },
  undo: {
    summary: { en: 'take back what a run wrote', sv: 'ångra det som en körning skrev' },
    details: {
      en: 'Puts back every value that still is what the run wrote, and takes away rows and links that it added if nobody has changed them. Marks of protection stay, and nobody who is protected now gets a name or an address. An undo can itself be undone.',
      sv: 'Återställer varje värde som fortfarande är det som körningen skrev och tar bort rader och kopplingar som den lade till, om ingen har ändrat dem. Skyddsmarkeringar står kvar, och ingen som nu är skyddad får namn eller adress. Ett ångrande kan i sin tur ångras.',
    },
    examples: [
      ['undo 7 --dry-run', { en: 'look first', sv: 'titta först' }],
      ['undo 7', { en: 'take it back', sv: 'ångra det' }],
    ],
    exits: [0, 1, 2, 3, 5, 20, 130],
    exitTexts: { 3: ROW_CHANGED },
  },
  apply: {
    summary: { en: 'carry out a saved plan', sv: 'genomför en sparad plan' },
    details: {
      en: 'Writes exactly what the plan holds, and refuses if the rows, the configuration or the answers it rests on have changed since.',
      sv: 'Skriver exakt det som planen innehåller, och vägrar om raderna, inställningarna eller svaren den bygger på har ändrats sedan dess.',
    },
    examples: [
      [
        'apply plan.json',
        { en: 'after update --dry-run --plan plan.json', sv: 'efter update --dry-run --plan plan.json' },
      ],
    ],
    exits: [0, 1, 2, 3, 4, 5, 20, 130],
    exitTexts: { 3: ROW_CHANGED },
  },
  status: {
    summary: {
      en: 'what is fresh, stale and never asked, and what the next run would buy',
      sv: 'vad som är aktuellt, för gammalt och aldrig frågat, och vad nästa körning skulle köpa',
    },
    examples: [['status --json', { en: 'for scripts', sv: 'för skript' }]],
    exits: [0, 1, 2, 5, 20, 130],
    exitTexts: { 0: FINISHED },
  },
  cost: {
    summary: { en: 'what was bought, and by which run', sv: 'vad som har köpts, och av vilken körning' },
    details: {
      en: 'Adds up the log of lookups by month, command, type and run, with the monthly fee. What was answered is told apart from what SPAR may have billed without an answer that could be used. Asks nobody.',
      sv: 'Räknar ihop loggen över uppslag per månad, kommando, typ och körning, med månadsavgiften. Det som besvarades skiljs från det som SPAR kan ha debiterat utan ett användbart svar. Frågar ingen.',
    },
    examples: [
      ['cost', { en: 'all months', sv: 'alla månader' }],
      ['cost --month 2026-11', { en: 'to compare with an invoice', sv: 'för att jämföra med en faktura' }],
    ],
    exits: [0, 1, 2, 20, 130],
    exitTexts: { 0: FINISHED },
  },
  audit: {
    summary: {
      en: 'who asked about whom, when and why',
      sv: 'vem som frågade om vem, när och varför',
    },
    details: {
      en: 'Shows the log of lookups: the row and masked number asked about, when, by which command and run, under which SlutAnvandarId and with which UUID of SPAR. Asks nobody.',
      sv: 'Visar loggen över uppslag: raden och det maskerade numret, när, av vilket kommando och vilken körning, under vilket SlutAnvandarId och med vilket UUID från SPAR. Frågar ingen.',
    },
    examples: [
      ['audit --since 2026-11-01', { en: 'everything since then', sv: 'allt sedan dess' }],
      [
        'audit --id student:17 --format csv -o audit.csv',
        { en: 'for a person who wants to know', sv: 'för den som vill veta' },
      ],
    ],
    exits: [0, 1, 2, 20, 130],
    exitTexts: { 0: FINISHED },
  },
  forget: {
    summary: { en: 'erase what SPAR answered about somebody', sv: 'radera det SPAR har svarat om någon' },
    details: {
      en: 'Erases the kept answers about these people, and the names and addresses in the journal. The log of lookups stays. Whoever is still in the roster is asked about, and paid for, again by the next run.',
      sv: 'Raderar de sparade svaren om de här personerna och namnen och adresserna i journalen. Loggen över uppslag står kvar. Den som finns kvar i registret frågas om, och betalas för, på nytt vid nästa körning.',
    },
    examples: [
      ['forget student:17', { en: 'one person', sv: 'en person' }],
      [
        'forget - < list.txt',
        { en: 'a list of ids or personnummer', sv: 'en lista med id eller personnummer' },
      ],
      [
        'forget --departed --dry-run',
        { en: 'who has left; look first', sv: 'de som har slutat; titta först' },
      ],
    ],
    exits: [0, 1, 2, 4, 5, 20, 130],
    exitTexts: { 0: FINISHED, 4: NOT_ERASED },
  },
  check: {
    summary: {
      en: 'test configuration, certificate, roster and state',
      sv: 'pröva inställningar, certifikat, register och lokal databas',
    },
    examples: [['check --online', { en: 'with a connection to SPAR', sv: 'med en anslutning till SPAR' }]],
    exits: [0, 1, 2, 5, 10, 11, 12, 20, 130],
    exitTexts: {
      0: FINISHED,
      10: { en: 'SPAR cannot be reached', sv: 'SPAR går inte att nå' },
      11: { en: 'SPAR rejects the certificate', sv: 'SPAR godtar inte certifikatet' },
      12: { en: 'what answers is not SPAR', sv: 'det som svarar är inte SPAR' },
    },
  },
  init: {
    summary: { en: 'write a first config.json by asking', sv: 'skriv en första config.json genom att fråga' },
    examples: [['init', { en: 'in the folder of the roster', sv: 'i registrets mapp' }]],
    exits: [0, 1, 2, 130],
    exitTexts: { 0: FINISHED },
  },
  demo: {
    summary: {
      en: 'a sample school in ./spar-demo, brought up to date',
      sv: 'en exempelskola i ./spar-demo som uppdateras',
    },
    details: {
      en: 'Asks the built-in simulator of SPAR: it needs no agreement, no certificate and no network. Run again, it starts over with a fresh sample.',
      sv: 'Frågar den inbyggda simulatorn av SPAR: det behövs inget avtal, inget certifikat och inget nät. Körs den igen börjar den om från början.',
    },
    examples: [['demo', { en: 'see it work', sv: 'se hur det fungerar' }]],
    exits: ALL_EXITS,
  },
  simulator: {
    summary: {
      en: 'SPAR on this computer, for experiments of your own',
      sv: 'SPAR på den här datorn, för egna försök',
    },
    details: {
      en: 'Runs until Ctrl-C and shows what to write under "spar" in config.json to use it.',
      sv: 'Kör tills Ctrl-C och visar vad som ska stå under "spar" i config.json för att använda den.',
    },
    examples: [['simulator --port 8443', { en: 'on a port of your choice', sv: 'på en port som du väljer' }]],
    exits: [0, 1, 2],
  },
};
