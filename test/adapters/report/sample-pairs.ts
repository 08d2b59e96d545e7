import type { DuplicatePair, ShownCells } from '../../../src/domain/duplicate-pair.ts';

const NOTHING: ShownCells = {
  personnummer: '',
  first_name: '',
  last_name: '',
  birth_date: '',
  street: '',
  postal_code: '',
  city: '',
  email: '',
  phone: '',
};

export function shown(cells: Partial<ShownCells>): ShownCells {
  return { ...NOTHING, ...cells };
}

/** Two rows of one person, with a number on one of them. */
export const TWICE: DuplicatePair = {
  a: { type: 'guardian', id: '12' },
  b: { type: 'guardian', id: '31' },
  keep: { type: 'guardian', id: '12' },
  grade: 'probable',
  group: 'same-person',
  evidence: ['name-short-form', 'same-address', 'same-child'],
  contradictions: ['other-surname'],
  children: ['3', '4'],
  emailHeldBy: { type: 'guardian', id: '31' },
  shown: {
    a: shown({
      personnummer: '198305039292',
      first_name: 'Lars',
      last_name: 'Öberg Lind',
      street: 'Storgatan 1',
      postal_code: '111 46',
      city: 'STOCKHOLM',
      phone: '+46 70-123 45 67',
    }),
    b: shown({
      first_name: 'Lasse',
      last_name: 'Öberg',
      street: 'Storgatan  1',
      postal_code: '11146',
      city: 'Stockholm',
      email: 'lasse@example.se',
      phone: '070-1234567',
    }),
  },
};

/** A guardian who works at the school. */
export const TWO_ROLES: DuplicatePair = {
  a: { type: 'guardian', id: '7' },
  b: { type: 'staff', id: '7' },
  keep: { type: 'guardian', id: '7' },
  grade: 'certain',
  group: 'shared',
  evidence: ['same-number', 'two-roles'],
  contradictions: [],
  children: [],
  emailHeldBy: { type: 'staff', id: '7' },
  shown: {
    a: shown({ personnummer: '19820805-9280', first_name: 'Åsa' }),
    b: shown({ personnummer: '198208059280', first_name: 'Åsa', email: 'asa@example.se' }),
  },
};

/** One of them is protected: nothing else is known to the report. */
export const HIDDEN: DuplicatePair = {
  a: { type: 'guardian', id: '40' },
  b: { type: 'guardian', id: '41' },
  keep: { type: 'guardian', id: '40' },
  grade: 'possible',
  group: 'differing-data',
  evidence: [],
  contradictions: [],
  children: [],
};

export const PAIRS: readonly DuplicatePair[] = [TWO_ROLES, TWICE, HIDDEN];
