import { describe, expect, it } from 'vitest';
import { formatCost, formatCount, type Texts, textsOf } from '../../src/adapters/report/texts.ts';
import type { NotAskedReason, ReviewReason } from '../../src/domain/plan.ts';
import { PERSON_TYPES, ROSTER_FIELDS, type RosterProblemReason } from '../../src/domain/roster.ts';

// Tables, so that a reason added to the domain does not compile here either.
const REVIEW_REASONS = {
  protected: 0,
  'no-longer-protected': 0,
  deceased: 0,
  emigrated: 0,
  renumbered: 0,
  deregistered: 0,
  'not-found': 0,
  'no-address': 0,
  'name-differs': 0,
  'address-differs': 0,
  'edited-since': 0,
  'not-encodable': 0,
  'roster-changed': 0,
  'row-refused': 0,
  'answer-not-understood': 0,
  'turned-18': 0,
  'guardian-without-id': 0,
  'guardian-deceased': 0,
  'guardian-protected': 0,
  'guardian-inactive': 0,
  'guardian-not-found': 0,
  'no-longer-guardian': 0,
  'email-taken': 0,
} satisfies Record<ReviewReason, 0>;

const NOT_ASKED_REASONS = {
  'id-missing': 0,
  'id-invalid': 0,
  'temporary-id': 0,
  inactive: 0,
  offline: 0,
  budget: 0,
  failed: 0,
  'no-active-student': 0,
} satisfies Record<NotAskedReason, 0>;

const PROBLEM_REASONS = {
  'duplicate-id': 0,
  'id-empty': 0,
  'unknown-type': 0,
  'ragged-row': 0,
  'link-to-nobody': 0,
  'link-incomplete': 0,
  'not-text': 0,
} satisfies Record<RosterProblemReason, 0>;

describe.each(['en', 'sv'] as const)('the words in %s', (language) => {
  const texts = textsOf(language);

  it.each([
    ['reviewReasons', REVIEW_REASONS],
    ['notAskedReasons', NOT_ASKED_REASONS],
    ['problemReasons', PROBLEM_REASONS],
  ] as const)('explain each of %s in one sentence', (name, reasons) => {
    const table: Readonly<Record<string, Texts['reviewReasons']['protected']>> = texts[name];
    expect(Object.keys(table).sort()).toEqual(Object.keys(reasons).sort());
    for (const { title, sentence } of Object.values(table)) {
      expect(title).toMatch(/^\S.*[^.]$/);
      expect(sentence).toMatch(/^[A-ZÅÄÖ][^\n.]*(SPAR[^\n.]*)?\.$/);
    }
  });

  it('name every type and field, and no two alike', () => {
    expect(Object.keys(texts.types)).toEqual(PERSON_TYPES);
    expect(Object.keys(texts.fields)).toEqual(ROSTER_FIELDS);
    expect(new Set(Object.values(texts.fields)).size).toBe(ROSTER_FIELDS.length);
  });
});

describe('the two languages', () => {
  it('have the same words, and differ in every explanation', () => {
    const [en, sv] = [textsOf('en'), textsOf('sv')];
    expect(keysOf(sv)).toEqual(keysOf(en));
    for (const reason of Object.keys(REVIEW_REASONS) as ReviewReason[]) {
      expect(sv.reviewReasons[reason].sentence).not.toBe(en.reviewReasons[reason].sentence);
    }
  });

  it('count one and many', () => {
    expect(textsOf('en').headings.changes(1, 1)).toBe('Changes (1 change in 1 person)');
    expect(textsOf('en').headings.changes(2500, 20)).toBe('Changes (2,500 changes in 20 people)');
    expect(textsOf('sv').headings.changes(1, 1)).toBe('Ändringar (1 ändring för 1 person)');
    expect(textsOf('sv').headings.changes(2500, 20)).toBe('Ändringar (2\u00A0500 ändringar för 20 personer)');
  });

  it('write amounts as people do', () => {
    expect(formatCost(4.8, 'SEK', textsOf('en'))).toBe('4.80 SEK');
    expect(formatCost(12345.678, 'SEK', textsOf('sv'))).toBe('12\u00A0345,68 kr');
    expect(formatCost(0, 'EUR', textsOf('sv'))).toBe('0,00 EUR');
    expect([0, 999, 1000, 1234567].map((count) => formatCount(count, textsOf('en')))).toEqual([
      '0',
      '999',
      '1,000',
      '1,234,567',
    ]);
  });
});

function keysOf(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [path];
  return Object.entries(value)
    .filter(([key]) => key !== 'SEK')
    .flatMap(([key, inner]) => keysOf(inner, `${path}.${key}`))
    .sort();
}
