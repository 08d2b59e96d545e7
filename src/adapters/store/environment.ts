import type { State } from '../../app/ports.ts';
import type { StateFile } from './state-file.ts';

const IS_ANSWERED = "EXISTS (SELECT 1 FROM ledger WHERE outcome = 'answered')";

/** Which environment of SPAR the answers in a state file are from: settled by the first of them. */
export function createEnvironment({ db, read, write }: StateFile): State['environment'] {
  const stored = db.prepare<[], string>(`SELECT name FROM environment WHERE ${IS_ANSWERED}`).pluck();
  const upsert = db.prepare(
    `INSERT INTO environment (only, name) VALUES (1, ?)
     ON CONFLICT DO UPDATE SET name = excluded.name WHERE NOT ${IS_ANSWERED}`,
  );
  return {
    get: () => read(() => stored.get()),
    settle: (name) => write(() => void upsert.run(name)),
  };
}
