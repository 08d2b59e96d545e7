import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAnswer } from '../../../src/adapters/spar/answer/personsokning-svar.ts';
import type { LookupOutcome } from '../../../src/app/ports.ts';
import { SparSyncError } from '../../../src/errors.ts';
import {
  noRecordings,
  ownMessage,
  ownMessageNames,
  personId,
  recordedAnswer,
  recordedIds,
  syntheticAnswer,
} from '../../support/spar-messages.ts';

const EVA = personId('197901049283');

/** The outcome, or the error that would stop the run. Any other error is a bug and passes. */
function settle(raw: string | Uint8Array, id: string): LookupOutcome | SparSyncError {
  try {
    return readAnswer(raw, personId(id), ['relations']);
  } catch (error) {
    if (error instanceof SparSyncError) return error;
    throw error;
  }
}

describe('readAnswer', () => {
  it.each<[name: string, outcome: object]>([
    ['not-found', { kind: 'answered', answer: { kind: 'not-found', id: EVA } }],
    ['exception-general', { kind: 'unavailable' }],
    ['exception-parameter', { kind: 'refused' }],
    ['too-many', { kind: 'not-understood' }],
    ['two-posts', { kind: 'not-understood' }],
  ])('%s', (name, outcome) => {
    expect(settle(ownMessage(name), EVA)).toMatchObject({
      ...outcome,
      reference: expect.stringMatching(/^0{8}-/),
    });
  });

  it('shows the code of an exception and never its text', () => {
    const shown = JSON.stringify(settle(ownMessage('exception-parameter'), EVA));
    expect(shown).toContain('OGILTIG_INPARAMETER');
    expect(shown).not.toContain('Fel i frågan');
  });

  it.each([
    ['the post', 'post-about-somebody-else', EVA],
    ['the echo', 'echo-of-somebody-else', EVA],
    ['both', 'deceased', EVA],
  ])('stops the run when %s is about somebody else', (_what, name, id) => {
    const error = settle(ownMessage(name), id);
    expect(error).toMatchObject({ code: 'spar-not-understood' });
    expect(error instanceof SparSyncError ? error.message : '').toMatch(
      /somebody else.*00000000-0000-4000-8000-\d{12}$/,
    );
  });

  it('stops the run when one of two posts is about somebody else', () => {
    const [before = '', post = '', after = ''] = ownMessage('post-about-somebody-else').split(
      /(<svar:PersonsokningSvarspost>[\s\S]*<\/svar:PersonsokningSvarspost>)/,
    );
    const own = post.replace(/198009139265/g, EVA);
    expect(settle(before + own + after, EVA)).toMatchObject({ kind: 'answered' });
    expect(settle(before + own + post + after, EVA)).toMatchObject({ code: 'spar-not-understood' });
  });

  it('stops the run for a SOAP fault, without its text', () => {
    const error = settle(ownMessage('soap-fault'), EVA);
    expect(error).toMatchObject({ code: 'spar-not-understood' });
    expect(JSON.stringify(error)).not.toContain(EVA);
    expect(String(error)).toContain('SOAP fault, Client,');
  });

  it('shows no code that may be a name', () => {
    const exception = ownMessage('exception-parameter').replace('OGILTIG_INPARAMETER', 'STOCKHOLM');
    expect(settle(exception, EVA)).toMatchObject({
      kind: 'refused',
      detail: { en: 'SPAR answered with the exception ?' },
    });
    const fault = settle(ownMessage('soap-fault').replace('S:Client', 'Anna'), EVA);
    expect(String(fault)).toContain('(SOAP fault, status 200)');
  });

  it('does not take an answer that holds another one', () => {
    const own = ownMessage('post-about-somebody-else').replace(/198009139265/g, EVA);
    expect(settle(own, EVA)).toMatchObject({ kind: 'answered' });
    const other = ownMessage('protected-sekretessmarkering').replace(/<\?xml.*\?>/, '');
    for (const place of ['</namn:Namn>', '</per:PersonId>', '<S:Body>']) {
      const mixed = own.replace(place, () => `${other}${place}`);
      expect(mixed).not.toBe(own);
      expect(settle(mixed, EVA)).toMatchObject({ kind: 'not-understood' });
    }
  });

  const echo = /<sok:PersonsokningFraga>[\s\S]*<\/sok:PersonsokningFraga>/;
  const idNumber = /<per:IdNummer>.*<\/per:IdNummer>/;
  const uuid = /<svar:UUID>.*<\/svar:UUID>/;
  const inside = /(<svar:SPARPersonsokningSvar[^>]*>)[\s\S]*(<\/svar:SPARPersonsokningSvar>)/;
  const nobody = ownMessage('not-found');

  it.each<[what: string, message: string]>([
    ['nothing', nobody.replace(inside, '$1$2')],
    ['a reference alone', nobody.replace(echo, '')],
    ['text', nobody.replace(inside, '$1Underhåll$2')],
    ['text beside the echo', nobody.replace(uuid, '$&Underhåll')],
    ['an unknown element', nobody.replace(uuid, '<Felkod>7</Felkod>$&')],
    [
      'a post in another element',
      nobody.replace(uuid, '<svar:Svar><svar:PersonsokningSvarspost/></svar:Svar>$&'),
    ],
    [
      'a post where the reference would be',
      nobody.replace(uuid, '<svar:UUID><PersonsokningSvarspost/></svar:UUID>'),
    ],
    ['two references', nobody.replace(uuid, '$&$&')],
    ['two echoes', nobody.replace(echo, '$&$&')],
    ['an empty echo', nobody.replace(idNumber, '')],
    ['an echo of text', nobody.replace(idNumber, '$&Eva')],
    ['an echo with the number twice', nobody.replace(idNumber, '$&$&')],
    ['an echo of more than the number', nobody.replace(idNumber, '$&<per:FodelsetidFran/>')],
    ['an echo with something inside the number', nobody.replace('</per:IdNummer>', '<x/>$&')],
    ['an echo of a search by name', nobody.replace(idNumber, '<per:NamnSokArgument>x</per:NamnSokArgument>')],
  ])('does not take an answer with %s for nobody', (_what, message) => {
    expect(message).not.toBe(nobody);
    expect(settle(message, EVA)).toMatchObject({ kind: 'not-understood' });
  });

  it('needs no reference for nobody', () => {
    expect(settle(nobody.replace(uuid, ''), EVA)).toEqual({
      kind: 'answered',
      answer: { kind: 'not-found', id: EVA },
    });
  });

  it.each([
    ['nothing', ''],
    ['a web page', '<html><body>Underhåll</body></html>'],
    ['plain text', 'OK'],
    ['an answer without its envelope', ownMessage('not-found').replace(/<\/?S:(Envelope|Body)[^>]*>/g, '')],
    ['an envelope without a body', '<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"/>'],
    ['an empty body', '<Envelope><Body/></Envelope>'],
    ['two bodies', ownMessage('not-found').replace('<S:Body>', '<S:Body/><S:Body>')],
    ['another root', ownMessage('not-found').replaceAll('SPARPersonsokningSvar', 'NavetSvar')],
    [
      'two answers',
      ownMessage('not-found').replace(
        /<svar:SPARPersonsokningSvar[\s\S]*<\/svar:SPARPersonsokningSvar>/,
        '$&$&',
      ),
    ],
    ['half an answer', ownMessage('child').slice(0, 1500)],
    ['Latin-1', Buffer.from(ownMessage('guardians-two'), 'latin1')],
  ])('is garbled with %s', (_what, raw) => {
    expect(settle(raw, EVA)).toEqual({
      kind: 'garbled',
      detail: { en: expect.any(String), sv: expect.any(String) },
    });
  });

  it('shows as reference only what looks like one', () => {
    const message = ownMessage('not-found').replace(
      /<svar:UUID>.*<\/svar:UUID>/,
      `<svar:UUID>Eva Testsson ${EVA}</svar:UUID>`,
    );
    expect(settle(message, EVA)).toEqual({ kind: 'answered', answer: { kind: 'not-found', id: EVA } });
  });

  it.skipIf(noRecordings !== undefined)('reads the synthetic answers', () => {
    expect(settle(syntheticAnswer('zero-hits'), '198111309285')).toBeInstanceOf(SparSyncError);
    expect(settle(syntheticAnswer('zero-hits'), '191212121212')).toMatchObject({
      kind: 'answered',
      answer: { kind: 'not-found' },
    });
    expect(settle(syntheticAnswer('undantag-generellt-fel'), '201507212387')).toMatchObject({
      kind: 'unavailable',
    });
    expect(settle(syntheticAnswer('undantag-ogiltig-inparameter'), '201507212387')).toMatchObject({
      kind: 'refused',
    });
    expect(settle(syntheticAnswer('overstiger-max'), '201507212387')).toMatchObject({
      kind: 'not-understood',
    });
    expect(settle(syntheticAnswer('two-hits-name-search'), '201507212387')).toMatchObject({
      code: 'spar-not-understood',
    });
    expect(settle(syntheticAnswer('soap-fault'), '201507212387')).toMatchObject({
      code: 'spar-not-understood',
    });
    expect(settle(syntheticAnswer('relation-protected-guardian'), '198106039228')).toMatchObject({
      answer: { kind: 'protected' },
    });
  });
});

