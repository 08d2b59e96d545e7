import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callNameOf } from '../../../src/adapters/spar/answer/namn.ts';
import { readAnswer } from '../../../src/adapters/spar/answer/personsokning-svar.ts';
import type { LookupOutcome } from '../../../src/app/ports.ts';
import {
  noRecordings,
  ownMessage,
  personId,
  recordedAnswer,
  recordedIds,
  syntheticAnswer,
} from '../../support/spar-messages.ts';

const CHILD = personId('201301032395');
const EVA = personId('197901049283');
const MASKED = personId('198009139265');
const ULLA = personId('198205049250');
const MIA = personId('198502862397');

const HOME = { kind: 'swedish', lines: ['Storgatan 1 LGH 1104'], postalCode: '11146', city: 'STOCKHOLM' };
const eva = {
  kind: 'registered',
  id: EVA,
  name: { given: 'Eva', surname: 'Testsson' },
  birthDate: '1979-01-04',
  emigrated: false,
  predecessors: [],
};
const child = {
  kind: 'registered',
  id: CHILD,
  birthDate: '2013-01-03',
  home: HOME,
  emigrated: false,
  predecessors: [],
};
const alva = { ...child, name: { given: 'Alva', callName: 'Alva', surname: 'Testsson' } };
const ulla = { kind: 'deregistered', id: ULLA, birthDate: '1982-05-04', successors: [] };
const mia = { kind: 'deregistered', id: MIA, birthDate: '1985-02-26', successors: [] };
const masked = { kind: 'protected', id: MASKED, mark: 'sekretessmarkering' };

function lookUp(message: string, id: string, permissions: readonly 'relations'[] = []): LookupOutcome {
  return readAnswer(message, personId(id), permissions);
}

