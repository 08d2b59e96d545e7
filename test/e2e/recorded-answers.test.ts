import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildProgram, runProgram } from '../support/built-program.ts';
import { testCertificates } from '../support/certificates.ts';
import { type LoopbackSpar, openLoopbackSpar } from '../support/loopback-spar.ts';
import { createSchool, type SchoolOnDisk } from '../support/school-on-disk.ts';
import { openXsd } from '../support/xsd.ts';

const BESIDE = new URL('../../../shared/spar/', import.meta.url);
const RECORDED = fileURLToPath(new URL('answers/recorded/', BESIDE));
const SCHEMA = fileURLToPath(
  new URL('schema-2021.1/granssnitt/personsok/2021.1/PersonsokningFraga.xsd', BESIDE),
);
const IS_THERE = existsSync(RECORDED) && existsSync(SCHEMA);
if (!IS_THERE) console.warn(`SKIPPED: ${fileURLToPath(BESIDE)} with the recorded answers is not there`);

const HEADER =
  'id;type;personnummer;first_name;last_name;care_of;street;postal_code;city;country;protected;status;spar_checked';
const OLD = ['', 'Gammal', 'c/o Förr', 'Gamla vägen 1', '99999', 'GAMMELSTAD', 'FINLAND', '', '', ''];
const CO = 'CO-NAMN';
const ABROAD = 'UTLANDSGATAN 111, UTLANDOMRÅDE, STADEN';
const TODAY = '2026-11-23';

