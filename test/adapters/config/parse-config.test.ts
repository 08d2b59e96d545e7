import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configError } from '../../../src/adapters/config/complaints.ts';
import { parseConfig } from '../../../src/adapters/config/parse-config.ts';

const SURROUNDINGS = { folder: '/school', language: 'en' } as const;

type Json = { [key: string]: unknown };

function minimal(): Json & { spar: Json; roster: Json } {
  return {
    spar: {
      environment: 'simulator',
      kundNrLeveransMottagare: 500001,
      kundNrSlutkund: 500002,
      uppdragId: 1,
      slutAnvandarId: '{user}',
    },
    freshness: 'month',
    roster: { kind: 'csv', files: [{ path: 'people.csv' }] },
  };
}

/** The smallest configuration with one thing set; the path is written with dots. */
function withValue(path: string, value: unknown, base: Json = minimal()): Json {
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  let here: Json = base;
  for (const key of keys) {
    const inner = here[key] ?? {};
    here[key] = inner;
    here = inner as Json;
  }
  here[last] = value;
  return base;
}

async function complaintsAbout(raw: unknown): Promise<string[]> {
  const parsed = await parseConfig(raw, SURROUNDINGS);
  if (parsed.kind === 'config') return [];
  return parsed.complaints.map(({ path, text }) => `${path}: ${text.en}`);
}

async function configOf(raw: unknown) {
  const parsed = await parseConfig(raw, SURROUNDINGS);
  if (parsed.kind === 'complaints') throw new Error(JSON.stringify(parsed.complaints));
  return parsed;
}

const KUNDNUMMER =
  'a whole number from 500001 to 599999, without quotation marks; it stands on the decision receipt (kvittens)';

