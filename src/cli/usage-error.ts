import type { CommanderError } from 'commander';
import { maskNumbers, printable } from '../adapters/report/printable.ts';
import type { Text } from '../domain/text.ts';
import { SparSyncError } from '../errors.ts';

/** Commander's complaint about the command line in our own form. What was typed may be a personnummer. */
export function usageErrorOf(error: CommanderError): SparSyncError {
  const [complaint = '', suggestion] = maskNumbers(error.message.replace(/^error: /, '')).split(
    /\n(?=\(Did you mean)/,
  );
  const quoted = printable(/'(.*)'/s.exec(complaint)?.[1] ?? '');
  // Where there is help instead of a complaint, commander's own text is `(outputHelp)`.
  const english = error.code === 'commander.help' ? 'A command is missing' : printable(complaint);
  return new SparSyncError(
    'usage',
    {
      en: `${english.charAt(0).toUpperCase()}${english.slice(1)}`,
      sv: inSwedish(error.code, quoted, english),
    },
    MISSING[error.code === 'commander.missingArgument' ? quoted : ''] ?? hintOf(printable(suggestion ?? '')),
  );
}

/** By the name of the argument that is missing. */
const MISSING: Readonly<Record<string, Text>> = {
  run: {
    en: 'Name the run to take back, as `spar-sync undo 2`; `spar-sync history` shows the numbers.',
    sv: 'Ange vilken körning som ska ångras, som `spar-sync undo 2`; `spar-sync history` visar numren.',
  },
  file: {
    en: 'Name the file of decisions, as `spar-sync duplicates apply duplicates.csv`.',
    sv: 'Ange filen med beslut, som `spar-sync duplicates apply duplicates.csv`.',
  },
  plan: {
    en: 'Name the plan, as `spar-sync apply plan.json`.',
    sv: 'Ange planen, som `spar-sync apply plan.json`.',
  },
};

function inSwedish(code: string, quoted: string, english: string): string {
  switch (code) {
    case 'commander.unknownOption':
      return `Okänd flagga '${quoted}'`;
    case 'commander.unknownCommand':
      return `Okänt kommando '${quoted}'`;
    case 'commander.missingArgument':
      return `Argumentet '${quoted}' saknas`;
    case 'commander.optionMissingArgument':
      return `Flaggan '${quoted}' behöver ett värde`;
    case 'commander.excessArguments':
      return `För många argument till '${quoted.split("'")[0]}'`;
    case 'commander.help':
      return 'Ett kommando saknas';
    default:
      return english;
  }
}

function hintOf(suggestion: string): Text {
  const meant = /\(Did you mean (?:one of )?(.*)\?\)/.exec(suggestion)?.[1];
  const help = {
    en: '`spar-sync --help` and `spar-sync COMMAND --help` show what there is, with examples.',
    sv: '`spar-sync --help` och `spar-sync KOMMANDO --help` visar vad som finns, med exempel.',
  };
  if (meant === undefined) return help;
  return { en: `Did you mean ${meant}? ${help.en}`, sv: `Menade du ${meant}? ${help.sv}` };
}
