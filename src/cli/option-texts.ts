import type { Text } from '../domain/text.ts';

/** Headings of commander's own help, and of ours. */
export const HEADINGS: Readonly<Record<string, Text>> = {
  'Usage:': { en: 'Usage:', sv: 'Så här:' },
  'Arguments:': { en: 'Arguments:', sv: 'Argument:' },
  'Options:': { en: 'Options:', sv: 'Flaggor:' },
  'Global Options:': { en: 'Everywhere:', sv: 'Överallt:' },
  'Commands:': { en: 'Commands:', sv: 'Kommandon:' },
  examples: { en: 'Examples:', sv: 'Exempel:' },
  exits: { en: 'Exit codes:', sv: 'Slutkoder:' },
};

/** What each option is for; one text wherever it occurs, unless the command makes it another thing. */
export const OPTION_TEXTS = {
  config: {
    en: 'the configuration (else SPAR_SYNC_CONFIG, else ./config.json)',
    sv: 'inställningarna (annars SPAR_SYNC_CONFIG, annars ./config.json)',
  },
  json: {
    en: 'one JSON object on standard output, nothing else there',
    sv: 'ett JSON-objekt på standard ut, inget annat där',
  },
  quiet: { en: 'say only what is new', sv: 'säg bara det som är nytt' },
  noColor: { en: 'no colours (also NO_COLOR)', sv: 'inga färger (även NO_COLOR)' },
  asOf: { en: 'this day stands for today', sv: 'den här dagen gäller som i dag' },
  help: { en: 'show this help', sv: 'visa den här hjälpen' },
  version: { en: 'show the version', sv: 'visa versionen' },
  type: {
    en: 'only student, staff or guardian',
    sv: 'bara student, staff eller guardian (elev, personal, vårdnadshavare)',
  },
  id: { en: 'only these rows: 17 or student:17', sv: 'bara de här raderna: 17 eller student:17' },
  dryRun: {
    en: 'ask SPAR as usual (which costs), write nothing to the roster',
    sv: 'fråga SPAR som vanligt (vilket kostar), skriv inget i registret',
  },
  offline: { en: 'use kept answers only, ask nothing', sv: 'använd bara sparade svar, fråga inget' },
  refresh: { en: 'ask anew also where the answer is fresh', sv: 'fråga på nytt även där svaret är aktuellt' },
  plan: { en: 'save the plan, for apply', sv: 'spara planen, för apply' },
  force: {
    en: 'write although a brake says no; with --id also what was edited since or undone',
    sv: 'skriv fast en spärr säger nej; med --id även det som har ändrats sedan dess eller ångrats',
  },
  yes: { en: 'buy without asking first', sv: 'köp utan att fråga först' },
  report: { en: 'write the whole report into this folder', sv: 'skriv hela rapporten i den här mappen' },
  online: {
    en: 'also connect to SPAR once, without asking about anybody',
    sv: 'anslut också en gång till SPAR, utan att fråga om någon',
  },
  port: { en: 'port on this computer (else any free one)', sv: 'port på den här datorn (annars en ledig)' },
  dir: {
    en: 'folder for the certificates (else spar-simulator)',
    sv: 'mapp för certifikaten (annars spar-simulator)',
  },
  planArgument: {
    en: 'a plan that update or guardians saved with --plan',
    sv: 'en plan som update eller guardians har sparat med --plan',
  },
  studentId: {
    en: 'only the guardians of these students: 17 or student:17',
    sv: 'bara vårdnadshavare till de här eleverna: 17 eller student:17',
  },
  format: { en: 'table, csv or json', sv: 'table, csv eller json' },
  output: { en: 'write to this file', sv: 'skriv till den här filen' },
  excel: { en: 'CSV that opens in Excel', sv: 'CSV som öppnas i Excel' },
  withGuardians: {
    en: 'one row for each student under 18 and guardian',
    sv: 'en rad för varje elev under 18 och vårdnadshavare',
  },
  writeNothing: { en: 'show what would happen, write nothing', sv: 'visa vad som skulle hända, skriv inget' },
  decisionsArgument: {
    en: 'the CSV of duplicates, with same or different in the column decision',
    sv: 'CSV-filen från duplicates, med samma (same) eller olika (different) i kolumnen decision',
  },
  nightlyReport: {
    en: "write the night's whole report into a dated folder in this one",
    sv: 'skriv nattens hela rapport i en mapp med datum i den här',
  },
  month: { en: 'only this month', sv: 'bara den här månaden' },
  auditId: {
    en: 'only lookups of one person: 17 or student:17; - reads ids or personnummer from standard input',
    sv: 'bara uppslag om en person: 17 eller student:17; - läser id eller personnummer från standard in',
  },
  since: { en: 'only lookups from this day on', sv: 'bara uppslag från och med den här dagen' },
  forgetArgument: {
    en: 'rows: 17 or student:17; - reads ids or personnummer from standard input',
    sv: 'rader: 17 eller student:17; - läser id eller personnummer från standard in',
  },
  departed: {
    en: 'everybody with an answer whom the roster no longer has',
    sv: 'alla med ett sparat svar som inte längre finns i registret',
  },
  eraseNothing: {
    en: 'show what would be erased, erase nothing',
    sv: 'visa vad som skulle raderas, radera inget',
  },
  forceForget: {
    en: 'erase although a large share of the people with a kept answer is gone from the roster',
    sv: 'radera fast en stor del av dem som det finns svar om saknas i registret',
  },
  runArgument: { en: 'the number of a run', sv: 'en körnings nummer' },
} as const satisfies Record<string, Text>;
