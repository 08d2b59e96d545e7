/**
 * Numbers of one size in a typed array that grows: some bytes a row where an array of objects would cost
 * hundreds, so that a roster of any length can be planned without being held.
 */
export interface GrowingArray {
  readonly length: number;
  push(value: number): void;
  at(index: number): number;
  set(index: number, value: number): void;
}

type Numbers = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/** @param make makes the typed array of a given capacity, zero-filled */
export function createGrowingArray(make: (capacity: number) => Numbers): GrowingArray {
  let values = make(1024);
  let length = 0;
  return {
    get length() {
      return length;
    },
    push(value) {
      if (length === values.length) {
        const larger = make(values.length * 2);
        larger.set(values);
        values = larger;
      }
      values[length++] = value;
    },
    at: (index) => values[index] ?? 0,
    set(index, value) {
      values[index] = value;
    },
  };
}
