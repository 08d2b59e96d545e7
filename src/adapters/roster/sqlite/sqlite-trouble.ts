import Database from 'better-sqlite3';
import type { Text } from '../../../domain/text.ts';
import { SparSyncError } from '../../../errors.ts';

/** What was being done with the roster's database when it failed. */
export type SqliteDoing = 'reading' | 'writing';

/**
 * What an error of SQLite means for the roster. `place`: the database, and the table where one is known.
 * SQLite's own words are kept, as they may name a column but never hold what is in a cell; other errors come
 * back as they are.
 */
export function asRosterError(place: string, doing: SqliteDoing, error: unknown): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  const known = TROUBLES.find(([prefix]) => error.code.startsWith(prefix));
  const [, detail, hint] = known ?? [
    '',
    {
      en: `SQLite says: ${error.message} (${error.code}).`,
      sv: `SQLite säger: ${error.message} (${error.code}).`,
    },
    undefined,
  ];
  return rosterTrouble(place, doing, detail, hint);
}

export function rosterTrouble(place: string, doing: SqliteDoing, detail: Text, hint?: Text): SparSyncError {
  return doing === 'reading'
    ? new SparSyncError(
        'roster-unreadable',
        {
          en: `The roster ${place} cannot be read: ${detail.en}`,
          sv: `Registret ${place} kan inte läsas: ${detail.sv}`,
        },
        hint,
      )
    : new SparSyncError(
        'roster-unwritable',
        {
          en: `The roster ${place} cannot be written to: ${detail.en} Nothing was written.`,
          sv: `Det går inte att skriva i registret ${place}: ${detail.sv} Ingenting har skrivits.`,
        },
        hint,
      );
}

const RIGHTS: Text = {
  en: 'Let the account that runs spar-sync read and write the file and its folder (SQLite makes files beside it).',
  sv: 'Ge kontot som kör spar-sync rätt att läsa och skriva filen och dess mapp (SQLite skapar filer intill den).',
};

const HELD: Text = {
  en: 'another program holds it locked.',
  sv: 'ett annat program håller den låst.',
};

const WAIT: Text = {
  en: 'Wait until that program has finished, or close it, and try again.',
  sv: 'Vänta tills det programmet är klart, eller stäng det, och försök igen.',
};

const MAKE_ROOM: Text = {
  en: 'Make room on the disk and run again.',
  sv: 'Frigör plats på disken och kör igen.',
};

const MAYBE_FULL: Text = {
  en: 'the disk could not take it; it may be full.',
  sv: 'disken kunde inte ta emot det; den kan vara full.',
};

const TROUBLES: readonly (readonly [string, Text, Text?])[] = [
  ['SQLITE_BUSY', HELD, WAIT],
  ['SQLITE_LOCKED', HELD, WAIT],
  [
    'SQLITE_NOTADB',
    { en: 'it is not a SQLite database.', sv: 'det är ingen SQLite-databas.' },
    { en: 'Check `roster.path` in the configuration.', sv: 'Kontrollera `roster.path` i inställningarna.' },
  ],
  [
    'SQLITE_CORRUPT',
    { en: 'the database is damaged.', sv: 'databasen är skadad.' },
    {
      en: 'Put a backup copy in its place, or let the program that owns it repair it.',
      sv: 'Lägg tillbaka en säkerhetskopia, eller låt programmet som äger den reparera den.',
    },
  ],
  ['SQLITE_READONLY', { en: 'it is read-only.', sv: 'den är skrivskyddad.' }, RIGHTS],
  ['SQLITE_CANTOPEN', { en: 'it cannot be opened.', sv: 'den går inte att öppna.' }, RIGHTS],
  ['SQLITE_PERM', { en: 'permission is missing.', sv: 'behörighet saknas.' }, RIGHTS],
  ['SQLITE_FULL', { en: 'the disk is full.', sv: 'disken är full.' }, MAKE_ROOM],
  // Some file systems, tmpfs for one, say no more than this when they are full.
  ['SQLITE_IOERR_WRITE', MAYBE_FULL, MAKE_ROOM],
  ['SQLITE_IOERR_FSYNC', MAYBE_FULL, MAKE_ROOM],
  ['SQLITE_IOERR_SHM', MAYBE_FULL, MAKE_ROOM],
  ['SQLITE_IOERR_TRUNCATE', MAYBE_FULL, MAKE_ROOM],
  ['SQLITE_IOERR', { en: 'the disk reported an error.', sv: 'disken rapporterade ett fel.' }],
];
