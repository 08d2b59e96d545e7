import type { Cells } from '../roster.ts';

/** A whole number of at most 53 bits, never 0. */
export type Fingerprint = number;

/**
 * Stands for everything in a row that a comparison with SPAR's answer looks at. Not a cryptographic hash: it
 * tells a row that nobody has touched from one that somebody has, and two texts that somebody would really
 * write agree once in nine million billion.
 */
export function fingerprintOf(cells: Cells): Fingerprint {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  const add = (text: string | undefined): void => {
    // A column that is not there differs from an empty cell, and a cell never runs into the next.
    const length = text === undefined ? -1 : text.length;
    high = Math.imul(high ^ length, 2654435761);
    low = Math.imul(low ^ length, 1597334677);
    for (let i = 0; i < length; i++) {
      const code = text?.charCodeAt(i) ?? 0;
      high = Math.imul(high ^ code, 2654435761);
      low = Math.imul(low ^ code, 1597334677);
    }
  };
  add(cells.first_name);
  add(cells.last_name);
  add(cells.care_of);
  add(cells.street);
  add(cells.postal_code);
  add(cells.city);
  add(cells.country);
  add(cells.protected);
  add(cells.status);
  add(cells.spar_checked);
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return 4294967296 * (2097151 & low) + (high >>> 0) || 1;
}
