import { formatLike, type PersonIdReading, type PersonIdStyle, toPersonId } from '../person-id.ts';
import type { FieldChange, PlanItem } from '../plan.ts';
import type { Cells } from '../roster.ts';

/** How the columns of one source write their values. `undefined`: as SPAR delivers. */
export interface ColumnStyle {
  readonly postalCode: 'spaced' | 'plain' | undefined;
  readonly city: 'upper' | 'title' | undefined;
  readonly personnummer: PersonIdStyle;
}

/** Counters of one source, fed row by row; the order of the rows makes no difference. */
export interface ColumnStyleCounts {
  spacedCodes: number;
  plainCodes: number;
  upperCities: number;
  titleCities: number;
  /** Twelve plain, twelve separated, ten separated, ten plain: first come wins a tie. */
  readonly numbers: [number, number, number, number];
}

const NUMBER_STYLES: readonly PersonIdStyle[] = [
  { digits: 12, separated: false },
  { digits: 12, separated: true },
  { digits: 10, separated: true },
  { digits: 10, separated: false },
];
const TWELVE_PLAIN: PersonIdStyle = { digits: 12, separated: false };

const FIVE_DIGITS = /^\d{5}$/;
/** Anything else (broken characters, mixed case) is written as it stands. */
const UPPER_CITY = /^[A-ZÅÄÖÉÜ][A-ZÅÄÖÉÜ .:'-]*$/;
const ANY_LETTERS = /[A-ZÅÄÖÉÜ]+(?::[A-ZÅÄÖÉÜ]+)?/g;

export function createColumnStyleCounts(): ColumnStyleCounts {
  return { spacedCodes: 0, plainCodes: 0, upperCities: 0, titleCities: 0, numbers: [0, 0, 0, 0] };
}

export function countStyles(counts: ColumnStyleCounts, cells: Cells): void {
  const { postal_code: code, city, personnummer } = cells;
  if (code !== undefined) {
    if (code.length === 5) counts.plainCodes += isDigitAt(code, 0) && isDigitAt(code, 4) ? 1 : 0;
    else if (code.length === 6) counts.spacedCodes += code.charCodeAt(3) === 32 && isDigitAt(code, 5) ? 1 : 0;
  }
  if (city !== undefined && city.length > 1) {
    const written = caseOf(city);
    if (written === 'upper') counts.upperCities++;
    else if (written === 'title') counts.titleCities++;
  }
  if (personnummer !== undefined) countNumber(counts, personnummer);
}

/** The majority of each column; as SPAR delivers where there is none. */
export function columnStyleOf(counts: ColumnStyleCounts): ColumnStyle {
  const { spacedCodes, plainCodes, upperCities, titleCities, numbers } = counts;
  const most = numbers.indexOf(Math.max(...numbers));
  return {
    postalCode: spacedCodes === plainCodes ? undefined : spacedCodes > plainCodes ? 'spaced' : 'plain',
    city: upperCities === titleCities ? undefined : upperCities > titleCities ? 'upper' : 'title',
    personnummer: NUMBER_STYLES[most] ?? TWELVE_PLAIN,
  };
}

/** A postal code of five digits in its column's style; any other text as it is. */
function stylePostalCode(value: string, style: ColumnStyle): string {
  return style.postalCode === 'spaced' && FIVE_DIGITS.test(value)
    ? `${value.slice(0, 3)} ${value.slice(3)}`
    : value;
}

/** A town in its column's style: `SALTSJÖ-BOO`, `Saltsjö-Boo`. */
function styleCity(value: string, style: ColumnStyle): string {
  if (style.city === 'upper') return value.toUpperCase();
  if (style.city !== 'title' || !UPPER_CITY.test(value)) return value;
  return value.replace(ANY_LETTERS, (word) => word.charAt(0) + word.slice(1).toLowerCase());
}

/** The item with every value written as its column writes values. `asOf`: today. */
export function applyColumnStyle(
  item: PlanItem,
  style: ColumnStyle,
  reading: Omit<PersonIdReading, 'type'>,
): PlanItem {
  if (item.kind !== 'update') return item;
  const [first, ...rest] = item.changes;
  const styled = (change: FieldChange): FieldChange => {
    const to = styleValue(change, style, { ...reading, type: item.key.type });
    return to === change.to ? change : { ...change, to };
  };
  return { ...item, changes: [styled(first), ...rest.map(styled)] };
}

/** One value as its column writes values. */
export function styleValue(
  { field, to }: Pick<FieldChange, 'field' | 'to'>,
  style: ColumnStyle,
  reading: PersonIdReading,
): string {
  switch (field) {
    case 'postal_code':
      return stylePostalCode(to, style);
    case 'city':
      return styleCity(to, style);
    case 'personnummer': {
      const id = toPersonId(to);
      return id === undefined ? to : formatLike(id, style.personnummer, reading);
    }
    default:
      return to;
  }
}

/** By the first letter and the next one: cheap, and enough to tell STOCKHOLM from Stockholm. */
function caseOf(city: string): 'upper' | 'title' | undefined {
  let first: 'upper' | 'lower' | undefined;
  for (let i = 0; i < city.length; i++) {
    const letter = caseAt(city, i);
    if (letter === undefined) continue;
    if (first === undefined) {
      if (letter === 'lower') return undefined;
      first = letter;
    } else {
      return letter === 'upper' ? 'upper' : 'title';
    }
  }
  return undefined;
}

function caseAt(text: string, at: number): 'upper' | 'lower' | undefined {
  const code = text.charCodeAt(at);
  if (code >= 97 && code <= 122) return 'lower';
  if (code >= 65 && code <= 90) return 'upper';
  if (code < 192) return undefined;
  const character = text.charAt(at);
  if (character.toLowerCase() !== character) return 'upper';
  return character.toUpperCase() !== character ? 'lower' : undefined;
}

function countNumber(counts: ColumnStyleCounts, number: string): void {
  const { numbers } = counts;
  switch (number.length) {
    case 10:
      if (isDigitAt(number, 6)) numbers[3]++;
      break;
    case 11:
      if (isSeparatorAt(number, 6) && isDigitAt(number, 7)) numbers[2]++;
      break;
    case 12:
      if (isDigitAt(number, 6) && isDigitAt(number, 8)) numbers[0]++;
      break;
    case 13:
      if (isSeparatorAt(number, 8) && isDigitAt(number, 9)) numbers[1]++;
      break;
  }
}

function isSeparatorAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 45 || code === 43;
}

function isDigitAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}
