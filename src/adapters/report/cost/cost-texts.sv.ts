import { count, plural } from '../texts.sv.ts';
import type { CostTexts } from './cost-texts.ts';

export const COST_TEXTS_SV: CostTexts = {
  unknownMonth: (month) =>
    `Inget är känt om ${month}: månaden är före det första uppslaget eller har inte kommit än.`,
  nothingBought: 'Inga uppslag har gjorts än, så inget har köpts.',
  lookups: 'uppslag',
  cost: 'kostnad',
  maybe: 'kanske också debiterat',
  monthlyFee: 'Månadsavgift',
  bought: 'Besvarade uppslag',
  total: 'Summa',
  byCommand: 'Per kommando',
  byType: 'Per typ',
  byRun: 'Per körning',
  unknownType: 'okänd',
  maybeBilled: (value, cost, most) =>
    `${count(value)} försök till kan ha debiterats, för ${cost}: det kom inget användbart svar. Summan är i så fall ${most}.`,
  notBilled: (value) =>
    `${count(value)} försök nådde inte SPAR, eller så kunde SPAR inte svara; ${value === 1 ? 'det' : 'de'} debiteras inte.`,
  idle: (months, from, to, fee, fees) =>
    to === undefined
      ? `${from}: inga uppslag; månadsavgift ${fee}`
      : `${from} – ${to}: inga uppslag; månadsavgift ${count(months)} × ${fee} = ${fees}`,
  allMonths: (months, value, cost, fees, total) =>
    `${plural(months, 'månad', 'månader')}: ${count(value)} uppslag för ${cost}, avgifter ${fees}, tillsammans ${total}.`,
  atTodaysPrice: (value, price) =>
    `Priset för ${count(value)} försök antecknades inte då; dagens, ${price}, har använts.`,
  limit: (month, allowed, used, percent) =>
    `Uppslagen i ${month} får kosta ${allowed} (limits.maxCostPerMonth); ${used} är använt (${percent} %).`,
};
