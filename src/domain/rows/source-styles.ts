import type { Cells } from '../roster.ts';
import {
  type ColumnStyle,
  type ColumnStyleCounts,
  columnStyleOf,
  countStyles,
  createColumnStyleCounts,
} from './column-style.ts';

/** How the columns of each source are written, learnt row by row. */
export interface SourceStyles {
  count(source: number, cells: Cells): void;
  /** What the rows counted so far show: asked for when every row has been. */
  learnt(): (source: number) => ColumnStyle;
}

export function createSourceStyles(): SourceStyles {
  const counted = new Map<number, ColumnStyleCounts>();
  return {
    count(source, cells) {
      let counts = counted.get(source);
      if (counts === undefined) {
        counts = createColumnStyleCounts();
        counted.set(source, counts);
      }
      countStyles(counts, cells);
    },
    learnt() {
      const ofNoRow = columnStyleOf(createColumnStyleCounts());
      const styles = new Map([...counted].map(([source, counts]) => [source, columnStyleOf(counts)]));
      return (source) => styles.get(source) ?? ofNoRow;
    },
  };
}