describe('what one value may be', () => {
  it.each<[string, unknown, string]>([
    ['active', 'yes', 'active: is a text; it must be true or false, without quotation marks'],
    [
      'spar.environment',
      'Simulator',
      'spar.environment: is something that is not allowed here; it must be "simulator", "test" or "production". Did you mean "simulator"?',
    ],
    [
      'spar.environment',
      undefined,
      'spar.environment: is missing; it must be "simulator", "test" or "production"',
    ],
    [
      'spar.url',
      'http://spar.example',
      'spar.url: is something that is not allowed here; it must be an address that begins with https:// and holds neither user name nor password',
    ],
    [
      'spar.url',
      'https://anna:hemligt@spar.example',
      'spar.url: is something that is not allowed here; it must be an address that begins with https:// and holds neither user name nor password',
    ],
    [
      'spar.schema',
      '2022.1',
      'spar.schema: is something that is not allowed here; it must be "2021.1" or "2023.1". Did you mean "2021.1"?',
    ],
    ['spar.kundNrSlutkund', 500000, `spar.kundNrSlutkund: is 500000; it must be ${KUNDNUMMER}`],
    ['spar.kundNrSlutkund', 600000, `spar.kundNrSlutkund: is 600000; it must be ${KUNDNUMMER}`],
    ['spar.kundNrSlutkund', '500001', `spar.kundNrSlutkund: is a text; it must be ${KUNDNUMMER}`],
    [
      'spar.kundNrLeveransMottagare',
      500001.5,
      `spar.kundNrLeveransMottagare: is 500001.5; it must be ${KUNDNUMMER}`,
    ],
    [
      'spar.uppdragId',
      0,
      'spar.uppdragId: is 0; it must be a whole number from 1, without quotation marks; it stands in the order confirmation',
    ],
    [
      'spar.orgNrSlutkund',
      '12345',
      'spar.orgNrSlutkund: is something that is not allowed here; it must be an organisation number of ten digits in quotation marks, with or without a hyphen',
    ],
    [
      'spar.slutAnvandarId',
      '',
      'spar.slutAnvandarId: is empty; it must be a text of 1 to 256 characters without control characters, by which the school can name one individual; {user} is the only thing that may stand in braces',
    ],
    ['spar.concurrency', 65, 'spar.concurrency: is 65; it must be a whole number from 1 to 64'],
    ['spar.concurrency', 0, 'spar.concurrency: is 0; it must be a whole number from 1 to 64'],
    ['spar.requestsPerSecond', 0.05, 'spar.requestsPerSecond: is 0.05; it must be a number from 0.1 to 1000'],
    ['spar.timeoutSeconds', 601, 'spar.timeoutSeconds: is 601; it must be a number from 1 to 600'],
    ['spar.retries', 11, 'spar.retries: is 11; it must be a whole number from 0 to 10'],
    ['spar.waitMinutes', 1441, 'spar.waitMinutes: is 1441; it must be a number from 0 to 1440'],
    [
      'spar.ca',
      '',
      'spar.ca: is empty; it must be a file path, seen from the folder of the configuration file',
    ],
    [
      'spar.certificate',
      'x.p12',
      'spar.certificate: is a text; it must be { "file", "passphraseFile" or "passphraseEnv" } for a .p12, or { "cert", "key" } for PEM',
    ],
    [
      'freshness',
      'mnoth',
      'freshness: is something that is not allowed here; it must be "week", "month", "quarter" or a number of days such as "10 days". Did you mean "month"?',
    ],
    [
      'freshness',
      '0 days',
      'freshness: is something that is not allowed here; it must be "week", "month", "quarter" or a number of days such as "10 days"',
    ],
    [
      'update.types',
      [],
      'update.types: is another list; it must be a list with at least one, each at most once, of "student", "staff" and "guardian"',
    ],
    [
      'update.types',
      ['staff', 'staff'],
      'update.types: is another list; it must be a list with at least one, each at most once, of "student", "staff" and "guardian"',
    ],
    [
      'update.types',
      ['pupil'],
      'update.types[0]: is something that is not allowed here; it must be "student", "staff" or "guardian"',
    ],
    ['update.address', null, 'update.address: is null; it must be "mailing" or "home"'],
    [
      'update.firstName',
      'first',
      'update.firstName: is something that is not allowed here; it must be "call" or "all"',
    ],
    [
      'update.fields.address',
      true,
      'update.fields.address: is true; it must be "spar", "fill", "review" or "keep"',
    ],
    [
      'update.renumbered',
      'no',
      'update.renumbered: is something that is not allowed here; it must be "review" or "follow"',
    ],
    [
      'guardians.assign',
      'possible',
      'guardians.assign: is something that is not allowed here; it must be "certain", "probable" or "never"',
    ],
    [
      'guardians.protected',
      'never',
      'guardians.protected: is something that is not allowed here; it must be "review" or "create"',
    ],
    ['state', 7, 'state: is 7; it must be a file path, seen from the folder of the configuration file'],
    ['limits.maxLookupsPerRun', -1, 'limits.maxLookupsPerRun: is -1; it must be a whole number from 0'],
    [
      'limits.maxCostPerMonth',
      0.005,
      'limits.maxCostPerMonth: is 0.005; it must be an amount from 0 with at most two decimals, without quotation marks',
    ],
    [
      'limits.maxChangedShare',
      1.1,
      'limits.maxChangedShare: is 1.1; it must be a share from 0 to 1 (0.5 is half)',
    ],
    [
      'limits.maxMissingShare',
      -0.1,
      'limits.maxMissingShare: is -0.1; it must be a share from 0 to 1 (0.5 is half)',
    ],
    ['limits.minPeople', 0, 'limits.minPeople: is 0; it must be a whole number from 1'],
    [
      'pricing.perLookup',
      0.405,
      'pricing.perLookup: is 0.405; it must be an amount from 0 with at most two decimals, without quotation marks',
    ],
    [
      'pricing.currency',
      'kr',
      'pricing.currency: is something that is not allowed here; it must be three capital letters such as "SEK"',
    ],
    ['retention.cacheDays', 1.5, 'retention.cacheDays: is 1.5; it must be a whole number of days from 1'],
    [
      'language',
      'se',
      'language: is something that is not allowed here; it must be "sv" or "en". Did you mean "sv"?',
    ],
    [
      'roster.kind',
      'cvs',
      'roster.kind: is something that is not allowed here; it must be "csv" or "sqlite". Did you mean "csv"?',
    ],
    [
      'roster',
      [],
      'roster: is a list; it must be { "kind": "csv", "files": […] } or { "kind": "sqlite", "path", "people" }',
    ],
    [
      'roster.files',
      [],
      'roster.files: is another list; it must be a list of at least one { "path", "type"?, "columns"?, "encoding"?, "delimiter"? }',
    ],
    [
      'roster.files',
      [{ path: 'a.csv', encoding: 'utf-16' }],
      'roster.files[0].encoding: is something that is not allowed here; it must be "utf-8", "windows-1252" or "iso-8859-1"',
    ],
    [
      'roster.files',
      [{ path: 'a.csv', delimiter: '|' }],
      'roster.files[0].delimiter: is something that is not allowed here; it must be ",", ";" or "\\t"',
    ],
    [
      'roster.files',
      [{ path: 'a.csv', columns: { id: '' } }],
      "roster.files[0].columns.id: is empty; it must be the text of one of the roster's own column headers",
    ],
    [
      'roster.newGuardian',
      { idStyle: 'serial' },
      'roster.newGuardian.idStyle: is something that is not allowed here; it must be "uuid" or "number"',
    ],
    [
      'roster.newGuardian',
      { values: { school: true } },
      'roster.newGuardian.values.school: is true; it must be a text or a number',
    ],
    [
      'roster',
      { kind: 'sqlite', path: 'r.db', people: [] },
      'roster.people: is another list; it must be { "table", "columns"?, "type"? } or a list of at least one',
    ],
    [
      'roster',
      { kind: 'sqlite', path: 'r.db', people: [{ table: '' }] },
      'roster.people[0].table: is empty; it must be the name of a table',
    ],
    [
      'roster',
      { kind: 'sqlite', path: 'r.db', people: 'people' },
      'roster.people: is a text; it must be { "table", "columns"?, "type"? } or a list of at least one',
    ],
  ])('%s = %j', async (path, value, complaint) => {
    expect(await complaintsAbout(withValue(path, value))).toEqual([complaint]);
  });

  it.each<[string, string, boolean]>([
    ['256 characters', 'x'.repeat(256), true],
    ['257 characters', 'x'.repeat(257), false],
    ['256 characters outside the basic plane', '😀'.repeat(256), true],
    ['a control character', 'rektor\n', false],
    ['only blanks', '   ', false],
    ['another placeholder', 'skolan {namn}', false],
    ['half a placeholder', 'skolan {user', false],
    ['the placeholder twice', '{user} {user}', true],
  ])('slutAnvandarId with %s', async (_, text, isAllowed) => {
    expect((await complaintsAbout(withValue('spar.slutAnvandarId', text))).length === 0).toBe(isAllowed);
  });
});

