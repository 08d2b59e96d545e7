import { createInterface } from 'node:readline/promises';
import { printable } from '../adapters/report/printable.ts';
import { formatCost, type Texts, textsOf } from '../adapters/report/texts.ts';
import type { Progress, ProgressEvent } from '../app/ports.ts';
import type { CommandContext, Output } from './context.ts';

export { printable };

/** One line of a terminal that is drawn over and over. */
export interface StatusLine {
  show(text: string): void;
  /** Takes the line away, so that other text can be written. */
  clear(): void;
}

export interface ProgressSetting {
  /** Monotonic milliseconds. */
  readonly elapsed: () => number;
  /** What an answered lookup costs; without it no cost is shown. */
  readonly price?: { readonly perLookup: number; readonly currency: string };
  /** Made only for a terminal; ora where left out. */
  readonly openStatusLine?: (stderr: Output) => Promise<StatusLine>;
}

export interface ProgressDisplay {
  readonly progress: Progress;
  /** To be called when the command ends, however it ends: gives the terminal its cursor back. */
  stop(): void;
}

/** Plain lines come when a tenth has been asked, but not within seconds of each other; and every half minute. */
const LINE_AFTER_MS = 5_000;
const LINE_EVERY_MS = 30_000;
const LINE_EVERY_SHARE = 0.1;
/** A rate over less than this says nothing. */
const RATE_AFTER_MS = 1_000;
const BAR_WIDTH = 20;

/**
 * Shows a run under way on standard error: a bar with rate, time left and cost so far on a terminal, rare
 * plain lines elsewhere. With `--quiet` only what a person should know whatever else happens: a remark, and
 * what became of a run that had been cut off.
 */
export async function createProgress(
  context: CommandContext,
  setting: ProgressSetting,
): Promise<ProgressDisplay> {
  const { stderr } = context;
  // A terminal of no width, as under `script` or some CI: ora would divide by it and never return.
  const hasWidth = stderr.columns === undefined || stderr.columns > 0;
  const onTerminal = stderr.isTTY === true && hasWidth && context.env['TERM'] !== 'dumb' && !context.quiet;
  const line = onTerminal ? await (setting.openStatusLine ?? openSpinner)(stderr) : undefined;
  const say = (text: string): void => {
    line?.clear();
    stderr.write(`${printable(text)}\n`);
  };
  const asking = createAskingDisplay(context, setting, line, say);
  /** A run of several parts makes some remarks in each. */
  const remarked = new Set<string>();

  const show = (text: string): void => {
    if (line) line.show(text);
    else say(text);
  };

  function progress(event: ProgressEvent): void {
    if (context.quiet && event.kind !== 'remark' && event.kind !== 'settled') return;
    const texts = textsOf(context.language).progress;
    switch (event.kind) {
      case 'reading':
        show(texts.reading);
        break;
      case 'asking':
        if (event.total > 0) asking.begin(event.total);
        break;
      case 'asked':
        asking.asked(event);
        break;
      case 'waiting':
        say(texts.waiting(duration(event.seconds)));
        break;
      case 'writing':
        show(texts.writing);
        break;
      case 'settled':
        say(texts.settled[event.outcome](event.run));
        break;
      case 'remark':
        if (remarked.has(event.text.en)) break;
        remarked.add(event.text.en);
        say(texts.remark(event.text[context.language]));
        break;
    }
  }

  return { progress, stop: () => line?.clear() };
}

function createAskingDisplay(
  context: CommandContext,
  setting: ProgressSetting,
  line: StatusLine | undefined,
  say: (text: string) => void,
) {
  let began = 0;
  let saidAt = 0;
  let saidDone = 0;

  return {
    begin(total: number): void {
      began = setting.elapsed();
      saidAt = began;
      saidDone = 0;
      const text = textsOf(context.language).progress.asking(total);
      if (line) line.show(text);
      else say(text);
    },

    asked({ done, failed, total }: { done: number; failed: number; total: number }): void {
      const texts = textsOf(context.language);
      const now = setting.elapsed();
      const facts = factsOf({ done, failed, total }, now - began, setting, texts);
      const waited = now - saidAt;
      const isTenth = done - saidDone >= total * LINE_EVERY_SHARE && waited >= LINE_AFTER_MS;
      const due = isTenth || waited >= LINE_EVERY_MS;
      if (done >= total) {
        const failures = failed > 0 ? [texts.progress.failed(failed)] : [];
        const cost = costOf(done - failed, setting, texts);
        say([texts.progress.askedAll(done), ...failures, ...cost].join(', '));
      } else if (line) {
        line.show(`${bar(done, total)} ${facts}`);
      } else if (due) {
        saidAt = now;
        saidDone = done;
        say(facts);
      }
    },
  };
}

function factsOf(
  { done, failed, total }: { done: number; failed: number; total: number },
  milliseconds: number,
  setting: ProgressSetting,
  texts: Texts,
): string {
  const { progress } = texts;
  const facts = [progress.asked(done, total)];
  if (failed > 0) facts.push(progress.failed(failed));
  if (milliseconds >= RATE_AFTER_MS && done > 0) {
    const rate = (done * 1000) / milliseconds;
    facts.push(progress.perSecond(rate.toFixed(rate < 10 ? 1 : 0).replace('.', texts.decimalSign)));
    facts.push(progress.left(duration((total - done) / rate)));
  }
  return [...facts, ...costOf(done - failed, setting, texts)].join(', ');
}

function costOf(answered: number, { price }: ProgressSetting, texts: Texts): string[] {
  if (price === undefined) return [];
  return [formatCost((answered * Math.round(price.perLookup * 100)) / 100, price.currency, texts)];
}

function bar(done: number, total: number): string {
  const filled = Math.floor((done / total) * BAR_WIDTH);
  return `[${'#'.repeat(filled)}${'.'.repeat(BAR_WIDTH - filled)}]`;
}

/** `45 s`, `2 min 10 s`, `1 h 5 min`: the same in both languages. */
function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${whole % 60} s`;
}

async function openSpinner(stderr: Output): Promise<StatusLine> {
  const { default: ora } = await import('ora');
  // Ctrl-C must reach the process as a signal, and standard input belongs to the questions.
  const spinner = ora({ discardStdin: false, ...(isWritable(stderr) && { stream: stderr }) });
  return {
    show: (text) => {
      spinner.text = text;
      if (!spinner.isSpinning) spinner.start();
    },
    clear: () => void spinner.stop(),
  };
}

function isWritable(output: Output): output is Output & NodeJS.WritableStream {
  return 'end' in output;
}

/** Whether there is somebody to ask. */
export function canAsk(context: CommandContext): boolean {
  return context.stdin.isTTY === true && context.stderr.isTTY === true;
}

/**
 * Asks on standard error and reads one line. Only an explicit yes is a yes; Enter, the end of the input and
 * anything else is a no. Rejects with an AbortError when the run is interrupted.
 */
export async function confirm(question: string, context: CommandContext): Promise<boolean> {
  const { consent } = textsOf(context.language);
  const { stdin, stderr, signal } = context;
  // Not `terminal`: that would take Ctrl-C away from the process.
  const lines = createInterface({ input: stdin, terminal: false });
  stderr.write(`${printable(question)} ${consent.choices} `);
  try {
    const ended = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
    const answer = await Promise.race([lines.question('', { signal }), ended]);
    return consent.yes.includes(answer.trim().toLowerCase());
  } finally {
    lines.close();
  }
}
