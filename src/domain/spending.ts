import type { CalendarDate } from './calendar-date.ts';
import { PERSON_TYPES, type PersonType } from './roster.ts';

/** `maybe`: SPAR may have billed it, and there is no answer to show for it. `none`: SPAR cannot have. */
export type Billing = 'certain' | 'maybe' | 'none';

/** A run as far as its lookups are accounted for. */
export interface SpendingRun {
  readonly run: number;
  /** Wall clock, ISO 8601 in UTC. */
  readonly at: string;
  readonly command: string;
  readonly dryRun: boolean;
  /** The day whose month its lookups count in. */
  readonly asOf: CalendarDate;
}

/** Attempts of one run that are alike. */
export interface Spent {
  readonly run: SpendingRun;
  /** As what the people were asked about; `undefined` where that is not known. */
  readonly type: PersonType | undefined;
  readonly billing: Billing;
  readonly attempts: number;
  /** Of each, in öre. */
  readonly price: number;
}

/** So many attempts, for so many öre together. */
export interface Bought {
  readonly count: number;
  readonly ore: number;
}

export interface Spending {
  /** Answered: bought for certain. */
  readonly lookups: Bought;
  /** On top of them. */
  readonly maybeBilled: Bought;
  /** How many attempts SPAR never got, or turned away. */
  readonly notBilled: number;
}

/** What one calendar month cost. The three lists each add up to the whole. */
export interface MonthSpending extends Spending {
  /** `YYYY-MM`. */
  readonly month: string;
  /** The commands on which most was spent first. */
  readonly byCommand: readonly (Spending & { readonly command: string })[];
  readonly byType: readonly (Spending & { readonly type: PersonType | undefined })[];
  /** In the order of the runs. */
  readonly byRun: readonly (Spending & { readonly run: SpendingRun })[];
}

/** One month, whether or not anything was bought in it. */
export function spendingIn(month: string, spent: readonly Spent[]): MonthSpending {
  const ofMonth = spent.filter(({ run }) => monthOf(run.asOf) === month);
  const byCommand = [...grouped(ofMonth, ({ run }) => run.command)].map(([command, some]) => ({
    command,
    ...sumOf(some),
  }));
  const byType = grouped(ofMonth, ({ type }) => type);
  const byRun = grouped(ofMonth, ({ run }) => run.run);
  return {
    month,
    ...sumOf(ofMonth),
    byCommand: byCommand.sort(
      (a, b) => mostOf(b) - mostOf(a) || (a.command < b.command ? -1 : a.command > b.command ? 1 : 0),
    ),
    byType: [...PERSON_TYPES, undefined].flatMap((type) => {
      const some = byType.get(type);
      return some === undefined ? [] : [{ type, ...sumOf(some) }];
    }),
    byRun: [...byRun.values()]
      .map((some) => ({ run: some[0].run, ...sumOf(some) }))
      .sort((a, b) => a.run.run - b.run.run),
  };
}

/** The calendar months from that of the earliest run to `thisMonth`, or further where a run was; none without runs. */
export function monthsOf(spent: readonly Spent[], thisMonth: string): readonly string[] {
  const months = spent.map(({ run }) => monthOf(run.asOf)).sort();
  const [first] = months;
  if (first === undefined) return [];
  const last = [months.at(-1) ?? first, thisMonth].sort().at(-1) ?? first;
  const all: string[] = [];
  for (let month = first; month <= last; month = nextMonth(month)) all.push(month);
  return all;
}

/** `YYYY-MM`. */
export function monthOf(date: CalendarDate): string {
  return date.slice(0, 7);
}

/** What it may come to at most, in öre, without the monthly fee: what a limit on the costs of a month counts. */
export function mostOf({ lookups, maybeBilled }: Spending): number {
  return lookups.ore + maybeBilled.ore;
}

function sumOf(spent: readonly Spent[]): Spending {
  const bought = { certain: { count: 0, ore: 0 }, maybe: { count: 0, ore: 0 }, none: { count: 0, ore: 0 } };
  for (const { billing, attempts, price } of spent) {
    bought[billing].count += attempts;
    bought[billing].ore += attempts * price;
  }
  return { lookups: bought.certain, maybeBilled: bought.maybe, notBilled: bought.none.count };
}

function grouped<K>(spent: readonly Spent[], keyOf: (one: Spent) => K): Map<K, [Spent, ...Spent[]]> {
  const groups = new Map<K, [Spent, ...Spent[]]>();
  for (const one of spent) {
    const key = keyOf(one);
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return groups;
}

function nextMonth(month: string): string {
  const number = Number(month.slice(0, 4)) * 12 + Number(month.slice(5));
  return `${String(Math.floor(number / 12)).padStart(4, '0')}-${String((number % 12) + 1).padStart(2, '0')}`;
}
