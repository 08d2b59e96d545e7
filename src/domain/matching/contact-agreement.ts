const NO_DIGIT = /\D+/g;
/** Shorter ones are extensions or scraps. */
const LEAST_DIGITS = 6;

/** An e-mail address as it is compared; `undefined` where the cell holds none. */
export function emailKey(cell: string | undefined): string | undefined {
  const text = cell?.trim().toLowerCase();
  return text?.includes('@') ? text : undefined;
}

/**
 * A phone number as it is compared: its digits, a Swedish one without +46, 0046 or leading 0, so that
 * `070-174 06 05` and `+46 (0)70 174 06 05` are one number; `undefined` where there are too few.
 */
export function phoneKey(cell: string | undefined): string | undefined {
  if (cell === undefined || cell === '') return undefined;
  const text = cell.trim();
  const digits = text.replace(NO_DIGIT, '');
  const abroad = text.startsWith('+') ? digits : digits.startsWith('00') ? digits.slice(2) : undefined;
  if (abroad !== undefined && !abroad.startsWith('46')) {
    return abroad.length < LEAST_DIGITS ? undefined : `+${abroad}`;
  }
  const national = (abroad === undefined ? digits : abroad.slice(2)).replace(/^0+/, '');
  return national.length < LEAST_DIGITS ? undefined : national;
}
