/** Ten or twelve digits, however parted: whether they are a number depends on the day, which the plan knows. */
const LIKE_A_NUMBER = /^\d{6}(?:\d{2})?\D?\d{4}$/;

/** The cells that look like id-nummer, without their blanks. */
export function likeNumbers(cells: readonly (string | undefined)[]): string[] {
  return cells.map((cell = '') => cell.replace(/\s/g, '')).filter((cell) => LIKE_A_NUMBER.test(cell));
}
