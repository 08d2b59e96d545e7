import type { ShownCells } from '../duplicate-pair.ts';
import type { Cells } from '../roster.ts';

/** What a person sees of a row, as it stands there; empty where the roster has no such column. */
export function shownOfCells(cells: Cells): ShownCells {
  return {
    personnummer: cells.personnummer ?? '',
    first_name: cells.first_name ?? '',
    last_name: cells.last_name ?? '',
    birth_date: cells.birth_date ?? '',
    street: cells.street ?? '',
    postal_code: cells.postal_code ?? '',
    city: cells.city ?? '',
    email: cells.email ?? '',
    phone: cells.phone ?? '',
  };
}
