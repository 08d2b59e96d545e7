import { maskNumbers, printable } from '../adapters/report/printable.ts';
import { maskGiven } from '../domain/person-id.ts';
import type { PersonType, RowKey } from '../domain/roster.ts';
import { SparSyncError } from '../errors.ts';
import type { CommandContext } from './context.ts';
import type { RowSelector } from './options.ts';

/** Which rows the command line means. */
export interface RowChoice {
  selected(key: RowKey): boolean;
  /**
   * Says which ids no row had; to be called when the roster has been read.
   *
   * @throws SparSyncError `usage` when none of them had one
   */
  complainAboutStrangers(context: CommandContext): void;
}

/** Rows of these types, and of these ids where there are any. */
export function chooseRows(
  types: ReadonlySet<PersonType>,
  ids: readonly RowSelector[] | undefined,
): RowChoice {
  const isStudentsOnly = types.size === 1 && types.has('student');
  const found = new Set<RowSelector>();
  const byId = new Map<string, RowSelector[]>();
  for (const selector of ids ?? []) byId.set(selector.id, [...(byId.get(selector.id) ?? []), selector]);

  return {
    selected(key) {
      if (!types.has(key.type)) return false;
      if (ids === undefined) return true;
      const matching = byId
        .get(key.id)
        ?.filter((selector) => selector.type === undefined || selector.type === key.type);
      for (const selector of matching ?? []) found.add(selector);
      return matching !== undefined && matching.length > 0;
    },
    complainAboutStrangers(context) {
      const strangers = (ids ?? [])
        .filter((selector) => !found.has(selector))
        .map(({ type, id }) => (type ? `${type}:${maskGiven(id)}` : maskGiven(id)));
      if (strangers.length === 0) return;
      const text = {
        en: `No ${isStudentsOnly ? 'student' : 'row'} of the roster has the id ${strangers.join(', ')}.`,
        sv: `Ingen ${isStudentsOnly ? 'elev' : 'rad'} i registret har id ${strangers.join(', ')}.`,
      };
      if (strangers.length === ids?.length) {
        throw new SparSyncError('usage', text, {
          en: '--id takes the id of a row, `17` or `student:17`; an id is unique within its type.',
          sv: '--id tar id för en rad, `17` eller `student:17`; ett id är unikt inom sin typ.',
        });
      }
      context.stderr.write(`${maskNumbers(printable(text[context.language]))}\n`);
    },
  };
}
