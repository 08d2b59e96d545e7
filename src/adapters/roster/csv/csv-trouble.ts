import type { Text } from '../../../domain/text.ts';
import { SparSyncError } from '../../../errors.ts';
import { errnoOf } from '../../atomic-write.ts';

/** A file that cannot be read as a roster, with the line where that shows. */
export function unreadable(
  file: string,
  line: number | undefined,
  trouble: Text,
  hint?: Text,
): SparSyncError {
  const en = line === undefined ? file : `${file}, line ${line}`;
  const sv = line === undefined ? file : `${file}, rad ${line}`;
  return new SparSyncError(
    'roster-unreadable',
    { en: `${en}: ${trouble.en}`, sv: `${sv}: ${trouble.sv}` },
    hint,
  );
}

/** Does the reading, and turns what the system refuses into `roster-unreadable`; other errors pass. */
export async function whileReading<Result>(file: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw asUnreadable(file, error);
  }
}

export function asUnreadable(file: string, error: unknown): unknown {
  const code = errnoOf(error);
  if (code === undefined) return error;
  if (code === 'ENOENT') {
    return unreadable(file, undefined, { en: 'there is no such file', sv: 'filen finns inte' }, PATH_HINT);
  }
  return unreadable(
    file,
    undefined,
    { en: `the file cannot be read (${code})`, sv: `filen kan inte läsas (${code})` },
    {
      en: 'Check that the account that runs spar-sync may read it.',
      sv: 'Kontrollera att kontot som kör spar-sync får läsa den.',
    },
  );
}

/** Does the writing, and turns what the system refuses into `roster-unwritable`; other errors pass. */
export async function whileWriting<Result>(file: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const code = errnoOf(error);
    if (code === undefined) throw error;
    throw unwritable(file, reasonOf(code), isFull(code) ? ROOM_HINT : RIGHTS_HINT);
  }
}

/** The same where the new file is in its place already and only the disk's word is missing that it will stay there. */
export async function whileConfirming(file: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const code = errnoOf(error);
    if (code === undefined) throw error;
    throw unwritable(
      file,
      {
        en: `the file is replaced, but the disk did not confirm it (${code})`,
        sv: `filen är ersatt, men disken bekräftade det inte (${code})`,
      },
      isFull(code) ? ROOM_HINT : DISK_HINT,
    );
  }
}

function isFull(code: string): boolean {
  return code === 'ENOSPC' || code === 'EDQUOT';
}

export function unwritable(file: string, trouble: Text, hint: Text): SparSyncError {
  return new SparSyncError(
    'roster-unwritable',
    { en: `${file}: ${trouble.en}`, sv: `${file}: ${trouble.sv}` },
    hint,
  );
}

function reasonOf(code: string): Text {
  if (isFull(code)) {
    return {
      en: `the disk is full (${code}); the file is as it was`,
      sv: `disken är full (${code}); filen är som den var`,
    };
  }
  return { en: `the file cannot be replaced (${code})`, sv: `filen kan inte ersättas (${code})` };
}

const PATH_HINT: Text = {
  en: 'Correct the path under "roster" in the configuration; it is relative to the folder of the configuration file.',
  sv: 'Rätta sökvägen under "roster" i inställningarna; den utgår från inställningsfilens egen mapp.',
};

const ROOM_HINT: Text = {
  en: 'Make room on the disk and run again: the answers are kept and cost nothing more.',
  sv: 'Gör plats på disken och kör igen: svaren är sparade och kostar inget mer.',
};

const DISK_HINT: Text = {
  en: 'Let somebody look at the disk; then run again.',
  sv: 'Låt någon se över disken och kör sedan igen.',
};

export const RIGHTS_HINT: Text = {
  en: 'The account that runs spar-sync must be allowed to write to the file and to make files in its folder.',
  sv: 'Kontot som kör spar-sync måste få skriva i filen och skapa filer i dess mapp.',
};
