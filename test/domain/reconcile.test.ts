import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FieldRule, UpdateRules } from '../../src/domain/field-rules.ts';
import type { Answer, RegisteredPerson } from '../../src/domain/person.ts';
import type { FieldChange, PlanItem } from '../../src/domain/plan.ts';
import { isMarked } from '../../src/domain/protection-mark.ts';
import { type ReconcileContext, reconcile } from '../../src/domain/reconcile.ts';
import type { RosterEntry, RosterField } from '../../src/domain/roster.ts';
import {
  anyAnswer,
  anyEntry,
  anyRules,
  anySnapshot,
  entryOf,
  personId,
  registered,
  snapshotOf,
} from '../support/arbitraries.ts';

const RULES: UpdateRules = {
  address: 'mailing',
  firstName: 'call',
  fields: { first_name: 'review', last_name: 'spar', address: 'spar' },
  renumbered: 'review',
};
const everything: ReconcileContext = { canHold: () => true };
const latin: ReconcileContext = { canHold: (text) => !/[\u0100-\uffff]/.test(text) };
const id = personId('201001012390');

const anna: RegisteredPerson = registered({
  name: { given: 'Anna Maria', callName: 'Anna', middle: 'Berg', surname: 'Ek' },
  home: { kind: 'swedish', lines: ['STORGATAN 1'], postalCode: '11146', city: 'STOCKHOLM' },
});

const row = {
  personnummer: '20100101-2390',
  first_name: 'Anna',
  last_name: 'Ek',
  care_of: '',
  street: 'Storgatan 1',
  postal_code: '111 46',
  city: 'Stockholm',
  country: '',
  protected: '',
  status: '',
  spar_checked: '2026-11-23',
};

function rulesWith(fields: Partial<Record<keyof UpdateRules['fields'], FieldRule>>): UpdateRules {
  return { ...RULES, fields: { ...RULES.fields, ...fields } };
}

function plan(
  cells: Partial<Record<RosterField, string>>,
  answer: Answer = anna,
  rules = RULES,
  context = everything,
): PlanItem {
  return reconcile(entryOf({ ...row, ...cells }), snapshotOf(answer), rules, context);
}

function changesOf(item: PlanItem): Record<string, string> {
  return item.kind === 'update' ? Object.fromEntries(item.changes.map(({ field, to }) => [field, to])) : {};
}

function reviewsOf(item: PlanItem): readonly string[] {
  return item.kind === 'unchanged' ? [] : item.reviews;
}

function apply(entry: RosterEntry, item: PlanItem): RosterEntry {
  const cells = { ...entry.cells };
  const changes: FieldChange[] = item.kind === 'update' ? [...item.changes] : [];
  if (item.checked !== undefined) changes.push(item.checked);
  for (const { field, from, to } of changes) {
    expect(cells[field]).toBe(from);
    cells[field] = to;
  }
  return { ...entry, cells };
}

