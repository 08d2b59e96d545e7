/** The wide forms too: a spreadsheet in an East Asian language takes them for the others. */
const FORMULA_START = /^[=+\-@\t\r\n＝＋－＠]/;
const PHONE_NUMBER = /^\+\d[\d ()-]*$/;

/**
 * The cell with an apostrophe before it where a spreadsheet would take it for a formula. A phone number that
 * begins with its country code is none, and would no longer be one with an apostrophe.
 */
export function neutraliseFormula(cell: string): string {
  return FORMULA_START.test(cell) && !PHONE_NUMBER.test(cell) ? `'${cell}` : cell;
}

/** The same for a file that is read back: a cell that looks neutralised already gets one apostrophe more. */
export function neutraliseReversibly(cell: string): string {
  return isNeutralised(cell) ? `'${cell}` : neutraliseFormula(cell);
}

/** The cell as it was before `neutraliseReversibly`. */
export function restoreFormula(cell: string): string {
  return isNeutralised(cell) ? cell.slice(1) : cell;
}

function isNeutralised(cell: string): boolean {
  return /^'+[=+\-@\t\r\n＝＋－＠]/.test(cell);
}
