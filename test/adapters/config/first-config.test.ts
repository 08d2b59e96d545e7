import { describe, expect, it } from 'vitest';
import { nextQuestion, type Surroundings, takeAnswer } from '../../../src/adapters/config/first-config.ts';
import { firstConfigText } from '../../../src/adapters/config/first-config-text.ts';
import { proposeLinkColumns, proposePeopleColumns } from '../../../src/adapters/config/header-words.ts';
import { parseConfig } from '../../../src/adapters/config/parse-config.ts';

function answerAll(written: Record<string, string>, headers: Record<string, readonly string[]> = {}) {
  const around: Surroundings = { language: 'sv', headers: new Map(Object.entries(headers)) };
  const answers = new Map<string, string>();
  for (;;) {
    const question = nextQuestion(answers, around);
    if (question === undefined) break;
    const answer = takeAnswer(question, written[question.id] ?? '');
    expect([question.id, question.check(answer)]).toEqual([question.id, undefined]);
    answers.set(question.id, answer);
  }
  const asked = [...answers.keys()];
  const config = JSON.parse(firstConfigText(answers, around));
  return { asked, config };
}

async function complaintsAbout(config: unknown) {
  const parsed = await parseConfig(config, { folder: '/school', language: 'sv' });
  return parsed.kind === 'complaints' ? parsed.complaints : [];
}

const PRODUCTION = {
  environment: 'production',
  kundNrLeveransMottagare: '512345',
  uppdragId: '637',
  certificate: 'skolan.p12',
  passphraseFile: 'fras.txt',
};

describe('the questions of a first configuration', () => {
  it('need no answer at all with the simulator', async () => {
    const { config } = answerAll({});
    expect(config).toEqual({
      active: true,
      spar: {
        environment: 'simulator',
        kundNrLeveransMottagare: 500001,
        kundNrSlutkund: 500001,
        uppdragId: 1,
        slutAnvandarId: '{user}',
        utokadBehorighet: [],
      },
      freshness: 'month',
      roster: { kind: 'csv', files: [{ path: 'people.csv' }] },
      language: 'sv',
    });
    expect(await complaintsAbout(config)).toEqual([]);
  });

  it('lead to production, switched off until the school says so', async () => {
    const { asked, config } = answerAll({
      ...PRODUCTION,
      relations: 'ja',
      freshness: '400 days',
      orgNrSlutkund: '202100-4748',
    });
    expect(asked).not.toContain('key');
    expect(config).toMatchObject({
      active: false,
      spar: {
        kundNrSlutkund: 512345,
        utokadBehorighet: ['Relationer'],
        certificate: { file: 'skolan.p12', passphraseFile: 'fras.txt' },
      },
      retention: { cacheDays: 435 },
    });
    expect(await complaintsAbout(config)).toEqual([]);
  });

  it('ask for the key of a certificate in PEM', async () => {
    const { config } = answerAll({ ...PRODUCTION, certificate: 'c.pem', key: 'k.pem', passphraseFile: '-' });
    expect(config.spar.certificate).toEqual({ cert: 'c.pem', key: 'k.pem' });
    expect(await complaintsAbout(config)).toEqual([]);
  });

  it('ask who stands in a file only where no header says so', async () => {
    const { asked, config } = answerAll(
      { roster: 'alla.csv, vårdnadshavare.csv', links: 'links.csv' },
      {
        'alla.csv': ['Elev-ID', 'Roll', 'Förnamn', 'last_name'],
        'vårdnadshavare.csv': ['id', 'Förnamn'],
        'links.csv': ['Elev', 'Vårdnadshavare', 'relation'],
      },
    );
    expect(asked.filter((id) => id.startsWith('type '))).toEqual(['type vårdnadshavare.csv']);
    expect(config.roster).toEqual({
      kind: 'csv',
      files: [
        { path: 'alla.csv', columns: { id: 'Elev-ID', type: 'Roll', first_name: 'Förnamn' } },
        { path: 'vårdnadshavare.csv', type: 'guardian', columns: { first_name: 'Förnamn' } },
      ],
      links: { path: 'links.csv', columns: { student_id: 'Elev', guardian_id: 'Vårdnadshavare' } },
    });
    expect(await complaintsAbout(config)).toEqual([]);
  });

  it('ask for tables where the roster is a database', async () => {
    const { config } = answerAll({ roster: 'school.sqlite', table: 'persons', links: 'relations' });
    expect(config.roster).toEqual({
      kind: 'sqlite',
      path: 'school.sqlite',
      people: { table: 'persons' },
      links: { table: 'relations' },
    });
    expect(await complaintsAbout(config)).toEqual([]);
  });

  it.each<[string, string]>([
    ['environment', 'prod'],
    ['kundNrLeveransMottagare', '500000'],
    ['kundNrLeveransMottagare', '600000'],
    ['uppdragId', '0'],
    ['orgNrSlutkund', '12'],
    ['slutAnvandarId', 'skolan {namn}'],
    ['relations', 'kanske'],
    ['freshness', 'day'],
    ['roster', 'a.csv,b.db'],
    ['language', 'de'],
    ['active', '1'],
  ])('refuse %s = %s', (id, answer) => {
    const answers = new Map<string, string>();
    const around: Surroundings = { language: 'sv', headers: new Map() };
    for (;;) {
      const question = nextQuestion(answers, around);
      if (question === undefined || question.id === id) {
        expect(question?.check(answer)).toMatchObject({ en: expect.any(String), sv: expect.any(String) });
        return;
      }
      answers.set(question.id, takeAnswer(question, ''));
    }
  });
});

describe('header words', () => {
  it('reads Swedish headers', () => {
    const headers = [
      'Elev-ID',
      'Typ',
      'Person-nr',
      'Förnamn',
      'Efternamn',
      'C/O',
      'Adress',
      'Postnr',
      'Ort',
      'Land',
      'E-post',
      'Telefon',
      'Mobil',
      'Klass',
    ];
    expect(proposePeopleColumns(headers)).toEqual({
      id: 'Elev-ID',
      type: 'Typ',
      personnummer: 'Person-nr',
      first_name: 'Förnamn',
      last_name: 'Efternamn',
      care_of: 'C/O',
      street: 'Adress',
      postal_code: 'Postnr',
      city: 'Ort',
      country: 'Land',
      email: 'E-post',
      phone: 'Mobil',
    });
  });

  it('reads English headers, and leaves our own names out', () => {
    expect(proposePeopleColumns(['id', 'First name', 'Surname', 'street', 'ZIP', 'email'])).toEqual({
      first_name: 'First name',
      last_name: 'Surname',
      postal_code: 'ZIP',
    });
    expect(proposeLinkColumns(['student_id', 'Guardian ID', 'Relation'])).toEqual({
      guardian_id: 'Guardian ID',
      relation: 'Relation',
    });
  });

  it('never gives one header to two columns', () => {
    expect(proposePeopleColumns(['Roll', 'id', 'status', 'Namn', ''])).toEqual({ type: 'Roll' });
  });
});