type Damage =
  | { readonly kind: 'cut'; readonly at: number }
  | { readonly kind: 'drop' | 'double'; readonly at: number; readonly length: number }
  | { readonly kind: 'insert'; readonly at: number; readonly text: string };

/** `at`: where, as a share of the text. */
function applyDamage(text: string, harm: Damage): string {
  const at = Math.floor(harm.at * text.length);
  if (harm.kind === 'cut') return text.slice(0, at);
  if (harm.kind === 'insert') return text.slice(0, at) + harm.text + text.slice(at);
  const length = harm.length;
  return harm.kind === 'drop'
    ? text.slice(0, at) + text.slice(at + length)
    : text.slice(0, at + length) + text.slice(at);
}

describe('a damaged answer', () => {
  const messages = [
    ...ownMessageNames().map((name) => ownMessage(name)),
    ...recordedIds().map((id) => recordedAnswer(id)),
  ];
  const damage = fc.oneof(
    fc.record({ kind: fc.constant('cut' as const), at: fc.double({ min: 0, max: 1, noNaN: true }) }),
    fc.record({
      kind: fc.constant('drop' as const),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      length: fc.nat(60),
    }),
    fc.record({
      kind: fc.constant('double' as const),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      length: fc.nat(400),
    }),
    fc.record({
      kind: fc.constant('insert' as const),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      text: fc.oneof(
        fc.string({ unit: 'binary', maxLength: 8 }),
        fc.constantFrom(
          '<',
          '>',
          '&',
          '</',
          '<a>',
          '<a/>',
          ']]>',
          '<![CDATA[',
          '<!--',
          '<?x?>',
          '\0',
          '&#x0;',
          '<__proto__/>',
          'JA',
          'NEJ',
          '0',
        ),
      ),
    }),
  );

  it('is an outcome or stops the run, and shows nobody it should not', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...messages),
        fc.array(damage, { minLength: 1, maxLength: 4 }),
        (message, damages) => {
          const id = /IdNummer>(\d{12})</.exec(message)?.[1] ?? EVA;
          const damaged = damages.reduce(applyDamage, message);
          const settled = settle(Buffer.from(damaged), id);
          if (settled instanceof SparSyncError) {
            expect(settled.code).toBe('spar-not-understood');
            expect(settled.message + settled.text.sv).not.toMatch(/testsson|efternamn\d|gatan/i);
          } else if (settled.kind !== 'answered') {
            expect(JSON.stringify(settled.detail)).not.toMatch(/testsson|efternamn\d|gatan/i);
          } else {
            expect(settled.answer.id).toBe(id);
          }
        },
      ),
      { numRuns: 4000 },
    );
  });
});