describe('what a message means', () => {
  it.each<[name: string, id: string, answer: object]>([
    [
      'child',
      CHILD,
      { ...child, name: { given: 'Alva Maria', callName: 'Alva', middle: 'Provsson', surname: 'Testsson' } },
    ],
    ['child-without-given-name', CHILD, { ...child, name: { surname: 'Testsson' } }],
    [
      'call-name-two-positions',
      EVA,
      {
        ...eva,
        home: HOME,
        name: { given: 'Eva Ulla-Karin Isa', callName: 'Ulla-Karin', surname: 'Testsson' },
      },
    ],
    [
      'call-name-after-double-name',
      EVA,
      { ...eva, home: HOME, name: { given: 'Eva Ulla-Karin Isa', callName: 'Isa', surname: 'Testsson' } },
    ],
    ['call-name-outside', EVA, { ...eva, home: HOME, name: { given: 'Eva Isa', surname: 'Testsson' } }],
    [
      'blanks-and-line-breaks',
      EVA,
      {
        ...eva,
        name: { given: 'Eva Isa', surname: 'Testsson' },
        home: { kind: 'swedish', lines: ['Storgatan 1'], postalCode: '17892', city: 'ADELSJÃ¿' },
      },
    ],
    [
      'address-with-two-lines',
      EVA,
      { ...eva, home: { ...HOME, careOf: 'PROVSSON', lines: ['HÖGER HUS', 'Storgatan 1'] } },
    ],
    [
      'mailing-swedish',
      EVA,
      { ...eva, home: HOME, mailing: { ...HOME, lines: ['Box 12'], postalCode: '10661' } },
    ],
    [
      'mailing-international',
      EVA,
      {
        ...eva,
        home: HOME,
        mailing: {
          kind: 'international',
          lines: ['TEST ROAD 1', 'TESTSHIRE', 'TESTTOWN'],
          country: 'STORBRITANNIEN',
        },
      },
    ],
    ['no-address', EVA, eva],
    ['overlapping-history', EVA, { ...eva, home: { ...HOME, lines: ['Nya gatan 2'] } }],
    [
      'several-current-rows',
      EVA,
      { ...eva, name: { given: 'Eva', surname: 'Nysson' }, home: { ...HOME, lines: ['Nya gatan 2'] } },
    ],
    ['rows-without-dates', EVA, { ...eva, home: HOME }],
    ['only-ended-rows', EVA, { ...eva, name: {} }],
    [
      'samordningsnummer-dormant',
      MIA,
      {
        kind: 'registered',
        id: MIA,
        name: { given: 'Mia', surname: 'Testsson' },
        birthDate: '1985-02-26',
        contact: { ...HOME, careOf: 'PROVSSON', lines: ['Provgatan 2'] },
        emigrated: false,
        predecessors: [],
      },
    ],
    ['samordningsnummer-deceased', MIA, { ...mia, reason: 'deceased' }],
    ['samordningsnummer-dormant-deceased', MIA, { ...mia, reason: 'deceased' }],
    [
      'samordningsnummer-replaced',
      MIA,
      { ...mia, reason: 'renumbered', code: 'GS', successors: ['201302282395'] },
    ],
    ['protected-sekretessmarkering', MASKED, { ...masked, since: '2021-03-04' }],
    [
      'protected-skyddad-folkbokforing',
      '198106039228',
      { kind: 'protected', id: '198106039228', mark: 'skyddad folkbokföring', since: '2020-02-03' },
    ],
    ['protected-and-deceased', MASKED, { ...masked, since: '2021-03-04' }],
    ['protected-attribute-on-no', MASKED, masked],
    ['protected-mark-missing', MASKED, masked],
    ['protected-mark-twice', MASKED, masked],
    ['protected-mark-in-small-letters', MASKED, masked],
    ['protected-mark-with-blanks', MASKED, masked],
    ['protected-in-details', MASKED, masked],
    ['once-protected', MASKED, { ...eva, id: MASKED, birthDate: '1980-09-13', home: HOME }],
    ['deceased', ULLA, { ...ulla, reason: 'deceased', code: 'AV' }],
    [
      'emigrated',
      ULLA,
      {
        kind: 'registered',
        id: ULLA,
        name: { given: 'Ulla', surname: 'Testsson' },
        birthDate: '1982-05-04',
        abroad: { kind: 'international', lines: ['TESTVEIEN 1', '0150 TESTBY'], country: 'NORGE' },
        emigrated: true,
        predecessors: [],
      },
    ],
    ['renumbered', ULLA, { ...ulla, reason: 'renumbered', code: 'GN', successors: [EVA] }],
    ['renumbered-twice', ULLA, { ...ulla, reason: 'renumbered', code: 'G', successors: [EVA, MASKED] }],
    ['renumbered-bad-number', ULLA, { ...ulla, reason: 'renumbered', code: 'GN', successors: [] }],
    ['new-number', EVA, { ...eva, home: HOME, predecessors: [ULLA] }],
    ['false-identity', ULLA, { ...ulla, reason: 'other', code: 'FI' }],
    ['unknown-code', ULLA, { ...ulla, reason: 'other', code: 'ZZ' }],
    ['guardians-two', CHILD, alva],
    ['not-found', EVA, { kind: 'not-found', id: EVA }],
    [
      '2023-child',
      '199810832387',
      { ...alva, id: '199810832387', birthDate: '1998-10-23', home: undefined, contact: HOME },
    ],
    [
      '2023-emigrated-group',
      ULLA,
      { ...eva, id: ULLA, name: { given: 'Ulla', surname: 'Testsson' }, birthDate: '1982-05-04', home: HOME },
    ],
    ['2023-immunity-number-replaced', ULLA, { ...ulla, reason: 'renumbered', successors: [EVA] }],
    ['2023-immunity-number-wrong', ULLA, { ...ulla, reason: 'other', code: 'Felaktigt registrerat' }],
  ])('%s', (name, id, answer) => {
    const outcome = lookUp(ownMessage(name), id);
    expect(outcome).toEqual({ kind: 'answered', answer, reference: expect.stringMatching(/^0{8}-/) });
  });

  it.each<[name: string, guardianship: object]>([
    ['child', { current: [], ended: [] }],
    [
      'guardians-two',
      {
        current: [
          { id: EVA, deceased: false },
          { id: MASKED, deceased: false },
        ],
        ended: [],
      },
    ],
    [
      'guardian-ended-and-deceased',
      {
        current: [
          { id: EVA, deceased: false },
          { id: MASKED, deceased: true },
        ],
        ended: [ULLA],
      },
    ],
    [
      'guardian-without-number',
      {
        current: [
          { id: EVA, deceased: false },
          { name: { given: 'Jane', surname: 'Testperson' }, birthDate: '1979-05-02', deceased: false },
        ],
        ended: [],
      },
    ],
    ['guardian-again', { current: [{ id: EVA, deceased: false }], ended: [] }],
  ])('%s, asked with the permission', (name, guardianship) => {
    expect(lookUp(ownMessage(name), CHILD, ['relations'])).toMatchObject({
      kind: 'answered',
      answer: { guardianship },
    });
  });

  it('holds no guardians when it was asked without the permission', () => {
    for (const name of ['guardians-two', 'guardian-bad-number']) {
      const outcome = lookUp(ownMessage(name), CHILD);
      expect(outcome.kind === 'answered' ? Object.keys(outcome.answer) : outcome).not.toContain(
        'guardianship',
      );
    }
  });

  it.each<[what: string, id: string, change: (message: string) => string]>([
    ['a wrong check digit in a guardian', CHILD, () => ownMessage('guardian-bad-number')],
    ['two posts', EVA, () => ownMessage('two-posts')],
    ['too many hits', EVA, () => ownMessage('too-many')],
    ['no PersonId', EVA, (message) => message.replace(/<per:PersonId>[\s\S]*<\/per:PersonId>/, '')],
    ['two names in one', EVA, (message) => message.replace(/<nd:Fornamn>.*<\/nd:Fornamn>/, '$&$&')],
    ['dates that are none', EVA, (message) => message.replaceAll('9999-12-31', '31 dec')],
    ['one date of two', EVA, (message) => message.replaceAll(/<dat:DatumTill>.*<\/dat:DatumTill>/g, '')],
    ['a name inside a name', EVA, (message) => message.replace('>Eva<', '><b>Eva</b><')],
    ['a relation of no type', CHILD, () => ownMessage('guardians-two').replace(/<rel:Relationstyp>.*/, '')],
    [
      'a renamed post',
      EVA,
      (message) => message.replaceAll('PersonsokningSvarspost', 'PersonsokningSvarspost2'),
    ],
  ])('is not understood with %s', (_what, id, change) => {
    const outcome = lookUp(change(ownMessage('mailing-swedish')), id, ['relations']);
    expect(outcome).toMatchObject({
      kind: 'not-understood',
      detail: { en: expect.any(String), sv: expect.any(String) },
    });
    expect(JSON.stringify(outcome)).not.toMatch(/Eva|Storgatan|1979/);
  });

  it('does not depend on prefixes, on elements that nobody knows, or on their place', () => {
    const message = ownMessage('guardian-ended-and-deceased');
    const expected = lookUp(message, CHILD, ['relations']);
    fc.assert(
      fc.property(
        fc.infiniteStream(fc.constantFrom('', 'a:', 'ns25:', '_x.-1:', 'åäö:')),
        fc.nat(40),
        (prefixes, at) => {
          const open: string[] = [];
          let tags = 0;
          const changed = message.replace(
            /<(\/?)(?:\w+:)?(\w+)([^<>]*)>/g,
            (_all, end: string, name: string, rest: string) => {
              if (end !== '') return `</${open.pop()}>`;
              const prefixed = `${prefixes.next().value ?? ''}${name}`;
              open.push(prefixed);
              tags += 1;
              const unknown = tags === at && tags > 3 ? `<!-- x --><z:Nytt k="v">Nej</z:Nytt>` : '';
              return `${unknown}<${prefixed}${rest.replace(/\sxmlns(:\w+)?="[^"]*"/g, '')}>`;
            },
          );
          expect(lookUp(changed, CHILD, ['relations'])).toEqual(expected);
        },
      ),
    );
  });
});