describe('a registered person', () => {
  it('leaves a row alone that says the same in other words', () => {
    expect(plan({ last_name: 'BERG EK', first_name: 'maria' })).toEqual({
      kind: 'unchanged',
      key: { type: 'student', id: '17' },
      place: { source: 0, row: 0, line: 2 },
      person: id,
    });
  });

  it('keeps the exact text of the cell in `from`', () => {
    expect(plan({ street: ' Lillgatan  2 ', last_name: ' ' })).toMatchObject({
      kind: 'update',
      changes: [
        { field: 'last_name', from: ' ', to: 'Ek' },
        { field: 'street', from: ' Lillgatan  2 ', to: 'STORGATAN 1' },
      ],
      reviews: [],
    });
  });

  it.each([
    ['spar', 'Eva', { first_name: 'Anna' }, []],
    ['spar', '', { first_name: 'Anna' }, []],
    ['fill', 'Eva', {}, []],
    ['fill', ' ', { first_name: 'Anna' }, []],
    ['review', 'Eva', {}, ['name-differs']],
    ['review', '', { first_name: 'Anna' }, []],
    ['keep', 'Eva', {}, []],
    ['keep', '', {}, []],
  ] as const)('first name by the rule %s over %j', (rule, cell, changes, reviews) => {
    const item = plan({ first_name: cell }, anna, rulesWith({ first_name: rule }));
    expect(changesOf(item)).toEqual(changes);
    expect(reviewsOf(item)).toEqual(reviews);
  });

  it.each([
    ['spar', 'Berg', { last_name: 'Ek' }, []],
    ['fill', 'Berg', {}, []],
    ['review', 'Berg', {}, ['name-differs']],
    ['review', '', { last_name: 'Ek' }, []],
    ['keep', '', {}, []],
  ] as const)('last name by the rule %s over %j', (rule, cell, changes, reviews) => {
    const item = plan({ last_name: cell }, anna, rulesWith({ last_name: rule }));
    expect(changesOf(item)).toEqual(changes);
    expect(reviewsOf(item)).toEqual(reviews);
  });

  const noAddress = { street: '', postal_code: '', city: '', country: 'Sverige' };
  const filled = { street: 'STORGATAN 1', postal_code: '11146', city: 'STOCKHOLM' };
  it.each([
    ['spar', { city: 'Solna' }, { city: 'STOCKHOLM' }, []],
    ['fill', { city: 'Solna' }, {}, []],
    ['fill', { street: '' }, {}, []],
    ['fill', noAddress, filled, []],
    ['review', { city: 'Solna' }, {}, ['address-differs']],
    ['review', noAddress, filled, []],
    ['keep', noAddress, {}, []],
  ] as const)('address by the rule %s over %j', (rule, cells, changes, reviews) => {
    const item = plan(cells, anna, rulesWith({ address: rule }));
    expect(changesOf(item)).toEqual(changes);
    expect(reviewsOf(item)).toEqual(reviews);
  });

  it('reports one name-differs for both names', () => {
    const item = plan({ first_name: 'Eva', last_name: 'Al' }, anna, rulesWith({ last_name: 'review' }));
    expect(reviewsOf(item)).toEqual(['name-differs']);
  });

  it('writes nothing where SPAR is silent', () => {
    const item = plan({}, registered({ name: {} }), rulesWith({ first_name: 'spar' }));
    expect(item).toMatchObject({ kind: 'review', reviews: ['no-address'] });
  });

  it('misses no address where none is to be written', () => {
    expect(plan({}, registered(), rulesWith({ address: 'keep' })).kind).toBe('unchanged');
    const entry = entryOf({ personnummer: '201001012390', last_name: 'Ek' });
    expect(reconcile(entry, snapshotOf(registered()), RULES, everything).kind).toBe('unchanged');
  });

  it('empties a status that is ours, and no other', () => {
    expect(changesOf(plan({ status: 'Not-Found' }))).toEqual({ status: '' });
    expect(plan({ status: 'slutar i juni' }).kind).toBe('unchanged');
    expect(plan({ status: ' ' }).kind).toBe('unchanged');
  });

  it('dates the answer where the column is and says otherwise', () => {
    expect(plan({ spar_checked: '2026-10-01' })).toMatchObject({
      kind: 'unchanged',
      checked: { field: 'spar_checked', from: '2026-10-01', to: '2026-11-23' },
    });
    expect(plan({})).not.toHaveProperty('checked');
  });
});

describe('the emigrated', () => {
  const emigrated = registered({
    ...anna,
    emigrated: true,
    home: { kind: 'swedish', lines: [] },
    abroad: { kind: 'international', lines: ['Gata 1', '0150 OSLO'], country: 'NORGE' },
  });

  it('get the address abroad, the status and a review', () => {
    const item = plan({}, emigrated);
    expect(changesOf(item)).toEqual({
      street: 'Gata 1, 0150 OSLO',
      postal_code: '',
      city: '',
      country: 'NORGE',
      status: 'emigrated',
    });
    expect(reviewsOf(item)).toEqual(['emigrated']);
  });

  it('keep the address they have where only registered addresses are wanted', () => {
    const item = plan({}, emigrated, { ...RULES, address: 'home' });
    expect(changesOf(item)).toEqual({ status: 'emigrated' });
    expect(reviewsOf(item)).toEqual(['emigrated']);
  });

  it('keep it too where SPAR has none, and that is reported', () => {
    const item = plan(
      { status: 'emigrated' },
      registered({ ...anna, emigrated: true, home: { kind: 'swedish', lines: [] } }),
    );
    expect(item).toMatchObject({ kind: 'review', reviews: ['no-address', 'emigrated'] });
  });
});

