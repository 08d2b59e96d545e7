import type { JournalledAct, JournalledChange } from '../../app/journal-port.ts';
import type { Decision, Verdict } from '../../domain/decision.ts';
import type { RosterField } from '../../domain/roster.ts';
import type { LinkKey } from '../../domain/roster-write.ts';
import type { WholeRow } from '../../domain/whole-row.ts';
import { DamagedState } from './state-damage.ts';
import { toPersonId, toRowKey } from './state-file.ts';

/** The columns of a change `c`, in the order of `ChangeRow`. */
export const CHANGE = 'c.row, c.field, c.old, c.new, c.person_id';

export type ChangeRow = [
  row: string,
  field: RosterField,
  old: string | null,
  now: string | null,
  person: number | null,
];

/** Nothing comes of a change whose values were erased: there is nothing left to compare with or to put back. */
export function toChange([row, field, from, to, person]: ChangeRow): JournalledChange[] {
  if (from === null || to === null) return [];
  const key = toRowKey(row);
  return [person === null ? { key, field, from, to } : { key, field, from, to, person: toPersonId(person) }];
}

/** The columns of an act, in the order of `ActRow`. */
export const ACT = 'kind, row, student, guardian, from_guardian, person_id, whole';

export type ActRow = [
  kind: JournalledAct['kind'],
  row: string | null,
  student: string | null,
  guardian: string | null,
  fromGuardian: string | null,
  person: number | null,
  whole: string | null,
];

export function toAct([kind, row, student, guardian, from, personId, json]: ActRow): JournalledAct {
  const person = personId === null ? {} : { person: toPersonId(personId) };
  const whole = json === null ? {} : { whole: parseWhole(json) };
  switch (kind) {
    case 'row-added':
    case 'row-removed':
      return { kind, key: toRowKey(present(row)), ...person, ...whole };
    case 'link-added':
    case 'link-removed':
      return { kind, link: toLink(student, guardian), ...person, ...whole };
    case 'link-moved':
      return { kind, link: toLink(student, guardian), from: present(from) };
  }
}

/** The columns of a decision `d`, in the order of `DecisionRow`. */
export const DECISION = 'd.a, d.b, d.verdict, d.a_person, d.b_person';

export type DecisionRow = [
  a: string,
  b: string,
  verdict: Verdict,
  aPerson: number | null,
  bPerson: number | null,
];

export function toDecision([a, b, verdict, aPerson, bPerson]: DecisionRow): Decision {
  return {
    a: toRowKey(a),
    b: toRowKey(b),
    verdict,
    ...(aPerson !== null && { aPerson: toPersonId(aPerson) }),
    ...(bPerson !== null && { bPerson: toPersonId(bPerson) }),
  };
}

function parseWhole(json: string): WholeRow {
  return JSON.parse(json);
}

function toLink(student: string | null, guardian: string | null): LinkKey {
  return { student: present(student), guardian: present(guardian) };
}

/** The table's own constraint says that it is there. */
function present(text: string | null): string {
  if (text === null) throw new DamagedState('an act lacks its row or link');
  return text;
}