/** What comes out of the rows that SPAR has a plain record of: call name, surname, c/o, street, code, town, country. */
const ORDINARY: Readonly<Record<string, readonly string[]>> = {
  '194002219113': ['Nils', 'Efternamn1369', '', 'Gatan167 106', '11661', 'STOCKHOLM', ''],
  // Särskild postadress abroad, before the registered address.
  '194812161596': ['Nils', 'Efternamn1433', '', ABROAD, '', '', 'NORGE'],
  '195406172626': ['Elin', 'Efternamn1369', '', 'Gatan243 2', '11147', 'STOCKHOLM', ''],
  // Tilltalsnamn 20, Mellannamn.
  '195704133106': ['Birgitta', 'Efternamn3542', '', 'Gatan142 8', '11146', 'STOCKHOLM', ''],
  // Särskild postadress with c/o and a line before the street.
  '196805029268': [
    'Petra',
    'Efternamn2401',
    CO,
    'HÖGER HUS, Gatan170 2 25 TR LÄG 16',
    '11138',
    'STOCKHOLM',
    '',
  ],
  '196805249288': ['Elin', 'Efternamn1369', '', 'Gatan129 2', '96133', 'BODEN', ''],
  // Once had another number: an ordinary record all the same.
  '197110021834': ['Mattias', 'Efternamn1616', '', 'Gatan380 54', '11138', 'STOCKHOLM', ''],
  // A closed samordningsnummer; broken characters are taken as they stand.
  '197605832380': ['Mia', 'Efternamn3647', CO, 'Gatan240 2', '17892', 'ADELSJÃ¿', ''],
  '197902199285': ['Märta', 'Efternamn1020', '', 'Gatan332 2', '11153', 'STOCKHOLM', ''],
  '197906209239': ['Ian', 'Efternamn1099', '', 'Gatan228 1', '17963', 'STENHAMRA', ''],
  '197910209290': ['Rudolf', 'Efternamn1074', '', 'Gatan101 2', '13336', 'SALTSJÖBADEN', ''],
  '198002289224': ['Engla', 'Efternamn1048', '', 'Gatan217 3', '13236', 'SALTSJÖ-BOO', ''],
  // The third of seven.
  '198003219295': ['Kristian', 'Efternamn1238', '', 'Gatan115 2', '17231', 'SUNDBYBERG', ''],
  '198006299252': ['Paul', 'Efternamn1079', '', 'Gatan334 2', '13338', 'SALTSJÖBADEN', ''],
  // Two names, one of them former.
  '198007199295': ['Kuno', 'Efternamn2993', '', 'Gatan225 13', '13131', 'NACKA', ''],
  '198011169235': ['Esso', 'Efternamn1081', '', 'Gatan313 3', '11865', 'STOCKHOLM', ''],
  '198104239267': ['Flora', 'Efternamn1039', '', 'Gatan410 2', '11621', 'STOCKHOLM', ''],
  '198109079296': ['Anders', 'Efternamn1047', '', 'Gatan280 2', '13243', 'SALTSJÖ-BOO', ''],
  // The first position of a double name, which counts as two.
  '198201209296': ['Karl', 'Efternamn2373', '', 'Gatan120 2', '17854', 'EKERÖ', ''],
  // Registered with c/o and two lines.
  '198202029289': [
    'Helga',
    'Efternamn2609',
    CO,
    'HÖGER HUS, Gatan218 3, ANDRA HUSET PÅ',
    '11140',
    'STOCKHOLM',
    '',
  ],
  '198206169289': ['Evy', 'Efternamn1067', '', 'Gatan148 2', '13335', 'SALTSJÖBADEN', ''],
  '198210159284': ['Elvina', 'Efternamn1014', '', 'Gatan236 2', '13141', 'NACKA', ''],
  '198303169281': ['Dagmar', 'Efternamn1076', '', 'Gatan272 2', '13242', 'SALTSJÖ-BOO', ''],
  // "På kommunen skriven": a särskild postadress alone.
  '198308179285': ['Anna', 'Efternamn2849', CO, 'Gatan368 16', '10661', 'STOCKHOLM', ''],
  // Immunitetsnummer.
  '198308299299': ['Marco', 'Efternamn2333', CO, 'Gatan130 2', '11435', 'STOCKHOLM', ''],
  '198310219277': ['Melker', 'Efternamn1016', '', 'Gatan380 54', '11138', 'STOCKHOLM', ''],
  '198405149280': ['Elicia', 'Efternamn1016', '', 'Gatan415 2', '17073', 'SOLNA', ''],
  // The fourth of six.
  '198406079288': ['Kristina', 'Efternamn3265', '', 'Gatan419 2', '17138', 'SOLNA', ''],
  '198410299286': ['Elle', 'Efternamn1040', '', 'Gatan162 2', '13335', 'SALTSJÖBADEN', ''],
  '198509129881': ['Veijo', 'Efternamn1044', '', 'Gatan386 2', '13133', 'NACKA', ''],
  // Samordningsnummer with a contact address.
  '199903672385': ['Mariana', 'Efternamn2617', CO, 'Gatan395 2', '98133', 'KIRUNA', ''],
  '200701302382': ['Erica', 'Efternamn1099', '', 'Gatan228 1', '17963', 'STENHAMRA', ''],
  // SPAR knows no given name of these three: the empty cell stays empty.
  '200703172387': ['', 'Efternamn1016', '', 'Gatan380 54', '11138', 'STOCKHOLM', ''],
  '200712112382': ['', 'Efternamn1016', '', 'Gatan415 2', '17073', 'SOLNA', ''],
  '201507212387': ['', 'Efternamn1051', '', 'Gatan380 54', '11138', 'STOCKHOLM', ''],
  '200802172387': ['Kassandra', 'Efternamn1085', '', 'Gatan241 2', '13141', 'NACKA', ''],
  '201411242389': ['Anna', 'Efternamn1182', CO, 'Gatan368 844', '98128', 'KIRUNA', ''],
  '201601072398': ['Bo', 'Efternamn1094', '', 'Gatan226 5', '13239', 'SALTSJÖ-BOO', ''],
  // The seventh of nine.
  '201703152395': ['Uno', 'Efternamn2854', '', 'Gatan110 3', '11435', 'STOCKHOLM', ''],
  '201710152396': ['Mikael', 'Efternamn1042', '', 'Gatan217 23', '13247', 'SALTSJÖ-BOO', ''],
};

/** The others, all cells after the number. */
const SPECIAL: Readonly<Record<string, readonly string[]>> = {
  // Emigrated: name and address abroad as for others, and the status.
  '195309112489': ['Mauritza', 'Efternamn3155', '', ABROAD, '', '', 'STORBRITTANIEN', '', 'emigrated', TODAY],
  // False identity, deceased by code, a samordningsnummer of somebody deceased, a new number: the status alone.
  '196211022766': [...OLD.slice(0, 8), 'deregistered', ''],
  '198604069883': [...OLD.slice(0, 8), 'deceased', ''],
  '198112752384': [...OLD.slice(0, 8), 'deceased', ''],
  '199101112390': [...OLD.slice(0, 8), 'renumbered', ''],
  // Protected: the mark alone.
  '198010229238': [...OLD.slice(0, 7), 'sekretessmarkering', '', ''],
  '198106039228': [...OLD.slice(0, 7), 'skyddad folkbokföring', '', ''],
};