describe('protection', () => {
  const message = ownMessage('once-protected');
  const [marks = ''] =
    /<skydd:Sekretessmarkering>NEJ[\s\S]*?<\/skydd:SkyddadFolkbokforing>/.exec(message) ?? [];
  const before = message.slice(0, message.indexOf(marks));
  const after = message.slice(before.length + marks.length);

  it('is lifted only by two plain NEJ', () => {
    expect(marks).toContain('SkyddadFolkbokforing');
    expect(lookUp(before + marks + after, MASKED)).toMatchObject({ answer: { kind: 'registered' } });
  });

  it('is there where a mark stands in an unusual place', () => {
    for (const place of ['</namn:Namn>', '</per:PersonId>', '</fba:Folkbokforingsadress>']) {
      const marked = (mark: string) => message.replace(place, `<x><skydd:${mark}</x>$&`);
      expect(marked('')).not.toBe(message);
      const yes = marked('Sekretessmarkering>JA</skydd:Sekretessmarkering>');
      expect(lookUp(yes, MASKED)).toMatchObject({ answer: { kind: 'protected' } });
      const no = marked('Sekretessmarkering>NEJ</skydd:Sekretessmarkering>');
      expect(lookUp(no, MASKED)).toMatchObject({ answer: { kind: 'registered' } });
    }
  });

  it('is there for any other pair of marks', () => {
    const text = fc.oneof(
      fc.constantFrom(
        '',
        'JA',
        'nej',
        'Nej',
        ' NEJ',
        'NEJ ',
        'N EJ',
        'NEJ.',
        'NEJNEJ',
        'NO',
        '0',
        'FALSE',
        '\u00a0NEJ',
        'NEJ\n',
      ),
      fc.stringMatching(/^[A-Za-z0-9 ÅÄÖåäö]{0,8}$/),
    );
    const attributes = fc.constantFrom(
      '',
      ' sattAvSPAR="JA"',
      ' sattAvSPAR="NEJ"',
      ' sattAvSPAR=""',
      ' xsi:nil="true"',
      ' n:ny="1"',
    );
    const wrap = fc.constantFrom('', '<b>', '<skydd:NEJ/>');
    const mark = (name: string) =>
      fc
        .array(fc.tuple(text, attributes, wrap), { minLength: 0, maxLength: 3 })
        .map((written) =>
          written.map(([value, attribute, child]) => render(name, value, attribute, child)).join(''),
        );
    const plain = (name: string) => fc.constant(render(name, 'NEJ', '', ''));
    const either = (name: string) =>
      fc.oneof({ weight: 3, arbitrary: mark(name) }, { weight: 1, arbitrary: plain(name) });
    fc.assert(
      fc.property(
        either('Sekretessmarkering'),
        either('SkyddadFolkbokforing'),
        fc.boolean(),
        (one, other, swap) => {
          const both = swap ? other + one : one + other;
          const isPlain =
            one === render('Sekretessmarkering', 'NEJ', '', '') &&
            other === render('SkyddadFolkbokforing', 'NEJ', '', '');
          const outcome = lookUp(before + both + after, MASKED);
          const kind = outcome.kind === 'answered' ? outcome.answer.kind : outcome.kind;
          expect(kind).toBe(isPlain ? 'registered' : 'protected');
          if (!isPlain) expect(JSON.stringify(outcome)).not.toMatch(/Eva|Testsson|Storgatan/);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('is there for any mark but a plain NEJ in Persondetaljer that have not ended', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('JA', 'nej', '', ' NEJ', 'X'),
        fc.constantFrom('Sekretessmarkering', 'SkyddadFolkbokforing'),
        fc.constantFrom('9999-12-31', '', 'x', '9999-99-99'),
        (value, name, till) => {
          const details = `<pd:Persondetaljer><dat:DatumTill>${till}</dat:DatumTill><skydd:${name}>${value}</skydd:${name}></pd:Persondetaljer>`;
          expect(lookUp(before + marks + details + after, MASKED)).toMatchObject({
            answer: { kind: 'protected' },
          });
        },
      ),
    );
  });

  function render(name: string, value: string, attribute: string, child: string): string {
    const inside = child === '<b>' ? `<b>${value}</b>` : child + value;
    return `<skydd:${name}${attribute}>${inside}</skydd:${name}>`;
  }
});

describe('callNameOf', () => {
  it.each([
    ['Eva Ulla-Karin Isa', '10', 'Eva'],
    ['Eva Ulla-Karin Isa', '20', 'Ulla'],
    ['Eva Ulla-Karin Isa', '23', 'Ulla-Karin'],
    ['Eva Ulla-Karin Isa', '40', 'Isa'],
    ['Eva Ulla-Karin Isa', '12', 'Eva Ulla'],
    ['Eva Ulla-Karin Isa', '14', 'Eva Isa'],
    ['Eva Ulla-Karin Isa', '50', undefined],
    ['Eva Ulla-Karin Isa', '15', undefined],
    ['Karl-eric', '10', 'Karl'],
    ['Karl-eric', '12', 'Karl-eric'],
    ['Eva', '11', undefined],
    ['Eva', '1', undefined],
    ['Eva', '00', undefined],
    ['Eva', '01', undefined],
    ['Eva', 'x', undefined],
    ['- -Eva-', '10', 'Eva'],
  ])('%s with %s', (given, used, callName) => {
    expect(callNameOf(given, used)).toBe(callName);
  });
});

describe.skipIf(noRecordings !== undefined)(
  `recorded answers${noRecordings === undefined ? '' : ` (${noRecordings})`}`,
  () => {
    it('are all understood', () => {
      const kinds = recordedIds().map((id) => {
        const outcome = lookUp(recordedAnswer(id), id);
        return outcome.kind === 'answered' ? outcome.answer.kind : outcome.kind;
      });
      expect(new Set(kinds)).toEqual(new Set(['registered', 'protected', 'deregistered']));
      expect(kinds.filter((kind) => kind === 'protected')).toHaveLength(2);
      expect(kinds.filter((kind) => kind === 'deregistered')).toHaveLength(4);
    });

    it.each<[id: string, part: object]>([
      [
        '195704133106',
        {
          kind: 'registered',
          name: {
            given: 'Christina Birgitta Ulrika',
            callName: 'Birgitta',
            middle: 'Thomeaus',
            surname: 'Efternamn3542',
          },
        },
      ],
      ['198003219295', { name: { callName: 'Kristian' } }],
      ['198406079288', { name: { callName: 'Kristina' } }],
      ['201703152395', { name: { callName: 'Uno' } }],
      ['198201209296', { name: { given: 'Karl-eric', callName: 'Karl' } }],
      ['198010229238', { kind: 'protected', mark: 'sekretessmarkering', since: '2010-02-02' }],
      ['198106039228', { kind: 'protected', mark: 'skyddad folkbokföring', since: '2010-02-02' }],
      ['198604069883', { kind: 'deregistered', reason: 'deceased', code: 'AV' }],
      [
        '195309112489',
        { kind: 'registered', emigrated: true, abroad: { kind: 'international', country: 'STORBRITTANIEN' } },
      ],
      [
        '199101112390',
        { kind: 'deregistered', reason: 'renumbered', code: 'GN', successors: ['199111082393'] },
      ],
      ['197110021834', { kind: 'registered', predecessors: ['197001239297'] }],
      ['196211022766', { kind: 'deregistered', reason: 'other', code: 'FI' }],
      ['199903672385', { kind: 'registered', contact: { careOf: 'CO-NAMN' }, predecessors: [] }],
      ['197605832380', { kind: 'registered', contact: { city: 'ADELSJÃ¿' } }],
      ['198112752384', { kind: 'deregistered', reason: 'deceased' }],
      ['198308299299', { kind: 'registered', mailing: { kind: 'swedish' } }],
      [
        '194812161596',
        {
          mailing: {
            kind: 'international',
            country: 'NORGE',
            lines: ['UTLANDSGATAN 111', 'UTLANDOMRÅDE', 'STADEN'],
          },
        },
      ],
    ])('%s', (id, part) => {
      expect(lookUp(recordedAnswer(id), id)).toMatchObject({ kind: 'answered', answer: { id, ...part } });
    });

    it.each<[name: string, guardianship: object]>([
      ['relation-two-guardians', { current: [{ deceased: false }, { deceased: false }], ended: [] }],
      [
        'relation-deceased-and-ended',
        { current: [{ id: EVA, deceased: false }, { deceased: true }], ended: [MASKED] },
      ],
      [
        'relation-one-without-id',
        {
          current: [
            { deceased: false },
            { name: { given: 'Jane', surname: 'Testperson' }, birthDate: '1979-05-02' },
          ],
        },
      ],
    ])('%s', (name, guardianship) => {
      expect(lookUp(syntheticAnswer(name), '201507212387', ['relations'])).toMatchObject({
        answer: { guardianship },
      });
    });
  },
);