describe('unknown keys', () => {
  it.each<[string, string, string]>([
    ['', 'Active', 'is not a known key. Did you mean "active"?'],
    ['', 'kundNrSlutkund', 'is not a known key here. It belongs at spar.kundNrSlutkund'],
    ['spar', 'kundnrSlutkund', 'is not a known key. Did you mean "kundNrSlutkund"?'],
    ['spar', 'freshness', 'is not a known key here. It belongs at freshness'],
    ['update', 'colour', 'is not a known key. Known here: types, address, firstName, fields, renumbered'],
    ['update.fields', 'street', 'is not a known key. Known here: first_name, last_name, address'],
    ['guardians', 'asign', 'is not a known key. Did you mean "assign"?'],
    ['automatic', 'enable', 'is not a known key. Did you mean "enabled"?'],
    [
      'limits',
      'x',
      'is not a known key. Known here: maxLookupsPerRun, maxCostPerMonth, maxChangedShare, maxMissingShare, minPeople',
    ],
    ['pricing', 'valuta', 'is not a known key. Known here: monthlyFee, perLookup, currency'],
    ['retention', 'days', 'is not a known key. Known here: cacheDays'],
    ['roster', 'link', 'is not a known key. Did you mean "links"?'],
    ['roster.newGuardian', 'table', 'is not a known key. Known here: file, idStyle, values'],
    [
      'spar.certificate',
      'passphrase',
      'is not a known key. A passphrase never stands in the configuration: put it into a file and name the file in "passphraseFile", or name an environment variable in "passphraseEnv"',
    ],
  ])('%s.%s', async (section, key, complaint) => {
    const raw = withValue('spar.certificate', { file: 'a.p12', passphraseEnv: 'SPAR_PASS' });
    const path = section === '' ? key : `${section}.${key}`;
    expect(await complaintsAbout(withValue(path, 'x', raw))).toEqual([`${path}: ${complaint}`]);
  });

  it('in lists', async () => {
    const files = [{ path: 'a.csv', sort: 1, columns: { förnamn: 'first_name', surename: 'Efternamn' } }];
    expect(await complaintsAbout(withValue('roster.files', files))).toEqual([
      `roster.files[0].columns.förnamn: is not one of our column names. Our name stands first and the roster's header after it: "first_name": "…"`,
      expect.stringContaining('roster.files[0].columns.surename: is not a known key. Known here: id, type,'),
      'roster.files[0].sort: is not a known key. Known here: path, type, columns, encoding, delimiter',
    ]);
  });

  it('at every level, whatever the key', async () => {
    const levels = [
      '',
      'spar',
      'update',
      'update.fields',
      'guardians',
      'automatic',
      'roster',
      'roster.newGuardian',
      'limits',
      'pricing',
      'retention',
    ];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...levels), fc.string({ minLength: 1 }), async (level, text) => {
        const key = `${text.replaceAll('.', '')}!`;
        const raw = withValue(level === '' ? key : `${level}.${key}`, 1);
        expect(await complaintsAbout(raw)).toHaveLength(1);
      }),
      { numRuns: 100 },
    );
  });

  it('the key __proto__ too', async () => {
    const raw: unknown = JSON.parse(JSON.stringify(minimal()).replace('{', '{"__proto__":{"active":true},'));
    expect(await complaintsAbout(raw)).toHaveLength(1);
  });
});

