import { describe, expect, it } from 'vitest';
import { auditTextsOf } from '../../../src/adapters/report/audit/audit-texts.ts';
import { costTextsOf } from '../../../src/adapters/report/cost/cost-texts.ts';
import { duplicateTextsOf } from '../../../src/adapters/report/duplicates/duplicate-texts.ts';
import { guardianTextsOf } from '../../../src/adapters/report/guardians/guardian-texts.ts';
import { historyTextsOf } from '../../../src/adapters/report/history/history-texts.ts';
import { DUPLICATE_GROUPS } from '../../../src/domain/duplicate-pair.ts';
import { CONTRADICTIONS, EVIDENCE, GRADES } from '../../../src/domain/matching/match-words.ts';
import { UNDO_LEFT_REASONS } from '../../../src/domain/undo-plan.ts';

const LANGUAGES = ['en', 'sv'] as const;

describe.each(LANGUAGES)('the words in %s', (language) => {
  const duplicates = duplicateTextsOf(language);

  it.each([
    ['grades', duplicates.grades, GRADES],
    ['groups', duplicates.groups, DUPLICATE_GROUPS],
    ['reasons for leaving something', historyTextsOf(language).undo.leftReasons, UNDO_LEFT_REASONS],
  ] as const)('explain the %s in one sentence each', (_, table, keys) => {
    const explained: Readonly<Record<string, { readonly title: string; readonly sentence: string }>> = table;
    expect(Object.keys(explained).sort()).toEqual([...keys].sort());
    for (const { title, sentence } of Object.values(explained)) {
      expect(title).toMatch(/^\S.*[^.]$/);
      expect(sentence).toMatch(/^[A-ZÅÄÖ][^\n.]*\.$/);
    }
  });

  it.each([
    ['evidence', duplicates.evidence, EVIDENCE],
    ['contradictions', duplicates.contradictions, CONTRADICTIONS],
  ] as const)('name the %s, no two alike, and fit into one list', (_, table, keys) => {
    expect(Object.keys(table).sort()).toEqual([...keys].sort());
    const words = Object.values(table);
    expect(new Set(words).size).toBe(words.length);
    for (const word of words) expect(word).toMatch(/^[^,;.\n]+$/);
  });
});

describe('the two languages', () => {
  it.each([
    ['duplicates', duplicateTextsOf],
    ['guardians', guardianTextsOf],
    ['history', historyTextsOf],
    ['cost', costTextsOf],
    ['audit', auditTextsOf],
  ] as const)('have the same words about %s', (_, textsOf) => {
    const [en, sv] = LANGUAGES.map((language) => textsOf(language));
    expect(keysOf(sv)).toEqual(keysOf(en));
  });

  it('count one and many', () => {
    expect(LANGUAGES.map((language) => duplicateTextsOf(language).heading(1))).toEqual([
      'Rows that may be the same person (1 pair)',
      'Rader som kan vara samma person (1 par)',
    ]);
    expect(LANGUAGES.map((language) => historyTextsOf(language).cells(2500, 1))).toEqual([
      '2,500 cells in 1 row',
      '2\u00A0500 celler på 1 rad',
    ]);
  });
});

function keysOf(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [path];
  return Object.entries(value)
    .flatMap(([key, inner]) => keysOf(inner, `${path}.${key}`))
    .sort();
}