describe('the special records', () => {
  it.each([
    ['deceased', 'deceased'],
    ['renumbered', 'renumbered'],
    ['other', 'deregistered'],
  ] as const)('%s: status and review, nothing else', (reason, word) => {
    const answer: Answer = { kind: 'deregistered', id, reason, successors: [] };
    const item = plan({ spar_checked: '', first_name: '', status: 'emigrated' }, answer);
    expect(changesOf(item)).toEqual({ status: word });
    expect(reviewsOf(item)).toEqual([word]);
    expect(item).not.toHaveProperty('checked');
    expect(plan({ status: word }, answer)).toMatchObject({ kind: 'review', reviews: [word] });
    expect(plan({ status: 'egen text' }, answer)).toMatchObject({ kind: 'review', reviews: [word] });
  });

  it('not found: status, review and the date', () => {
    const item = plan({ spar_checked: '' }, { kind: 'not-found', id });
    expect(changesOf(item)).toEqual({ status: 'not-found' });
    expect(reviewsOf(item)).toEqual(['not-found']);
    expect(item.checked?.to).toBe('2026-11-23');
  });

  it('a withheld answer about an unmarked row is no answer', () => {
    expect(plan({}, { kind: 'withheld', id })).toMatchObject({
      kind: 'unknown',
      because: 'failed',
      reviews: [],
    });
  });
});

describe('a renumbered person who is followed', () => {
  const renumbered: Answer = {
    kind: 'deregistered',
    id,
    reason: 'renumbered',
    successors: [personId('201010052387')],
  };
  const successor = snapshotOf(registered({ ...anna, id: personId('201010052387') }), '2026-11-24');
  const follow: UpdateRules = { ...RULES, renumbered: 'follow' };
  const entry = entryOf({ ...row, city: 'Solna', status: 'renumbered' });

  it('gets the number, and what SPAR says of it', () => {
    const item = reconcile(entry, snapshotOf(renumbered), follow, { ...everything, successor });
    expect(changesOf(item)).toEqual({ personnummer: '201010052387', city: 'STOCKHOLM', status: '' });
    expect(item).toMatchObject({ person: '201010052387', reviews: [], checked: { to: '2026-11-24' } });
  });

  it('is left to a person where the rule says so, or without an answer', () => {
    for (const item of [
      reconcile(entry, snapshotOf(renumbered), RULES, { ...everything, successor }),
      reconcile(entry, snapshotOf(renumbered), follow, everything),
    ]) {
      expect(item).toMatchObject({ kind: 'review', reviews: ['renumbered'], person: id });
    }
  });
});

describe('the protected', () => {
  const hidden = (mark: 'sekretessmarkering' | 'skyddad folkbokföring'): Answer => ({
    kind: 'protected',
    id,
    mark,
  });

  it.each([
    ['', 'sekretessmarkering', 'sekretessmarkering'],
    [' ', 'skyddad folkbokföring', 'skyddad folkbokföring'],
    ['Nej', 'sekretessmarkering', 'sekretessmarkering'],
    ['0', 'sekretessmarkering', 'sekretessmarkering'],
    ['sekretessmarkering', 'sekretessmarkering', undefined],
    ['Sekretessmarkering', 'sekretessmarkering', undefined],
    ['sekretessmarkering', 'skyddad folkbokföring', 'skyddad folkbokföring'],
    ['SKYDDAD FOLKBOKFÖRING', 'sekretessmarkering', 'sekretessmarkering'],
    ['ja', 'sekretessmarkering', undefined],
    ['kvarskriven', 'skyddad folkbokföring', undefined],
  ] as const)('a cell of %j with %s', (cell, mark, written) => {
    const item = plan({ protected: cell, first_name: '', spar_checked: '' }, hidden(mark));
    expect(changesOf(item)).toEqual(written === undefined ? {} : { protected: written });
    expect(reviewsOf(item)).toEqual(['protected']);
    expect(item).not.toHaveProperty('checked');
  });

  it('are reported where the roster has no column for the mark', () => {
    const entry = entryOf({ personnummer: '201001012390', first_name: '' });
    expect(reconcile(entry, snapshotOf(hidden('sekretessmarkering')), RULES, everything)).toMatchObject({
      kind: 'review',
      reviews: ['protected'],
    });
  });

  it('are marked with the other word where the file has no ö', () => {
    const ascii = { canHold: (text: string) => /^[ -~]*$/.test(text) };
    const answer = hidden('skyddad folkbokföring');
    expect(changesOf(plan({}, answer, RULES, ascii))).toEqual({ protected: 'sekretessmarkering' });
    expect(plan({ protected: 'sekretessmarkering' }, answer, RULES, ascii).kind).toBe('review');
    expect(reviewsOf(plan({}, answer, RULES, { canHold: () => false }))).toEqual([
      'not-encodable',
      'protected',
    ]);
  });

  it.each([
    [anna, 'no-longer-protected'],
    [{ kind: 'withheld', id }, 'no-longer-protected'],
    [{ kind: 'not-found', id }, 'not-found'],
    [{ kind: 'deregistered', id, reason: 'deceased', successors: [] }, 'deceased'],
    [{ kind: 'deregistered', id, reason: 'other', successors: [] }, 'deregistered'],
  ] as const)('a marked row whose person SPAR does not mark is only reported (%#)', (answer, reason) => {
    expect(plan({ protected: 'ja', city: '', status: '', spar_checked: '' }, answer)).toEqual({
      kind: 'review',
      key: { type: 'student', id: '17' },
      place: { source: 0, row: 0, line: 2 },
      person: id,
      reviews: [reason],
    });
  });
});

