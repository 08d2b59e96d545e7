import { startOfDayInStockholm } from '../../domain/calendar-date.ts';
import { maskGiven, maskPersonId } from '../../domain/person-id.ts';
import { type RosterEntry, rowKeyText } from '../../domain/roster.ts';
import type { Text } from '../../domain/text.ts';
import { SparSyncError } from '../../errors.ts';
import type { AttemptFilter, AttemptRecord } from '../ledger-records-port.ts';
import type { Audit, AuditedLookup, AuditQuestion, PersonWanted } from './audit-report.ts';
import { findPeople, type PeopleFound } from './people-wanted.ts';
import { type AuditWorld, type RosterSeen, seeRoster } from './roster-seen.ts';

/** How many lookups are held at a time. */
const BATCH = 1000;

const EVERYBODY: Pick<PeopleFound, 'strangers' | 'shared'> = { strangers: [], shared: [] };

/**
 * Who asked about whom, when and why. Asks nobody, writes nothing, and tells as much as may be told where the roster
 * cannot be read.
 *
 * @throws SparSyncError `usage` where nobody of those asked for is known
 */
export async function audit(question: AuditQuestion, world: AuditWorld): Promise<Audit> {
  const { about, since, numbersAllowed } = question;
  const ids = new Set(about?.map(({ id }) => id));
  const seen = await seeRoster(world, ({ key }: RosterEntry) => ids.has(key.id));
  const found = about && (await findPeople(about, numbersAllowed, seen, world));
  if (found !== undefined && found.strangers.length === about?.length) throw strangersOnly(found.strangers);
  const filter: AttemptFilter = {
    ...(found && { people: [...found.people] }),
    ...(since !== undefined && { since: startOfDayInStockholm(since) }),
  };
  const { ledger } = world.state;
  const { strangers, shared } = found ?? EVERYBODY;
  return {
    command: 'audit',
    about,
    since,
    count: await ledger.countAttempts(filter),
    strangers,
    shared,
    roster: seen.kind,
    async *lookups(most = Infinity) {
      let before: number | undefined;
      for (let left = most; left > 0; ) {
        const limit = Math.min(left, BATCH);
        const page = await ledger.attempts(filter, { limit, ...(before !== undefined && { before }) });
        if (page.length > 0) yield page.map((record) => toLookup(record, seen));
        if (page.length < limit) return;
        before = page.at(-1)?.attempt;
        left -= page.length;
      }
    },
  };
}

function toLookup(record: AttemptRecord, seen: RosterSeen): AuditedLookup {
  const { attempt: _, id, outcome, answer, ...rest } = record;
  const isHidden = seen.isHidden(id, record.rows);
  return {
    ...rest,
    number: isHidden ? undefined : maskPersonId(id),
    isProtected: seen.isProtected(id, record.rows),
    outcome: outcome ?? 'unknown',
    answer: isHidden ? undefined : answer,
  };
}

function strangersOnly(strangers: readonly PersonWanted[]): SparSyncError {
  return new SparSyncError('usage', strangersInWords(strangers), {
    en: '--id takes the id of a row, `17` or `student:17`; `-` reads ids or personnummer from standard input.',
    sv: '--id tar id för en rad, `17` eller `student:17`; `-` läser id eller personnummer från standard in.',
  });
}

const STRANGERS_NAMED = 20;

/** Ids as they were given, but for those that may be numbers. */
export function strangersInWords(strangers: readonly PersonWanted[]): Text {
  const named = strangers
    .slice(0, STRANGERS_NAMED)
    .map(({ type, id }) => (type === undefined ? maskGiven(id) : rowKeyText({ type, id: maskGiven(id) })));
  const ids = [...named, ...(strangers.length > named.length ? ['…'] : [])].join(', ');
  return {
    en: `Neither the roster nor the log of lookups knows the id ${ids}.`,
    sv: `Varken registret eller loggen över uppslag känner till id ${ids}.`,
  };
}
