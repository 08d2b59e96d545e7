import { ADDRESS_FIELDS } from '../../domain/address.ts';
import type { UpdateRules } from '../../domain/field-rules.ts';
import type { RosterField } from '../../domain/roster.ts';
import type { UnitStamps } from '../../domain/update/compared-mark.ts';
import type { KnownFromState, PlanOptions } from '../../domain/update-plan.ts';
import type { RosterSource } from '../roster-port.ts';
import type { UpdateOptions, UpdateSettings, UpdateWorld } from './update-world.ts';

/** What a plan depends on besides roster and answers, from the configuration and the command line. */
export function planOptionsOf(
  world: Pick<UpdateWorld, 'roster' | 'settings' | 'today' | 'digest'>,
  options: Pick<UpdateOptions, 'selected' | 'namedRows' | 'refresh' | 'force' | 'offline'>,
): Omit<PlanOptions, KnownFromState | 'canHold' | 'answeredNow' | 'unasked'> {
  const { settings } = world;
  const stamps = stampsOfSources(world);
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
    stamps: (source) => stamps[source] ?? NO_STAMPS,
  };
}

/** What the units of each source are compared by. */
export function stampsOfSources({
  roster,
  settings,
  digest,
}: Pick<UpdateWorld, 'roster' | 'digest'> & {
  readonly settings: Pick<UpdateSettings, 'rules'>;
}): readonly UnitStamps[] {
  return roster.sources.map((source) => stampsOf(source, settings.rules, digest));
}

/** Of a source that is not there. */
export const NO_STAMPS: UnitStamps = { first_name: '', last_name: '', address: '' };

/** Each unit by the rules and columns that concern it, and by nothing else. */
function stampsOf(source: RosterSource, rules: UpdateRules, digest: (text: string) => string): UnitStamps {
  const stamp = (facts: readonly unknown[]): string => digest(JSON.stringify(facts)).slice(0, 4);
  const has = (field: RosterField): boolean => source.fields.has(field);
  const { fields } = rules;
  return {
    first_name: stamp([fields.first_name, rules.firstName, has('first_name')]),
    last_name: stamp([fields.last_name, has('last_name')]),
    address: stamp([fields.address, rules.address, ADDRESS_FIELDS.filter(has)]),
  };
}
