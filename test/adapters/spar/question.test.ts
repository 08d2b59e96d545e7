import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { childrenNamed, readXml } from '../../../src/adapters/spar/answer/xml.ts';
import type { SparSchema } from '../../../src/adapters/spar/endpoints.ts';
import {
  type Customer,
  openQuestionWriter,
  type QuestionWriter,
} from '../../../src/adapters/spar/question.ts';
import { officialSchema, ownMessage, ownMessageNames, personId } from '../../support/spar-messages.ts';
import { openXsd } from '../../support/xsd.ts';

const EVA = personId('197901049283');
const CUSTOMER: Customer = {
  kundNrLeveransMottagare: 500243,
  kundNrSlutkund: 500244,
  uppdragId: 637,
  slutAnvandarId: 'Rektor Åsa <&> "Ö"',
};

function own(schema: SparSchema, file: string): string {
  return fileURLToPath(new URL(`../../../src/adapters/spar/wsdl/${schema}/${file}`, import.meta.url));
}

/** What stands in the SOAP body, as a document. Namespaces declared on the envelope come along. */
function bodyOf(message: string): string {
  const declared = [...message.slice(0, message.indexOf('Body>')).matchAll(/\sxmlns:\w+="[^"]*"/g)].join('');
  const inside = /<[\w]+:Body>([\s\S]*)<\/[\w]+:Body>/.exec(message)?.[1]?.trim() ?? '';
  const names = new Set(
    [...inside.slice(0, inside.indexOf('>')).matchAll(/xmlns:(\w+)=/g)].map(([, name]) => name),
  );
  const missing = [...declared.matchAll(/\sxmlns:(\w+)="[^"]*"/g)].filter(([, name]) => !names.has(name));
  return inside.replace(/^<([\w.:-]+)/, `<$1${missing.map(([all]) => all).join('')}`);
}

describe.each<SparSchema>(['2021.1', '2023.1'])('a question by %s', (schema) => {
  let write: QuestionWriter;
  beforeAll(async () => {
    write = await openQuestionWriter(schema, CUSTOMER);
  });

  it.each([[[]], [['relations' as const]]])(
    'with permissions %j is valid by our own description',
    (permissions) => {
      const validate = openXsd(own(schema, 'fraga.xsd'));
      expect(validate(bodyOf(write(EVA, permissions).body))).toBeUndefined();
    },
  );

  it('says who asks, in the order of the schema, and nothing that was not asked for', () => {
    const reading = readXml(bodyOf(write(EVA, ['relations']).body));
    const [who, what] = reading.kind === 'element' ? reading.root.children : [];
    expect(who?.children.map(({ name, text }) => [name, text])).toEqual([
      ['KundNrLeveransMottagare', '500243'],
      ['KundNrSlutkund', '500244'],
      ['UppdragId', '637'],
      ['SlutAnvandarId', 'Rektor Åsa <&> "Ö"'],
      ['SlutAnvandarUtokadBehorighet', 'Relationer'],
    ]);
    expect(what === undefined ? [] : childrenNamed(what, 'IdNummer').map(({ text }) => text)).toEqual([EVA]);
    expect(write(EVA, []).body).not.toContain('Behorighet');
  });

  it('has the headers of SOAP 1.1', () => {
    expect(write(EVA, []).headers).toEqual({
      'Content-Type': 'text/xml; charset=utf-8',
      SOAPAction: `"http://skatteverket.se/spar/personsok/${schema}/PersonsokService/Personsok"`,
    });
  });

  it('writes any end user so that it is read back', async () => {
    const characters = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 });
    const plain = characters.filter((text) => !/[\p{Cc}\p{Cs}]/u.test(text) && text.length <= 256);
    await fc.assert(
      fc.asyncProperty(plain, async (slutAnvandarId) => {
        const reading = readXml(
          bodyOf((await openQuestionWriter(schema, { ...CUSTOMER, slutAnvandarId }))(EVA, []).body),
        );
        const text = reading.kind === 'element' ? reading.root.children[0]?.children[3]?.text : undefined;
        expect(text?.trim()).toBe(slutAnvandarId.trim());
      }),
      { numRuns: 30 },
    );
  });
});

