import { describe, expect, it } from 'vitest';
import type { AppliedGuardians } from '../../src/app/guardians/guardians.ts';
import { reportGuardians } from '../../src/app/guardians/report-guardians.ts';
import type { GuardianPlan } from '../../src/domain/guardian-plan.ts';
import {
  ANNA,
  adultOf,
  answersOf,
  childOf,
  KIM,
  LO,
  MIO,
  planSchool,
  TODAY,
} from '../support/family-school.ts';

const NOTHING_KNOWN = {
  sinceOf: async (items: readonly unknown[]) => items.map(() => undefined),
  record: async () => {},
};

async function studentsOf(plan: GuardianPlan, applied: Partial<AppliedGuardians>) {
  const { report } = await reportGuardians(
    {
      command: 'guardians',
      run: 1,
      dryRun: true,
      plan,
      applied: { write: plan, refused: [], refusedLinks: [], ids: new Map(), ...applied },
      lookups: { asked: 0, reused: 0, notFound: 0, failed: 0, cost: 0, currency: 'SEK' },
      problems: [],
    },
    NOTHING_KNOWN,
    TODAY,
    { selected: () => true, namedRows: false },
  );
  return report.students;
}

describe('students with guardians', () => {
  // Three children of one guardian: Mio has a link to somebody already.
  const school = {
    students: { 1: { personnummer: KIM }, 2: { personnummer: LO }, 3: { personnummer: MIO } },
    guardians: { 8: {} },
    links: ['3 8'],
  };
  const answers = answersOf(
    ...[KIM, LO, MIO].map((child) => childOf(child, [ANNA])),
    adultOf(ANNA, 'Anna Ek'),
  );
  const plan = planSchool(school, answers);
  const link = (student: string) => ({ student, guardian: '9' });

  it('are those who have a link after the run', async () => {
    expect(await studentsOf(plan, {})).toEqual({ selected: 3, withGuardians: 3 });
  });

  it('are not those whose link was refused or dropped, unless they had one before', async () => {
    const refused = { refusedLinks: [{ link: link('1'), reason: 'row-refused' }] } as const;
    expect(await studentsOf(plan, refused)).toEqual({ selected: 3, withGuardians: 2 });
    const none = { write: { ...plan, created: [], links: [] } };
    expect(await studentsOf(plan, none)).toEqual({ selected: 3, withGuardians: 1 });
  });
});
