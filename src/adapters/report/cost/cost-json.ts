import type { CostReport } from '../../../app/cost/cost-report.ts';
import { fromOre } from '../../../domain/cost.ts';
import { type Bought, type MonthSpending, mostOf, type Spending } from '../../../domain/spending.ts';

/** What was bought, as one JSON object with a final newline. Amounts are whole units of the currency. */
export function renderCostJson(report: CostReport): string {
  const { command, currency, monthlyFee, limit, thisMonth, atTodaysPrice } = report;
  const ordered = {
    command,
    currency,
    months: report.months.map((month) => monthAsJson(month, monthlyFee)),
    ...(limit !== undefined && {
      limit: { month: thisMonth, allowed: fromOre(limit.allowed), used: fromOre(limit.used) },
    }),
    atTodaysPrice: atTodaysPrice.count,
  };
  return `${JSON.stringify(ordered, null, 2)}\n`;
}

function monthAsJson(month: MonthSpending, monthlyFee: number) {
  return {
    month: month.month,
    monthlyFee: fromOre(monthlyFee),
    lookups: boughtAsJson(month.lookups),
    maybeBilled: boughtAsJson(month.maybeBilled),
    notBilled: month.notBilled,
    total: fromOre(monthlyFee + month.lookups.ore),
    totalAtMost: fromOre(monthlyFee + mostOf(month)),
    byCommand: month.byCommand.map(({ command, ...spending }) => ({
      command,
      ...spendingAsJson(spending),
    })),
    byType: month.byType.map(({ type, ...spending }) => ({
      type: type ?? null,
      ...spendingAsJson(spending),
    })),
    byRun: month.byRun.map(({ run: { run, at, command, dryRun, asOf }, ...spending }) => ({
      run,
      at,
      command,
      dryRun,
      asOf,
      ...spendingAsJson(spending),
    })),
  };
}

function spendingAsJson({ lookups, maybeBilled, notBilled }: Spending) {
  return { ...boughtAsJson(lookups), maybeBilled: boughtAsJson(maybeBilled), notBilled };
}

function boughtAsJson({ count, ore }: Bought): { count: number; cost: number } {
  return { count, cost: fromOre(ore) };
}
