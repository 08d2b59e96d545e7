/**
 * Ten or twelve digits, however parted and with a few letters or signs around them (`'19750325-9280`,
 * `SE 750325-9280`): whether they are a number depends on the day, which the plan knows.
 */
const LIKE_A_NUMBER = /^\D{0,4}(\d{6}(?:\d{2})?)(\D?)(\d{4})\D{0,4}$/;

/** The cells that look like id-nummer, without their blanks and what stands around. */
export function likeNumbers(cells: readonly (string | undefined)[]): string[] {
  return cells.flatMap((cell = '') => {
    const [, date, parting, last] = LIKE_A_NUMBER.exec(cell.replace(/\s/g, '')) ?? [];
    return date === undefined || last === undefined ? [] : [`${date}${parting}${last}`];
  });
}
