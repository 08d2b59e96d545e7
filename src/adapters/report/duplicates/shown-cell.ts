import type { ShownField } from '../../../domain/duplicate-pair.ts';
import { fold, isBlank } from '../../../domain/fold.ts';
import { maskNumberCell } from '../printable.ts';
import { maskedPhone, maskedShort } from '../report-sections.ts';

/** Two people stand side by side on a screen. */
const WIDTH = 36;

/** A cell as a screen shows it: no personnummer whole, also none that was typed into another column. */
export function shownCell(field: ShownField, cell: string): string {
  if (field === 'personnummer') return maskNumberCell(cell);
  return field === 'phone' ? maskedPhone(cell.trim(), WIDTH) : maskedShort(cell.trim(), WIDTH);
}

/** Whether both cells hold something, and not the same but for the way it is written. */
export function differs(field: ShownField, one: string, other: string): boolean {
  if (isBlank(one) || isBlank(other)) return false;
  return comparable(field, one) !== comparable(field, other);
}

function comparable(field: ShownField, cell: string): string {
  const text = fold(cell);
  switch (field) {
    case 'personnummer':
      return text.replace(/[^\p{L}\p{N}]/gu, '').slice(-10);
    case 'birth_date':
      return text.replace(/\D/g, '');
    case 'postal_code':
      return text.replaceAll(' ', '');
    case 'phone':
      return text
        .replace(/\D/g, '')
        .replace(/^(?:00)?46/, '')
        .replace(/^0+/, '');
    default:
      return text;
  }
}
