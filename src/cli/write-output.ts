import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  type Content,
  isStreamFile,
  piecesOf,
  writeContent,
  writeFileAtomically,
} from '../adapters/atomic-write.ts';
import { maskNumbers, printable } from '../adapters/report/printable.ts';
import { whyNotWritten } from '../adapters/report/why-not-written.ts';
import type { Text } from '../domain/text.ts';
import { SparSyncError } from '../errors.ts';
import type { CommandContext, Output } from './context.ts';

/**
 * Puts a result where the person wants it: into a file that only its owner can read, into a pipe or a device, or
 * on standard output. Of a long one, each piece is written before the next is asked for.
 *
 * @param options.isPainted it is made for a screen: its values are neutral, and escape sequences in it are colours
 * @throws SparSyncError `usage` where it cannot be written: nothing was done that would stand without it
 */
export async function writeOutput(
  content: Content,
  file: string | undefined,
  context: CommandContext,
  { isPainted = false }: { readonly isPainted?: boolean } = {},
): Promise<void> {
  if (file === undefined || file === '/dev/stdout') {
    await writeToStdout(context.stdout, content, isPainted);
    return;
  }
  const path = resolve(context.cwd, file);
  try {
    if (await isStreamFile(path)) await writeToStream(path, content);
    else await writeFileAtomically(path, content, { mode: 0o600 });
  } catch (error) {
    // What kept the next piece from being made is told by itself.
    if (error instanceof SparSyncError || context.signal.aborted) throw error;
    const why = whyNotWritten(error);
    throw new SparSyncError(
      'usage',
      { en: `${file} cannot be written${why.en}.`, sv: `${file} kan inte skrivas${why.sv}.` },
      {
        en: 'Name a file in a folder that is there and that you may write to after -o.',
        sv: 'Ange efter -o en fil i en mapp som finns och som du får skriva i.',
      },
    );
  }
}

/** Says that a result is in its file, where nothing else is said of it. */
export function tellWritten(
  file: string | undefined,
  { json, quiet, stderr, language }: CommandContext,
  more: Text = { en: '', sv: '' },
): void {
  if (file === undefined || file.startsWith('/dev/') || json || quiet) return;
  const name = maskNumbers(printable(file));
  const text = { en: `Written to ${name}. ${more.en}`, sv: `Skrivet till ${name}. ${more.sv}` };
  stderr.write(`${text[language].trim()}\n`);
}

/** Stops where nobody reads any more: what became of the output is seen to by `main`. */
async function writeToStdout(stdout: Output, content: Content, isPainted: boolean): Promise<void> {
  for await (const piece of piecesOf(content)) {
    const shown = stdout.isTTY ? forScreen(piece, isPainted) : piece;
    const failure = await new Promise<Error | null | undefined>((done) => stdout.write(shown, done));
    if (failure) return;
  }
}

/** A file in its place would leave whoever reads there without anything. */
async function writeToStream(path: string, content: Content): Promise<void> {
  const handle = await open(path, 'a');
  try {
    await writeContent(handle, content);
  } finally {
    await handle.close();
  }
}

/** On a screen no personnummer is whole, and no cell steers it; a pipe gets what a file would. */
function forScreen(content: string | Uint8Array, isPainted: boolean): string {
  const text = maskNumbers(Buffer.from(content).toString('utf8'));
  return isPainted ? text : text.split(/\r?\n/).map(printable).join('\n');
}