describe('rules between fields', () => {
  const p12 = { file: 'a.p12', passphraseFile: 'a.txt' };

  it.each<[string, Json, string[]]>([
    [
      'no certificate in production',
      withValue('spar.environment', 'production'),
      [
        'spar.certificate: is missing; SPAR answers nobody without one in "production" (only "simulator" needs none)',
      ],
    ],
    ['a .p12', withValue('spar.certificate', p12, withValue('spar.environment', 'test')), []],
    [
      'a .p12 without passphrase',
      withValue('spar.certificate', { file: 'a.p12' }),
      [
        'spar.certificate: says no passphrase; "passphraseFile" (a file that holds it) or "passphraseEnv" (the name of an environment variable) must be there',
      ],
    ],
    [
      'a .p12 with both',
      withValue('spar.certificate', { ...p12, passphraseEnv: 'A' }),
      ['spar.certificate.passphraseEnv: stands beside "passphraseFile"; only one of them may be there'],
    ],
    ['PEM without passphrase', withValue('spar.certificate', { cert: 'a.pem', key: 'b.pem' }), []],
    [
      'PEM without key',
      withValue('spar.certificate', { cert: 'a.pem' }),
      [
        'spar.certificate.key: is missing; it must be a file path, seen from the folder of the configuration file',
      ],
    ],
    [
      'cache no longer than a month',
      withValue('retention.cacheDays', 31),
      [
        'retention.cacheDays: is 31; it must exceed "freshness" (31 days), or answers would be erased while they are fresh and bought again',
      ],
    ],
    ['cache longer than a month', withValue('retention.cacheDays', 32), []],
    [
      'cache and a quarter',
      withValue('retention.cacheDays', 92, withValue('freshness', 'quarter')),
      [
        'retention.cacheDays: is 92; it must exceed "freshness" (92 days), or answers would be erased while they are fresh and bought again',
      ],
    ],
    [
      'freshness beyond the default cache',
      withValue('freshness', '400 days'),
      [
        'retention.cacheDays: is 400; it must exceed "freshness" (400 days), or answers would be erased while they are fresh and bought again',
      ],
    ],
    [
      'automatic without responsible',
      withValue('automatic.enabled', true),
      [
        'automatic.responsible: is missing; when "enabled" is true it must name the person whom SPAR logs for the automatic runs',
      ],
    ],
    [
      'automatic with nothing to do',
      withValue('automatic', { enabled: true, types: [], responsible: 'Rektor' }),
      ['automatic.types: is empty and "guardians" is not true: an automatic run would have nothing to do'],
    ],
    [
      'one file twice',
      withValue('roster.files', [{ path: 'a.csv' }, { path: './x/../a.csv' }]),
      ['roster.files[1].path: is the same as roster.files[0].path'],
    ],
    [
      'links in a file of people',
      withValue('roster.links', { path: 'people.csv' }),
      ['roster.links.path: is the same as roster.files[0].path'],
    ],
    [
      'the state in a roster file',
      withValue('state', 'people.csv'),
      ['state: is the same as roster.files[0].path'],
    ],
    [
      'the default state as roster',
      withValue('roster', { kind: 'sqlite', path: 'spar-sync.db', people: { table: 'people' } }),
      ['state: is the same as roster.path'],
    ],
    [
      'one table twice',
      withValue('roster', { kind: 'sqlite', path: 'r.db', people: [{ table: 'p' }, { table: 'P' }] }),
      ['roster.people[1].table: is the same as roster.people[0].table'],
    ],
    [
      'links in a table of people',
      withValue('roster', { kind: 'sqlite', path: 'r.db', people: { table: 'p' }, links: { table: 'p' } }),
      ['roster.people.table: is the same as roster.links.table'],
    ],
    [
      'one header for two columns',
      withValue('roster.files', [{ path: 'a.csv', columns: { street: 'Adress', city: 'Adress' } }]),
      ['roster.files[0].columns.city: is the same as street'],
    ],
    [
      'new guardians into another file',
      withValue('roster.newGuardian', { file: 'x.csv' }),
      ['roster.newGuardian.file: names something else; it must be one of the files in roster.files'],
    ],
    [
      'new guardians among staff',
      withValue('roster', {
        kind: 'sqlite',
        path: 'r.db',
        people: { table: 'p', type: 'staff' },
        newGuardian: { table: 'p' },
      }),
      ['roster.newGuardian.table: names a place for "staff" only; it must take guardians'],
    ],
    [
      'new guardians into a file for everybody',
      withValue('roster.newGuardian', { file: './people.csv' }),
      [],
    ],
  ])('%s', async (_, raw, complaints) => {
    expect(await complaintsAbout(raw)).toEqual(complaints);
  });
});