describe('a file that cannot hold a character', () => {
  const stanislaw = registered({
    name: { given: 'Stanisław', surname: 'Ek' },
    home: { kind: 'swedish', lines: ['Łódźgatan 1'], postalCode: '11146', city: 'STOCKHOLM' },
  });

  it('keeps both names, and the address as a whole', () => {
    const item = plan({ first_name: '', last_name: 'Al', city: 'Solna' }, stanislaw, RULES, latin);
    expect(item).toMatchObject({ kind: 'review', reviews: ['not-encodable'] });
  });

  it('takes the rest', () => {
    const item = plan(
      { first_name: '', last_name: 'Al', city: 'Solna' },
      { ...stanislaw, home: anna.home ?? { kind: 'swedish', lines: [] } },
      RULES,
      latin,
    );
    expect(changesOf(item)).toEqual({ city: 'STOCKHOLM' });
    expect(reviewsOf(item)).toEqual(['not-encodable']);
  });

  it('does not care about what is not written', () => {
    expect(reviewsOf(plan({ first_name: 'Stan' }, stanislaw, rulesWith({ address: 'keep' }), latin))).toEqual(
      ['name-differs'],
    );
  });
});

describe('whatever row and answer', () => {
  const anyContext = fc.constantFrom<ReconcileContext>(everything, latin, { canHold: () => false });
  const runs = { numRuns: 2000 };

  it('empties no name and no street, and writes only over what was there', () => {
    fc.assert(
      fc.property(anyEntry, anySnapshot, anyRules, anyContext, (entry, snapshot, rules, context) => {
        const item = reconcile(entry, snapshot, rules, context);
        apply(entry, item);
        if (item.kind !== 'update') return;
        for (const { field, from, to } of item.changes) {
          expect(to).not.toBe(from);
          if (field === 'first_name' || field === 'last_name' || field === 'street') {
            expect(to.trim()).not.toBe('');
          }
        }
      }),
      runs,
    );
  });

  it('writes nothing but the mark of a protected person or row', () => {
    fc.assert(
      fc.property(anyEntry, anySnapshot, anyRules, anyContext, (entry, snapshot, rules, context) => {
        const item = reconcile(entry, snapshot, rules, context);
        const marked = isMarked(entry.cells.protected);
        if (snapshot.answer.kind !== 'protected' && !marked) return;
        expect(item.checked).toBeUndefined();
        for (const field of Object.keys(changesOf(item))) expect(field).toBe('protected');
        if (marked && item.kind === 'update')
          expect(isMarked(new Map(Object.entries(changesOf(item))).get('protected'))).toBe(true);
        if (snapshot.answer.kind === 'protected') expect(reviewsOf(item)).toContain('protected');
      }),
      runs,
    );
  });

  it('never takes a mark away', () => {
    fc.assert(
      fc.property(anyEntry, anySnapshot, anyRules, anyContext, (entry, snapshot, rules, context) => {
        const after = apply(entry, reconcile(entry, snapshot, rules, context));
        if (isMarked(entry.cells.protected)) expect(isMarked(after.cells.protected)).toBe(true);
      }),
      runs,
    );
  });

  it('finds nothing more to write once it has been written, and the same to look at', () => {
    fc.assert(
      fc.property(anyEntry, anySnapshot, anyRules, anyContext, (entry, snapshot, rules, context) => {
        const first = reconcile(entry, snapshot, rules, context);
        const second = reconcile(apply(entry, first), snapshot, rules, context);
        expect(second.kind).not.toBe('update');
        expect(second.checked).toBeUndefined();
        expect(reviewsOf(second)).toEqual(reviewsOf(first));
      }),
      runs,
    );
  });

  it('changes nothing in a row that holds what it would write', () => {
    fc.assert(
      fc.property(anyAnswer, anyRules, (answer, rules) => {
        const empty = entryOf({
          ...row,
          first_name: '',
          last_name: '',
          street: '',
          postal_code: '',
          city: '',
        });
        const written = apply(empty, reconcile(empty, snapshotOf(answer), rules, everything));
        expect(reconcile(written, snapshotOf(answer), rules, everything).kind).not.toBe('update');
      }),
      runs,
    );
  });
});