describe.skipIf(!IS_THERE)('answers recorded in SPAR, from a server that is not the simulator', () => {
  const recorded = IS_THERE
    ? readdirSync(RECORDED)
        .filter((name) => name.endsWith('.xml'))
        .map((name) => name.slice(0, -'.xml'.length))
    : [];
  let server: LoopbackSpar;
  let school: SchoolOnDisk;
  let first: Awaited<ReturnType<typeof runProgram>>;
  let roster: string;
  let askedFirst: number;
  let second: Awaited<ReturnType<typeof runProgram>>;

  beforeAll(async () => {
    await buildProgram();
    server = await openLoopbackSpar(({ id }) => ({
      kind: 'body',
      body: readFileSync(`${RECORDED}${id}.xml`),
    }));
    const { serverCa, client, clientIntermediate } = testCertificates();
    const rows = recorded.map((id) => `${id};${typeOf(id)};${id};${OLD.join(';')}`);
    school = createSchool(
      {
        url: server.url,
        ca: serverCa.cert,
        cert: `${client.cert}${clientIntermediate.cert}`,
        key: client.key,
      },
      { 'people.csv': `${[HEADER, ...rows].join('\n')}\n` },
      {
        roster: { kind: 'csv', files: [{ path: 'people.csv' }] },
        spar: { utokadBehorighet: ['Relationer'] },
      },
    );
    const update = ['update', '--as-of', TODAY, '--json'];
    first = await runProgram(update, { cwd: school.dir });
    roster = readFileSync(school.path('people.csv'), 'utf8');
    askedFirst = server.questions.length;
    second = await runProgram(update, { cwd: school.dir });
  }, 120_000);

  afterAll(async () => {
    school?.remove();
    await server?.close();
  });

  it('has an expectation for every recording', () => {
    expect([...Object.keys(ORDINARY), ...Object.keys(SPECIAL)].sort()).toEqual([...recorded].sort());
  });

  it.each(recorded)('%s comes out as SPAR has it', (id) => {
    const ordinary = ORDINARY[id];
    const expected = SPECIAL[id] ?? [...(ordinary ?? []), '', '', TODAY];
    const row = roster.split('\n').find((line) => line.startsWith(`${id};`));
    expect(row?.split(';').slice(3)).toEqual(expected);
  });

  it('finishes and says who needs a person', () => {
    expect([first.exit, first.signal]).toEqual([0, null]);
    const reviews: { id: string; reason: string }[] = JSON.parse(first.stdout).review;
    expect(Object.fromEntries(reviews.map(({ id, reason }) => [id, reason]))).toEqual({
      '195309112489': 'emigrated',
      '196211022766': 'deregistered',
      '198010229238': 'protected',
      '198106039228': 'protected',
      '198112752384': 'deceased',
      '198604069883': 'deceased',
      '199101112390': 'renumbered',
    });
  });

  it('asks about everybody once, in questions that are valid by the official schema', () => {
    const asked = server.questions.slice(0, askedFirst);
    expect(asked.map(({ id }) => id).sort()).toEqual([...recorded].sort());
    const complaintsOf = openXsd(SCHEMA);
    for (const { body } of asked) expect(complaintsOf(insideBody(body))).toBeUndefined();
  });

  it('uses the permission for relations for students under 18 alone', () => {
    const withIt = server.questions.filter(({ body }) => body.includes('Relationer')).map(({ id }) => id);
    // 200802172387 turned 18 in February.
    expect(withIt.sort()).toEqual(recorded.filter((id) => id > '20081123'));
  });

  it('asks nothing and writes nothing the second time', () => {
    expect(second.exit).toBe(0);
    expect(server.questions.length).toBe(askedFirst);
    expect(readFileSync(school.path('people.csv'), 'utf8')).toBe(roster);
    const { lookups, changes } = JSON.parse(second.stdout);
    expect([lookups.asked, lookups.reused, changes]).toEqual([0, recorded.length, []]);
  });
});

function typeOf(id: string): string {
  return id >= '2006' ? 'student' : 'staff';
}

/** What stands in the SOAP body, with the namespaces that the envelope declares. */
function insideBody(envelope: string): string {
  const head = envelope.slice(0, envelope.indexOf('Body>'));
  const inside = /<\w+:Body>([\s\S]*)<\/\w+:Body>/.exec(envelope)?.[1]?.trim() ?? '';
  const own = inside.slice(0, inside.indexOf('>'));
  const declared = [...head.matchAll(/\s(xmlns:\w+)="[^"]*"/g)].filter(
    ([, name = '']) => !own.includes(`${name}=`),
  );
  return inside.replace(/^<[\w.:-]+/, (tag) => `${tag}${declared.map(([all]) => all).join('')}`);
}