describe('every complaint at once', () => {
  const broken = {
    aktive: true,
    spar: {
      environment: 'production',
      kundNrLeveransMottagare: '500001',
      kundNrSlutkund: 12,
      passphrase: 'hunter2hunter2',
      slutAnvandarId: '{user}',
    },
    freshness: '400 days',
    automatic: { enabled: true },
    roster: { kind: 'csv', files: [{ path: 'a.csv', tpye: 'student' }, { path: 'a.csv' }] },
  };

  it('in English', async () => {
    const parsed = await parseConfig(broken, SURROUNDINGS);
    const complaints = parsed.kind === 'complaints' ? parsed.complaints : [];
    expect(configError('config.json', complaints).text.en).toMatchInlineSnapshot(`
      "config.json cannot be used, 10 complaints:
        spar.kundNrLeveransMottagare: is a text; it must be a whole number from 500001 to 599999, without quotation marks; it stands on the decision receipt (kvittens)
        spar.kundNrSlutkund: is 12; it must be a whole number from 500001 to 599999, without quotation marks; it stands on the decision receipt (kvittens)
        spar.uppdragId: is missing; it must be a whole number from 1, without quotation marks; it stands in the order confirmation
        spar.passphrase: is not a known key. A passphrase never stands in the configuration: put it into a file and name the file in "passphraseFile", or name an environment variable in "passphraseEnv"
        roster.files[0].tpye: is not a known key. Did you mean "type"?
        aktive: is not a known key. Did you mean "active"?
        spar.certificate: is missing; SPAR answers nobody without one in "production" (only "simulator" needs none)
        retention.cacheDays: is 400; it must exceed "freshness" (400 days), or answers would be erased while they are fresh and bought again
        automatic.responsible: is missing; when "enabled" is true it must name the person whom SPAR logs for the automatic runs
        roster.files[1].path: is the same as roster.files[0].path"
    `);
  });

  it('in Swedish', async () => {
    const parsed = await parseConfig(broken, SURROUNDINGS);
    const complaints = parsed.kind === 'complaints' ? parsed.complaints : [];
    expect(configError('config.json', complaints).text.sv).toMatchInlineSnapshot(`
      "config.json kan inte användas, 10 fel:
        spar.kundNrLeveransMottagare: är en text; ska vara ett heltal från 500001 till 599999, utan citattecken; det står på kvittensen på beslutet
        spar.kundNrSlutkund: är 12; ska vara ett heltal från 500001 till 599999, utan citattecken; det står på kvittensen på beslutet
        spar.uppdragId: saknas; ska vara ett heltal från 1, utan citattecken; det står i orderbekräftelsen
        spar.passphrase: är ingen känd nyckel. En lösenfras står aldrig i inställningarna: lägg den i en fil och ange filen i "passphraseFile", eller ange en miljövariabel i "passphraseEnv"
        roster.files[0].tpye: är ingen känd nyckel. Menade du "type"?
        aktive: är ingen känd nyckel. Menade du "active"?
        spar.certificate: saknas; SPAR svarar inte utan certifikat i "production" (bara "simulator" klarar sig utan)
        retention.cacheDays: är 400; ska vara mer än "freshness" (400 dagar), annars raderas svar medan de är aktuella och köps igen
        automatic.responsible: saknas; när "enabled" är true ska den person anges som SPAR loggar för de automatiska körningarna
        roster.files[1].path: är samma som roster.files[0].path"
    `);
  });

  it('without a value that could be secret or personal', async () => {
    const secrets = [
      'hunter2hunter2',
      '198101019801',
      198101019801,
      { '198101019801': 'hunter2hunter2' },
      ['hunter2hunter2'],
    ];
    const keys = [
      'active',
      'spar',
      'spar.url',
      'spar.orgNrSlutkund',
      'spar.uppdragIdd',
      'spar.certificate',
      'spar.certificate.passphraseEnv',
      'freshness',
      'update.types',
      'roster',
      'roster.kind',
      'roster.files',
      'limits.minPeople',
      'automatic.responsible',
      'state',
      'language',
    ];
    for (const key of keys) {
      for (const secret of secrets) {
        const parsed = await parseConfig(withValue(key, secret), SURROUNDINGS);
        expect(JSON.stringify(parsed.kind === 'complaints' ? parsed.complaints : [])).not.toMatch(
          /hunter2|19810101/,
        );
      }
    }
  });
});