describe('a question', () => {
  it('has the namespaces of its schema', async () => {
    const prefix = 'http://statenspersonadressregister.se/schema/';
    const used = async (schema: SparSchema) => {
      const { body } = (await openQuestionWriter(schema, CUSTOMER))(EVA, ['relations']);
      const bound = new Map([...body.matchAll(/xmlns:(\w+)="([^"]*)"/g)].map(([, name, uri]) => [name, uri]));
      const elements = [...body.matchAll(/<(\w+):(\w+)/g)].map(([, name, local]) => [
        local,
        bound.get(name)?.replace(prefix, ''),
      ]);
      return Object.fromEntries(elements.filter(([local]) => local !== 'Envelope' && local !== 'Body'));
    };
    const identity = 'komponent/metadata/identifieringsinformationWs-1.1';
    const who = {
      Identifieringsinformation: identity,
      KundNrLeveransMottagare: identity,
      KundNrSlutkund: identity,
      UppdragId: identity,
      SlutAnvandarId: identity,
      SlutAnvandarUtokadBehorighet: identity,
    };
    expect(await used('2021.1')).toEqual({
      ...who,
      SPARPersonsokningFraga: 'personsok/2021.1/personsokningfraga',
      PersonsokningFraga: 'komponent/sok/personsokningsokparametrar-1.1',
      IdNummer: 'komponent/person/person-1.2',
    });
    expect(await used('2023.1')).toEqual({
      ...who,
      SPARPersonsokningFraga: 'personsok/2023.1/personsokningfraga',
      PersonsokningFraga: 'komponent/sok/personsokningsokparametrar-1.2',
      IdNummer: 'komponent/person/person-1.3',
    });
  });

  it('keeps its number apart from an end user who looks like one', async () => {
    const write = await openQuestionWriter('2021.1', { ...CUSTOMER, slutAnvandarId: '000000000000' });
    const { body } = write(EVA, []);
    expect(body.match(/>(\d{12})</g)).toEqual(['>000000000000<', `>${EVA}<`]);
    expect(write(personId('198009139265'), []).body).toBe(body.replace(EVA, '198009139265'));
  });

  it.each([
    ['', ''],
    ['a line break', 'a\nb'],
    ['too long', 'x'.repeat(257)],
    ['CDATA', '<![CDATA[a]]></x>'],
    ['half a character', '\ud800'],
  ])('is not written for an end user with %s', async (_what, slutAnvandarId) => {
    await expect(openQuestionWriter('2021.1', { ...CUSTOMER, slutAnvandarId })).rejects.toMatchObject({
      code: 'config',
    });
  });

  it.each([
    ['a customer number out of range', { kundNrSlutkund: 600000 }],
    ['no assignment', { uppdragId: 0 }],
  ])('is not valid by our own description with %s', async (_what, part) => {
    const write = await openQuestionWriter('2021.1', { ...CUSTOMER, ...part });
    expect(openXsd(own('2021.1', 'fraga.xsd'))(bodyOf(write(EVA, []).body))).toContain('facet');
  });

  const official = officialSchema('PersonsokningFraga');
  it.skipIf(official === undefined).each([[[]], [['relations' as const]]])(
    `by 2021.1 with permissions %j is valid by the official schema${official === undefined ? ' (not beside the project)' : ''}`,
    async (permissions) => {
      const write = await openQuestionWriter('2021.1', CUSTOMER);
      const validate = openXsd(official ?? '');
      expect(validate(bodyOf(write(EVA, permissions).body))).toBeUndefined();
      expect(validate(bodyOf(write(EVA, permissions).body.replace('500243', '1')))).toContain('500001');
    },
  );
});

describe('our own messages', () => {
  /** Made to break the schema. */
  const invalid = new Set([
    'soap-fault',
    'protected-mark-missing',
    'protected-mark-twice',
    'protected-mark-in-small-letters',
    'protected-mark-with-blanks',
    'echo-of-somebody-else',
    'protected-attribute-on-no',
  ]);
  const names = ownMessageNames().filter((name) => !name.startsWith('2023'));
  const official = officialSchema('PersonsokningSvar');

  it.skipIf(official === undefined)(
    `are valid by the official schema but for those that are to break it${official === undefined ? ' (not beside the project)' : ''}`,
    () => {
      const validate = openXsd(official ?? '');
      const wrong = names.filter((name) => validate(bodyOf(ownMessage(name))) !== undefined);
      const unexpected = wrong.filter((name) => !invalid.has(name));
      expect(unexpected.map((name) => [name, validate(bodyOf(ownMessage(name)))])).toEqual([]);
      expect(wrong).toContain('protected-mark-missing');
    },
  );

  it.each<SparSchema>(['2021.1', '2023.1'])('are valid by our own description of %s', (schema) => {
    const validate = openXsd(own(schema, 'svar.xsd'));
    const mine = ownMessageNames().filter(
      (name) => name.startsWith('2023') === (schema === '2023.1') && name !== 'soap-fault',
    );
    expect(mine.flatMap((name) => validate(bodyOf(ownMessage(name))) ?? [])).toEqual([]);
  });
});
