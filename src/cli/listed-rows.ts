import { createInterface } from 'node:readline';
import { interrupted } from '../app/interrupted.ts';
import type { Text } from '../domain/text.ts';
import { SparSyncError } from '../errors.ts';
import type { CommandContext } from './context.ts';
import type { RowSelector } from './options.ts';
import { parseRowSelector } from './parse-options.ts';

/**
 * Row ids or personnummer from standard input, one a line, where no process list shows them: without lines that
 * are empty or begin with `#`. Somebody at a terminal is told what to write.
 *
 * @throws SparSyncError `interrupted`; `usage` where there are none
 */
export async function readListedRows(context: CommandContext): Promise<readonly RowSelector[]> {
  const { stdin, stderr, signal, language } = context;
  if (stdin.isTTY === true) stderr.write(`${WHAT_TO_WRITE[language]}\n`);
  const lines = createInterface({ input: stdin, terminal: false });
  const stop = (): void => lines.close();
  signal.addEventListener('abort', stop, { once: true });
  const listed: string[] = [];
  try {
    for await (const line of lines) listed.push(line.replace(/^\ufeff/, '').trim());
  } finally {
    signal.removeEventListener('abort', stop);
    lines.close();
  }
  if (signal.aborted) throw interrupted();
  const told = listed.filter((line) => line !== '' && !line.startsWith('#'));
  if (told.length === 0) throw namesNobody();
  return told.map(parseRowSelector);
}

const WHAT_TO_WRITE: Text = {
  en: 'One row id or personnummer a line; end with Ctrl-D on an empty line.',
  sv: 'Ett id eller personnummer per rad; avsluta med Ctrl-D på en tom rad.',
};

function namesNobody(): SparSyncError {
  return new SparSyncError(
    'usage',
    {
      en: 'The list is empty: it holds no id and no personnummer.',
      sv: 'Listan är tom: den innehåller inget id och inget personnummer.',
    },
    {
      en: 'Give it one row id or personnummer a line, as with `< list.txt`.',
      sv: 'Ge den ett id eller personnummer per rad, som med `< lista.txt`.',
    },
  );
}
