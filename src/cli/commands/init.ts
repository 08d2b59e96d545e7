import { readdir, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { configError } from '../../adapters/config/complaints.ts';
import { readCsvHeaders } from '../../adapters/config/csv-headers.ts';
import {
  type Answers,
  NEEDED,
  nextQuestion,
  type Question,
  type Surroundings,
  takeAnswer,
} from '../../adapters/config/first-config.ts';
import { firstConfigText } from '../../adapters/config/first-config-text.ts';
import { parseConfig } from '../../adapters/config/parse-config.ts';
import { configPath } from '../../adapters/config/read-config.ts';
import { printable } from '../../adapters/report/printable.ts';
import type { Language, Text } from '../../domain/text.ts';
import { SparSyncError } from '../../errors.ts';
import type { CommandContext, Input, Output } from '../context.ts';

/** Asks for what a first `config.json` needs, writes it, and says what to do next. Overwrites nothing. */
export async function run(_options: Record<never, never>, context: CommandContext): Promise<number> {
  const { language } = context;
  const path = configPath({
    ...(context.configPath === undefined ? {} : { option: context.configPath }),
    env: context.env,
    cwd: context.cwd,
  });
  await refuseToOverwrite(path);
  const folder = dirname(path);
  const text = await askFirstConfig({
    input: context.stdin,
    output: context.stderr,
    language,
    signal: context.signal,
    suggestions: {
      ...(await filesThatFit(folder)),
      headersOf: (file) => readCsvHeaders(resolve(folder, file)),
    },
  });
  const written: unknown = JSON.parse(text);
  const parsed = await parseConfig(written, { folder, language });
  if (parsed.kind === 'complaints') throw configError(path, parsed.complaints);
  await writeNew(path, text);

  if (context.json) context.stdout.write(`${JSON.stringify({ command: 'init', config: path })}\n`);
  else if (!context.quiet) context.stdout.write(nextSteps(path, context, parsed.config.active)[language]);
  return 0;
}

export interface FirstConfigRequest {
  readonly input: Input;
  /** Where the questions go. */
  readonly output: Pick<Output, 'write'>;
  readonly language: Language;
  readonly signal: AbortSignal;
  readonly suggestions: {
    readonly roster?: string;
    readonly links?: string;
    /** The headers of a CSV file beside the configuration; `undefined` where there is none. */
    headersOf(file: string): Promise<readonly string[] | undefined>;
  };
}

/**
 * Asks the questions of a first configuration and resolves to its text. An answer that will not do is asked
 * for again on a terminal; without one every line of the input is an answer, and such an answer, or an input
 * that ends too early, throws `usage`.
 */
export async function askFirstConfig(request: FirstConfigRequest): Promise<string> {
  const { input, output, language, signal, suggestions } = request;
  const { headersOf, ...found } = suggestions;
  const headers = new Map<string, readonly string[]>();
  const around: Surroundings = { language, headers, ...found };
  const answers = new Map<string, string>();
  const lines = createInterface({ input, terminal: false });
  const stop = () => lines.close();
  signal.addEventListener('abort', stop, { once: true });
  // Made at once: lines that arrive before anybody waits for them would be lost.
  const answered = lines[Symbol.asyncIterator]();
  try {
    for (;;) {
      const question = nextQuestion(answers, around);
      if (question === undefined) return firstConfigText(answers, around);
      output.write(promptText(question, language));
      const line = await answered.next();
      if (signal.aborted) throw interrupted();
      if (line.done === true) throw endedEarly(answers, question);
      const answer = takeAnswer(question, line.value);
      const wanted = question.check(answer);
      if (wanted !== undefined && input.isTTY !== true) throw unusableAnswer(question, wanted);
      if (wanted !== undefined) {
        output.write(`  ${complaintOf(wanted)[language]}\n`);
        continue;
      }
      answers.set(question.id, answer);
      await noteHeaders(question.id, answer, headersOf, headers);
    }
  } finally {
    signal.removeEventListener('abort', stop);
    lines.close();
  }
}

async function noteHeaders(
  question: string,
  answer: string,
  headersOf: FirstConfigRequest['suggestions']['headersOf'],
  headers: Map<string, readonly string[]>,
): Promise<void> {
  if (question !== 'roster' && question !== 'links') return;
  for (const file of answer.split(',').map((one) => one.trim())) {
    const found = /\.(csv|txt|tsv)$/i.test(file) ? await headersOf(file) : undefined;
    if (found !== undefined) headers.set(file, found);
  }
}

function complaintOf(wanted: Text): Text {
  if (wanted === NEEDED) return { en: 'This needs an answer.', sv: 'Frågan måste besvaras.' };
  return { en: `It must be ${wanted.en}.`, sv: `Det ska vara ${wanted.sv}.` };
}

function promptText(question: Question, language: Language): string {
  const { fallback } = question;
  return `${printable(question.prompt[language])}${fallback ? ` [${printable(fallback)}]` : ''}: `;
}

async function refuseToOverwrite(path: string): Promise<void> {
  const there = await stat(path).catch(() => undefined);
  if (there !== undefined) throw alreadyThere(path);
}

async function writeNew(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx' });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    if (code === 'EEXIST') throw alreadyThere(path);
    throw new SparSyncError('config', {
      en: `${path} cannot be written (${code}).`,
      sv: `${path} kan inte skrivas (${code}).`,
    });
  }
}

