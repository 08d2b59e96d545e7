import { toPersonId } from '../../src/domain/person-id.ts';
import type { SparSyncError } from '../../src/errors.ts';

/** What steers a terminal, breaks a line or turns the direction of writing; line feeds aside. */
const STEERING =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\p{Cs}/u;

/** A day, of a samordningsnummer too, with or without its century, and four digits behind it. */
const NUMBER =
  /(?<![\p{L}\p{N}])(?:18|19|20)?\d{2}(?:0\d|1[0-2])(?:[0-2]\d|3[01]|[678]\d|9[01])[-+ ]?\d{4}(?![\p{L}\p{N}])/gu;

/** Fails where what was shown on a screen could do more than be read, or tells a whole number. */
export function demandNeutral(shown: string, what: string): void {
  const at = STEERING.exec(shown);
  if (at !== null) {
    const code = at[0].codePointAt(0)?.toString(16);
    const around = JSON.stringify(shown.slice(Math.max(0, at.index - 60), at.index + 20));
    throw new Error(`${what} holds the character U+${code}: ${around}`);
  }
  const whole = unmaskedNumber(shown);
  if (whole !== undefined) throw new Error(`${what} holds the number ${whole}`);
}

/** The message and hint of an error, in both languages, as JSON has them: no file has put anything into them. */
export function demandNeutralError(error: SparSyncError, personal: readonly string[] = []): void {
  for (const text of [error.text, error.hint]) {
    for (const told of [text?.en ?? '', text?.sv ?? '']) {
      if (told.length > LONGEST) throw new Error(`a message of ${told.length} characters`);
      const leak = personal.find((value) => told.toLowerCase().includes(value));
      if (leak !== undefined) throw new Error(`a message holds ${JSON.stringify(leak)}`);
      if (/\n {4}at /.test(told)) throw new Error('a message holds a stack');
    }
  }
}

const LONGEST = 20_000;

function unmaskedNumber(text: string): string | undefined {
  return (text.match(NUMBER) ?? []).find((written) => {
    const digits = written.replace(/\D/g, '');
    return toPersonId(digits.length === 12 ? digits : `20${digits}`) !== undefined;
  });
}
