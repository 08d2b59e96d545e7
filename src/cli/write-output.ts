import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isStreamFile, writeAll, writeFileAtomically } from '../adapters/atomic-write.ts';
import { maskNumbers } from '../adapters/report/printable.ts';
import { SparSyncError } from '../errors.ts';
import type { CommandContext } from './context.ts';

/**
 * Puts a result where the person wants it: into a file that only its owner can read, into a pipe or a device, or
 * on standard output.
 *
 * @throws SparSyncError `usage` where it cannot be written: nothing was done that would stand without it
 */
export async function writeOutput(
  content: string | Uint8Array,
  file: string | undefined,
  context: CommandContext,
): Promise<void> {
  if (file === undefined || file === '/dev/stdout') {
    // On a screen no personnummer is whole; a pipe gets what a file would.
    const shown = context.stdout.isTTY ? maskNumbers(Buffer.from(content).toString('utf8')) : content;
    context.stdout.write(shown);
    return;
  }
  const path = resolve(context.cwd, file);
  try {
    if (await isStreamFile(path)) await writeToStream(path, content);
    else await writeFileAtomically(path, content, { mode: 0o600 });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new SparSyncError(
      'usage',
      { en: `${file} cannot be written${code}.`, sv: `${file} kan inte skrivas${code}.` },
      {
        en: 'Name a file in a folder that is there and that you may write to after -o.',
        sv: 'Ange efter -o en fil i en mapp som finns och som du får skriva i.',
      },
    );
  }
}

/** A file in its place would leave whoever reads there without anything. */
async function writeToStream(path: string, content: string | Uint8Array): Promise<void> {
  const handle = await open(path, 'a');
  try {
    await writeAll(handle, Buffer.from(content));
  } finally {
    await handle.close();
  }
}