/** A roster and links beside the configuration, where the names leave no doubt. */
async function filesThatFit(folder: string): Promise<{ readonly roster?: string; readonly links?: string }> {
  const names = await readdir(folder).catch((): string[] => []);
  const tables = names.filter((name) => name.toLowerCase().endsWith('.csv')).sort();
  const links = tables.filter((name) => /link|koppling|relation/i.test(name));
  const rosters = tables.filter((name) => !links.includes(name));
  return {
    ...(rosters.length === 1 && rosters[0] !== undefined ? { roster: rosters[0] } : {}),
    ...(links.length === 1 && links[0] !== undefined ? { links: links[0] } : {}),
  };
}

function nextSteps(path: string, context: CommandContext, active: boolean): Record<Language, string> {
  const option = context.configPath === undefined ? '' : ` --config ${context.configPath}`;
  const steps = (first: string, check: string, dry: string, real: string) =>
    [
      ...(active ? [] : [first]),
      `  spar-sync check${option}              ${check}`,
      `  spar-sync update --dry-run${option}   ${dry}`,
      `  spar-sync update${option}             ${real}`,
      '',
    ].join('\n');
  return {
    en: `Written: ${path}\nNext:\n${steps(
      '  set "active" to true in it once the decision is in force, then',
      'tests configuration, certificate and roster',
      'asks SPAR as the real run would and shows what would change',
      'brings the roster up to date',
    )}`,
    sv: `Skrivet: ${path}\nHärnäst:\n${steps(
      '  sätt "active" till true i den när beslutet gäller, och sedan',
      'prövar inställningar, certifikat och register',
      'frågar SPAR som den riktiga körningen och visar vad som skulle ändras',
      'uppdaterar registret',
    )}`,
  };
}

function alreadyThere(path: string): SparSyncError {
  return new SparSyncError(
    'usage',
    {
      en: `${path} is already there and is left as it is.`,
      sv: `${path} finns redan och lämnas som den är.`,
    },
    {
      en: 'Move it away first, or write another with `spar-sync init --config FILE`.',
      sv: 'Flytta undan den först, eller skriv en annan med `spar-sync init --config FIL`.',
    },
  );
}

function endedEarly(answers: Answers, question: Question): SparSyncError {
  if (answers.size === 0) {
    return new SparSyncError(
      'usage',
      {
        en: '`init` asks questions and needs a terminal, or the answers on standard input, one a line.',
        sv: '`init` ställer frågor och behöver en terminal, eller svaren på standard in, ett per rad.',
      },
      {
        en: 'config.example.json can be copied and changed instead.',
        sv: 'config.example.json kan i stället kopieras och ändras.',
      },
    );
  }
  const asked = question.prompt;
  return new SparSyncError('usage', {
    en: `The answers ended before all was answered; nothing is written. Next would have been: ${asked.en}.`,
    sv: `Svaren tog slut innan allt var besvarat; inget är skrivet. Nästa fråga var: ${asked.sv}.`,
  });
}

function unusableAnswer(question: Question, wanted: Record<Language, string>): SparSyncError {
  return new SparSyncError('usage', {
    en: `The answer to "${question.prompt.en}" must be ${wanted.en}; nothing is written.`,
    sv: `Svaret på "${question.prompt.sv}" ska vara ${wanted.sv}; inget är skrivet.`,
  });
}

function interrupted(): SparSyncError {
  return new SparSyncError('interrupted', {
    en: 'Interrupted; nothing is written.',
    sv: 'Avbrutet; inget är skrivet.',
  });
}
