import Database from 'better-sqlite3';
import { SparSyncError } from '../../errors.ts';

/** The state file cannot be used as it is. */
export function stateUnusable(
  path: string,
  detail: { en: string; sv: string },
  hint?: { en: string; sv: string },
) {
  return new SparSyncError(
    'state-unusable',
    {
      en: `The state file ${path} cannot be used: ${detail.en}`,
      sv: `Den lokala databasen ${path} kan inte användas: ${detail.sv}`,
    },
    hint ?? {
      en: 'Check the path `state` in the configuration. If the file is damaged, put a backup copy in its place; without it, everything has to be bought from SPAR again.',
      sv: 'Kontrollera sökvägen `state` i inställningarna. Är filen skadad: lägg tillbaka en säkerhetskopia; utan den måste alla svar köpas från SPAR igen.',
    },
  );
}

/** The path is a symbolic link without a file at its end; SQLite would make none there. */
export function leadsNowhere(path: string): SparSyncError {
  return stateUnusable(path, LINK_TO_NOTHING, CORRECT_PATH);
}

/**
 * What an error of SQLite or of the file system means for the state file. Errors that can only be our own
 * mistake (a broken constraint, wrong SQL) come back as they are: those are bugs.
 */
export function asStateError(path: string, error: unknown): unknown {
  if (error instanceof SparSyncError) return error;
  const code = error instanceof Database.SqliteError ? error.code : systemCode(error);
  if (code === undefined) return error;
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return new SparSyncError(
      'state-locked',
      {
        en: `Another program is writing to the state file ${path}.`,
        sv: `Ett annat program skriver i den lokala databasen ${path}.`,
      },
      { en: 'Wait until it has finished and try again.', sv: 'Vänta tills det är klart och försök igen.' },
    );
  }
  const known = TROUBLES.find(([prefix]) => code.startsWith(prefix));
  return known ? stateUnusable(path, known[1], known[2]) : error;
}

function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  return error.code;
}

const FILE_RIGHTS = {
  en: 'Let the account that runs spar-sync read and write the file and its folder.',
  sv: 'Ge kontot som kör spar-sync rätt att läsa och skriva filen och dess mapp.',
};

const DISK_FULL = {
  en: 'Make room on the disk and run again.',
  sv: 'Frigör plats på disken och kör igen.',
};

const MAYBE_FULL = {
  en: 'it could not be written; the disk may be full.',
  sv: 'den gick inte att skriva; disken kan vara full.',
};

const LINK_TO_NOTHING = {
  en: 'it is a link that leads nowhere.',
  sv: 'den är en länk som inte leder någonstans.',
};

const CORRECT_PATH = {
  en: 'Correct the path `state` in the configuration.',
  sv: 'Rätta sökvägen `state` i inställningarna.',
};

const TROUBLES: readonly (readonly [string, { en: string; sv: string }, { en: string; sv: string }?])[] = [
  ['SQLITE_NOTADB', { en: 'it is not a SQLite database.', sv: 'den är ingen SQLite-databas.' }],
  ['SQLITE_CORRUPT', { en: 'it is damaged.', sv: 'den är skadad.' }],
  ['SQLITE_FULL', { en: 'the disk is full.', sv: 'disken är full.' }, DISK_FULL],
  // Some file systems, tmpfs for one, say no more than this when they are full.
  ['SQLITE_IOERR_WRITE', MAYBE_FULL, DISK_FULL],
  ['SQLITE_IOERR_SHM', MAYBE_FULL, DISK_FULL],
  ['SQLITE_IOERR_FSYNC', MAYBE_FULL, DISK_FULL],
  ['SQLITE_IOERR_TRUNCATE', MAYBE_FULL, DISK_FULL],
  ['SQLITE_IOERR', { en: 'the disk reported an error.', sv: 'disken rapporterade ett fel.' }],
  ['SQLITE_READONLY', { en: 'it cannot be written to.', sv: 'den går inte att skriva i.' }, FILE_RIGHTS],
  ['SQLITE_CANTOPEN', { en: 'it cannot be opened.', sv: 'den går inte att öppna.' }, FILE_RIGHTS],
  ['SQLITE_PERM', { en: 'permission is missing.', sv: 'behörighet saknas.' }, FILE_RIGHTS],
  ['EACCES', { en: 'permission is missing.', sv: 'behörighet saknas.' }, FILE_RIGHTS],
  ['EPERM', { en: 'permission is missing.', sv: 'behörighet saknas.' }, FILE_RIGHTS],
  ['EROFS', { en: 'the disk is read-only.', sv: 'disken är skrivskyddad.' }, FILE_RIGHTS],
  ['EEXIST', LINK_TO_NOTHING, CORRECT_PATH],
  ['ELOOP', LINK_TO_NOTHING, CORRECT_PATH],
  ['ENAMETOOLONG', { en: 'its name is too long.', sv: 'dess namn är för långt.' }, CORRECT_PATH],
  ['EISDIR', { en: 'it is a folder.', sv: 'det är en mapp.' }],
  ['ENOSPC', { en: 'the disk is full.', sv: 'disken är full.' }, DISK_FULL],
  [
    'ENOENT',
    { en: 'its folder does not exist.', sv: 'dess mapp finns inte.' },
    {
      en: 'Make the folder, or correct the path `state` in the configuration.',
      sv: 'Skapa mappen, eller rätta sökvägen `state` i inställningarna.',
    },
  ],
  [
    'ENOTDIR',
    { en: 'its folder does not exist.', sv: 'dess mapp finns inte.' },
    {
      en: 'Make the folder, or correct the path `state` in the configuration.',
      sv: 'Skapa mappen, eller rätta sökvägen `state` i inställningarna.',
    },
  ],
];
