import type { Config } from '../adapters/config/config.ts';
import type { CheckFinding } from '../adapters/report/render-check.ts';
import type { Roster } from '../app/roster-port.ts';
import { openRosterOf, planBasisOf } from '../compose.ts';
import type { CalendarDate } from '../domain/calendar-date.ts';
import { type PersonType, type RosterProblem, rowKeyText } from '../domain/roster.ts';
import type { Text } from '../domain/text.ts';

/** What the roster itself tells, by the plan of `update` with nobody chosen: no answer matters to it. */
const nothingOf = async (ids: readonly unknown[]) => ids.map(() => undefined);
const nobody = async () => [];
const NO_ANSWERS = {
  getMany: nothingOf,
  getComparisons: nothingOf,
  protectedPeople: nobody,
  markedRows: nobody,
  renumbered: nobody,
  peopleOfRows: nobody,
};
const NO_WRITINGS = {
  lastChanges: async () => new Map(),
  holds: async () => ({ rows: new Set<string>(), isLinkHeld: () => false }),
  decisions: nobody,
};

/**
 * Reads the roster from end to end, and proves that a run could write to it, and a night where one is set up.
 *
 * @param told what is found is added to it, as it is found
 * @throws SparSyncError `roster-unreadable`, `roster-unwritable`, `config`
 */
export async function checkRoster(
  config: Config,
  asOf: CalendarDate | undefined,
  { findings, problems }: { readonly findings: CheckFinding[]; readonly problems: RosterProblem[] },
): Promise<void> {
  const { planUpdate } = await import('../app/update/plan-update.ts');
  const { planOptionsOf } = await import('../app/update/plan-options.ts');
  const roster = await openRosterOf(config);
  try {
    const planned = await planUpdate(roster, NO_ANSWERS, NO_WRITINGS, {
      ...planOptionsOf(
        { roster, ...planBasisOf(config, '', asOf) },
        {
          selected: () => false,
          namedRows: false,
          refresh: false,
          force: false,
          offline: true,
        },
      ),
      answeredNow: new Set(),
      unasked: new Map(),
    });
    problems.push(...planned.problems);
    findings.push(...aboutRoster(roster, await countRows(roster), problems.length));
    await proveFitForNights(roster, config);
    await roster.proveWritable({ links: config.automatic.enabled && config.automatic.guardians });
  } finally {
    await roster.close();
  }
}

/** @throws SparSyncError `config` where `nightly` would refuse for the lack of something that guardians need */
async function proveFitForNights(roster: Roster, config: Config): Promise<void> {
  if (!config.automatic.enabled || !config.automatic.guardians) return;
  const { refuseWithoutMeans } = await import('../app/guardians/guardians-means.ts');
  refuseWithoutMeans({ roster, settings: planBasisOf(config, '', undefined).settings });
}

/** Rows of each type that `update` takes: those that share an id are left out. */
async function countRows(roster: Roster): Promise<Record<PersonType, number>> {
  const times = new Map<string, { readonly type: PersonType; rows: number }>();
  for await (const batch of roster.read(() => {})) {
    for (const { key } of batch) {
      const known = times.get(rowKeyText(key));
      if (known === undefined) times.set(rowKeyText(key), { type: key.type, rows: 1 });
      else known.rows++;
    }
  }
  const counts = { student: 0, staff: 0, guardian: 0 };
  for (const { type, rows } of times.values()) if (rows === 1) counts[type]++;
  return counts;
}

function aboutRoster(
  roster: Roster,
  rows: Readonly<Record<PersonType, number>>,
  problems: number,
): CheckFinding[] {
  const { student, staff, guardian } = rows;
  const findings: CheckFinding[] = roster.sources
    .filter((source) => source.fields.size > 0)
    .map((source) => ({
      what: 'roster',
      status: 'ok',
      text: {
        en: `${source.name}: found the columns ${[...source.fields].join(', ')}`,
        sv: `${source.name}: hittade kolumnerna ${[...source.fields].join(', ')}`,
      },
    }));
  findings.push({
    what: 'roster',
    status: 'ok',
    text: {
      en: `${plural(student, 'student', 'students')}, ${staff} staff, ${plural(guardian, 'guardian', 'guardians')}`,
      sv: `${plural(student, 'elev', 'elever')}, ${staff} personal, ${guardian} vårdnadshavare`,
    },
  });
  if (problems > 0) {
    findings.push({
      what: 'roster',
      status: 'warning',
      text: {
        en: `${plural(problems, 'row or link', 'rows or links')} could not be taken and ${problems === 1 ? 'is left as it is' : 'are left as they are'}`,
        sv: `${plural(problems, 'rad eller koppling', 'rader eller kopplingar')} gick inte att ta med och lämnas som ${problems === 1 ? 'den' : 'de'} är`,
      },
    });
  }
  return findings;
}

function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** What reads the same in both languages. */
export function inBoth(text: string): Text {
  return { en: text, sv: text };
}
