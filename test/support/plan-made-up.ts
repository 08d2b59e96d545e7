import { createFamilyReader } from '../../src/domain/families.ts';
import type { GuardianOptions, GuardianPlan } from '../../src/domain/guardian-plan.ts';
import { createGuardianPlanner } from '../../src/domain/guardian-planner.ts';
import type { PersonId } from '../../src/domain/person-id.ts';
import type { GuardianLink, RosterEntry, RosterField } from '../../src/domain/roster.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import { MADE_UP_TODAY, type MadeUpFamilies } from './made-up-families.ts';

const NEW_GUARDIAN_FIELDS: ReadonlySet<RosterField> = new Set<RosterField>([
  'personnummer',
  'first_name',
  'last_name',
  'care_of',
  'street',
  'postal_code',
  'city',
  'protected',
]);

const OPTIONS: GuardianOptions = {
  rules: {
    address: 'mailing',
    firstName: 'call',
    fields: { first_name: 'review', last_name: 'spar', address: 'spar' },
    renumbered: 'review',
  },
  assign: 'certain',
  protectedGuardians: 'review',
  freshness: { kind: 'months', months: 1 },
  today: MADE_UP_TODAY,
  granted: ['relations'],
  offline: false,
  overwriteHolds: false,
  answeredNow: new Set(),
  unasked: new Map(),
  canHold: () => true,
  newGuardians: { source: 0, idStyle: 'uuid', fields: NEW_GUARDIAN_FIELDS },
  uuidFor: (person, attempt) => `made-up-${person}-${attempt}`,
  renumbered: [],
  decisions: [],
  holds: { rows: new Set(), isLinkHeld: () => false },
  isNumberHeld: () => false,
  protectedPeople: new Set(),
  usedIds: [],
};

/** Plans the guardians of a made-up school from answers that are all at hand. */
export function planMadeUp(
  school: Pick<MadeUpFamilies, 'entries' | 'links' | 'answers' | 'renumbered'>,
  options: Partial<GuardianOptions> = {},
): GuardianPlan {
  return planFrom(school.entries, school.links, (id) => school.answers.get(id), {
    renumbered: school.renumbered,
    ...options,
  });
}

/** The same from rows, links and answers that are made while they are read, as from a file and a store. */
export function planFrom(
  entries: Iterable<RosterEntry>,
  links: Iterable<GuardianLink>,
  answerOf: (id: PersonId) => Snapshot | undefined,
  options: Partial<GuardianOptions> = {},
): GuardianPlan {
  const reader = createFamilyReader({ today: MADE_UP_TODAY, selected: () => true });
  for (const entry of entries) reader.add(entry);
  for (const link of links) reader.addLink(link);
  const planner = createGuardianPlanner(reader.finish(), { ...OPTIONS, ...options });
  for (let wanted = [...planner.wanted()]; wanted.length > 0; wanted = [...planner.wanted()]) {
    for (const id of wanted) planner.learn(id, answerOf(id));
  }
  return planner.finish();
}