describe('any JSON', () => {
  it('gives a configuration or complaints, never an exception', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (raw) => {
        expect((await parseConfig(raw, SURROUNDINGS)).kind).toBe('complaints');
      }),
      { numRuns: 200 },
    );
  });

  it('in any place of a valid configuration too', async () => {
    const places = [
      'active',
      'spar',
      'spar.certificate',
      'spar.certificate.file',
      'spar.utokadBehorighet',
      'freshness',
      'update',
      'update.fields',
      'automatic',
      'roster',
      'roster.kind',
      'roster.files',
      'roster.links',
      'roster.newGuardian',
      'roster.newGuardian.values',
      'limits',
      'pricing',
      'retention',
    ];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...places), fc.jsonValue(), async (place, value) => {
        expect(['config', 'complaints']).toContain(
          (await parseConfig(withValue(place, value), SURROUNDINGS)).kind,
        );
      }),
      { numRuns: 400 },
    );
  });
});

describe('the configuration', () => {
  it('has the defaults of the contract', async () => {
    expect((await configOf(minimal())).config).toEqual({
      active: false,
      spar: {
        environment: 'simulator',
        schema: '2021.1',
        kundNrLeveransMottagare: 500001,
        kundNrSlutkund: 500002,
        uppdragId: 1,
        slutAnvandarId: '{user}',
        utokadBehorighet: [],
        concurrency: 4,
        requestsPerSecond: 20,
        timeoutSeconds: 30,
        retries: 4,
      },
      freshness: { kind: 'months', months: 1 },
      update: {
        types: ['student', 'staff', 'guardian'],
        address: 'mailing',
        firstName: 'call',
        fields: { first_name: 'review', last_name: 'spar', address: 'spar' },
        renumbered: 'review',
      },
      guardians: { assign: 'certain', protected: 'review' },
      automatic: { enabled: false, types: ['student', 'staff', 'guardian'], guardians: false },
      roster: { kind: 'csv', files: [{ path: '/school/people.csv', name: 'people.csv' }] },
      state: { path: '/school/spar-sync.db', name: 'spar-sync.db' },
      limits: { maxChangedShare: 0.5, maxMissingShare: 0.3, minPeople: 20 },
      pricing: { monthlyFee: 300, perLookup: 0.4, currency: 'SEK' },
      retention: { cacheDays: 400 },
      language: 'en',
    });
  });

  it('gives the roster its absolute paths and the names as written', async () => {
    const roster = {
      kind: 'csv',
      files: [
        { path: 'a.csv', type: 'student', columns: { id: 'Elev-id' }, encoding: 'latin1', delimiter: '\t' },
        { path: '/data/b.csv', type: 'guardian' },
      ],
      links: { path: '../links.csv', columns: { student_id: 'elev' } },
      newGuardian: { file: '/data/b.csv', idStyle: 'number', values: { school: 7 } },
    };
    expect((await configOf(withValue('roster', roster))).config.roster).toEqual({
      kind: 'csv',
      files: [
        {
          path: '/school/a.csv',
          name: 'a.csv',
          type: 'student',
          columns: { id: 'Elev-id' },
          encoding: 'iso-8859-1',
          delimiter: '\t',
        },
        { path: '/data/b.csv', name: '/data/b.csv', type: 'guardian' },
      ],
      links: { path: '/links.csv', name: '../links.csv', columns: { student_id: 'elev' } },
      newGuardian: { target: 1, idStyle: 'number', values: { school: '7' } },
    });
  });

  it('takes one table or a list of tables', async () => {
    const one = { kind: 'sqlite', path: 'r.db', people: { table: 'people' }, links: { table: 'links' } };
    const list = {
      kind: 'sqlite',
      path: 'r.db',
      people: [{ table: 'p', type: 'staff' }, { table: 'g' }],
      newGuardian: { table: 'g' },
    };
    expect((await configOf(withValue('roster', one))).config.roster).toEqual({
      kind: 'sqlite',
      path: '/school/r.db',
      name: 'r.db',
      people: [{ table: 'people' }],
      links: { table: 'links' },
    });
    expect((await configOf(withValue('roster', list))).config.roster).toMatchObject({
      people: [{ table: 'p', type: 'staff' }, { table: 'g' }],
      newGuardian: { target: 1, values: {} },
    });
  });

  it('says where the certificate and its passphrase are', async () => {
    const p12 = withValue('spar.certificate', { file: 'a.p12', passphraseEnv: 'SPAR_PASS' });
    const pem = withValue('spar.certificate', { cert: 'c.pem', key: 'k.pem', passphraseFile: 'p.txt' });
    expect((await configOf(p12)).config.spar.certificate).toEqual({
      kind: 'pkcs12',
      file: { path: '/school/a.p12', name: 'a.p12' },
      passphrase: { kind: 'environment', variable: 'SPAR_PASS', key: 'spar.certificate.passphraseEnv' },
    });
    expect((await configOf(pem)).config.spar.certificate).toEqual({
      kind: 'pem',
      cert: { path: '/school/c.pem', name: 'c.pem' },
      key: { path: '/school/k.pem', name: 'k.pem' },
      passphrase: {
        kind: 'file',
        file: { path: '/school/p.txt', name: 'p.txt' },
        key: 'spar.certificate.passphraseFile',
      },
    });
  });

  it.each(['202100-4748', '2021004748', '162021004748'])(
    'takes the organisation number %s',
    async (written) => {
      expect((await configOf(withValue('spar.orgNrSlutkund', written))).config.spar.orgNrSlutkund).toBe(
        '2021004748',
      );
    },
  );

  it('has the same plan sections however they are written, and others when they mean something else', async () => {
    const sections = async (raw: Json) => (await configOf(raw)).planSections;
    const plain = await sections(minimal());
    expect(await sections(withValue('update', { types: ['guardian', 'staff', 'student'] }))).toBe(plain);
    expect(await sections(withValue('roster', { files: [{ path: 'people.csv' }], kind: 'csv' }))).toBe(plain);
    expect(await sections(withValue('limits.minPeople', 5))).toBe(plain);
    expect(await sections(withValue('update.address', 'home'))).not.toBe(plain);
    expect(await sections(withValue('roster.files', [{ path: 'other.csv' }]))).not.toBe(plain);
    expect(await sections(withValue('guardians.assign', 'never'))).not.toBe(plain);
  });
});
