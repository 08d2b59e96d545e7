import type { State } from '../../app/ports.ts';
import type { StateFile } from './state-file.ts';

/**
 * The secret of a state file: 64 hex digits that come from nobody and nothing, made with the file. A state file
 * that is not there yet, or is of an older version and only read, has one that lasts as long as the process.
 */
export function createSecret({ db, read }: StateFile): State['secret'] {
  const stored = db.prepare<[], string>('SELECT hex FROM secret').pluck();
  return () =>
    read(() => {
      const secret = stored.get();
      if (secret === undefined) throw new Error('a state file without a secret');
      return secret;
    });
}
