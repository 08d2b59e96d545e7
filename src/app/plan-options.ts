import type { PlanOptions } from '../domain/update-plan.ts';
import type { UpdateOptions, UpdateWorld } from './update-world.ts';

/** What a plan depends on besides roster and answers, from the configuration and the command line. */
export function planOptionsOf(
  world: Pick<UpdateWorld, 'roster' | 'settings' | 'today' | 'digest'>,
  options: Pick<UpdateOptions, 'selected' | 'namedRows' | 'refresh' | 'force' | 'offline'>,
): Omit<PlanOptions, 'canHold' | 'answeredNow' | 'unasked'> {
  const { roster, settings, digest } = world;
  const stamps = roster.sources.map(
    (source) => `@${digest(JSON.stringify([settings.rules, [...source.fields].sort()])).slice(0, 8)}`,
  );
  return {
    rules: settings.rules,
    freshness: settings.freshness,
    today: world.today,
    granted: settings.granted,
    selected: options.selected,
    refresh: options.refresh,
    insist: options.refresh && options.namedRows,
    overwriteEdits: options.force && options.namedRows,
    offline: options.offline,
    stamp: (source) => stamps[source] ?? '',
  };
}
