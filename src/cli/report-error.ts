import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { maskNumbers, printable } from '../adapters/report/printable.ts';
import type { Language, Text } from '../domain/text.ts';
import { SparSyncError } from '../errors.ts';

/** An error as it is shown: nothing in it comes from a foreign error's message. */
export interface ErrorReport {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

const BUG_HINT: Text = {
  en: 'Every answer from SPAR that was received is kept. Please report this with the lines above; they hold nothing personal.',
  sv: 'Alla svar från SPAR som kom är sparade. Rapportera gärna detta med raderna ovan; de innehåller inget personligt.',
};

/**
 * What stopped the run, in the reader's language. Messages name rows and files, and schools use personnummer
 * as names of both: they are masked here, once for everything that is shown of an error. A bug is told by the error's name, its code and where in
 * the code it arose: the messages and properties of the SOAP, TLS and SQLite libraries carry requests,
 * passphrases and personnummer, so none of them is ever shown.
 */
export function reportError(error: unknown, language: Language): ErrorReport {
  if (error instanceof SparSyncError) {
    const { code, text, hint } = error;
    return { code, message: maskNumbers(text[language]), hint: maskNumbers(hint?.[language] ?? '') };
  }
  const headline: Text = {
    en: `This is a bug in spar-sync: ${nameOf(error)}`,
    sv: `Det här är ett fel i spar-sync: ${nameOf(error)}`,
  };
  return {
    code: 'bug',
    message: [headline[language], ...framesOf(error)].join('\n'),
    hint: BUG_HINT[language],
  };
}

/** For a screen: no value from a roster or a server can steer the terminal. */
export function renderError({ message, hint }: ErrorReport): string {
  const lines = [...message.split('\n'), ...hint.split('\n')].filter((line) => line !== '').map(printable);
  return `${lines.join('\n')}\n`;
}

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return `thrown ${error === null ? 'null' : typeof error}`;
  const name = /^[A-Za-z]{1,40}$/.test(error.name) ? error.name : 'Error';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const known = /^[A-Z][A-Z0-9_]{1,50}$/.test(code) ? `${name} ${code}` : name;
  // Errors of the file system have no frames; a path of the program's own says as much.
  const path = 'path' in error && typeof error.path === 'string' ? withinProject(error.path) : undefined;
  return path === undefined ? known : `${known} ${path}`;
}

/** Relative to this program's own compiled code and sources; nothing for files of the school. */
function withinProject(path: string): string | undefined {
  const inside = relative(PROJECT, path);
  return /^(?:src|dist|node_modules|bin)[\\/]/.test(inside) ? inside : undefined;
}

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const FRAME = /^ {4}at (?:.*\()?((?:file:\/\/|node:|\/|[A-Za-z]:\\)[^()]*):(\d+):(\d+)\)?$/;

/** Positions only, of frames in this project, its packages and Node; the stack begins with the message. */
function framesOf(error: unknown): string[] {
  if (!(error instanceof Error) || typeof error.stack !== 'string') return [];
  const messageEnd = error.stack.lastIndexOf(error.message) + error.message.length;
  return error.stack
    .slice(messageEnd)
    .split('\n')
    .flatMap((line) => {
      const [, place, row, column] = FRAME.exec(line) ?? [];
      if (place === undefined) return [];
      if (place.startsWith('node:')) return [`    ${place}:${row}:${column}`];
      const path = relative(PROJECT, place.startsWith('file:') ? fileURLToPath(place) : place);
      return path.startsWith('..') ? [] : [`    ${path}:${row}:${column}`];
    });
}
