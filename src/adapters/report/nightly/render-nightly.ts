import type { ReportedGuardianReview } from '../../../app/guardians/guardian-report.ts';
import type { ReportedReview } from '../../../app/update/update-report.ts';
import type { DuplicatePair } from '../../../domain/duplicate-pair.ts';
import type { Language } from '../../../domain/text.ts';
import { guardiansAsJson } from '../guardians/guardians-json.ts';
import { renderGuardians } from '../guardians/render-guardians.ts';
import { errorAsJson, type JsonOptions, updateAsJson } from '../render-json.ts';
import { renderText } from '../render-text.ts';
import { openScreen, type ScreenOptions } from '../report-sections.ts';
import type { NightlyReport } from './nightly-report.ts';

/** What no applied run has shown before. */
export interface NewsOfTheNight {
  readonly reviews: readonly ReportedReview[];
  readonly guardianReviews: readonly ReportedGuardianReview[];
  readonly pairs: readonly DuplicatePair[];
}

interface Words {
  readonly night: (run: number, day: string) => string;
  readonly update: string;
  readonly guardians: string;
}

const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    night: (run, day) => `The night's run of spar-sync: run ${run}, ${day}`,
    update: 'CONTACT INFORMATION',
    guardians: 'GUARDIANS',
  },
  sv: {
    night: (run, day) => `Nattens körning av spar-sync: körning ${run}, ${day}`,
    update: 'KONTAKTUPPGIFTER',
    guardians: 'VÅRDNADSHAVARE',
  },
};

/** What is new since the last run, for cron to mail; empty when there is nothing to say. */
export function renderNightly(report: NightlyReport, news: NewsOfTheNight, options: ScreenOptions): string {
  const { run, asOf, update, guardians } = report;
  const words = WORDS[options.language];
  const { paint } = openScreen(options);
  const parts = [
    update &&
      ([words.update, renderText(update, { ...options, quiet: { newReviews: news.reviews } })] as const),
    guardians &&
      ([
        words.guardians,
        renderGuardians(guardians, {
          ...options,
          quiet: { newReviews: news.guardianReviews, newPairs: news.pairs },
        }),
      ] as const),
  ].flatMap((part) => (part === undefined || part[1] === '' ? [] : [part]));
  if (parts.length === 0) return '';
  const sections = parts.map(([heading, text]) => `${paint.bold(heading)}\n\n${text}`);
  return [`${words.night(run, asOf)}\n`, ...sections].join('\n');
}

/**
 * The night as one JSON object with a final newline: the reports of `update` and `guardians` with the keys that
 * those commands print, `null` where there is none, and what both bought together.
 */
export function renderNightlyJson(report: NightlyReport, options: JsonOptions): string {
  const { run, asOf, update, guardians, folder } = report;
  const { error: _, ...partOptions } = options;
  const bought = [update?.lookups, guardians?.lookups].filter((lookups) => lookups !== undefined);
  const sum = (key: 'asked' | 'notFound' | 'failed'): number =>
    bought.reduce((total, lookups) => total + lookups[key], 0);
  const ore = bought.reduce((total, { cost }) => total + Math.round(cost * 100), 0);
  const ordered = {
    command: 'nightly',
    run,
    asOf,
    lookups: {
      asked: sum('asked'),
      notFound: sum('notFound'),
      failed: sum('failed'),
      cost: ore / 100,
      currency: bought[0]?.currency ?? '',
    },
    update: update === undefined ? null : updateAsJson(update, partOptions),
    guardians: guardians === undefined ? null : guardiansAsJson(guardians, partOptions),
    ...(folder !== undefined && { report: folder }),
    ...errorAsJson(options),
  };
  return `${JSON.stringify(ordered, null, 2)}\n`;
}
