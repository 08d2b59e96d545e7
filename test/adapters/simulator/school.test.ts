import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { loadPopulation } from '../../../src/adapters/spar/simulator/population.ts';
import { SAMPLE_CUSTOMER } from '../../../src/adapters/spar/simulator/server.ts';

const SCHOOL = new URL('../../../fixtures/school/', import.meta.url);
const population = await loadPopulation();

type Header =
  | 'id'
  | 'typ'
  | 'personnummer'
  | 'e-post'
  | 'aktiv'
  | 'anteckning'
  | 'elev_id'
  | 'vårdnadshavare_id';
type Row = Readonly<Partial<Record<Header, string>>>;

function readRows(name: string): readonly Row[] {
  return parse(readFileSync(new URL(name, SCHOOL)), {
    bom: true,
    columns: true,
    delimiter: ';',
    record_delimiter: '\r\n',
    relax_column_count: true,
  }) as readonly Row[];
}

const people = readRows('people.csv');
const links = readRows('links.csv');

/** Twelve digits of a number as the school writes it; empty for what is none. */
function fullNumber({ personnummer = '' }: Row): string {
  const digits = personnummer.replace('-', '');
  if (/^\d{12}$/.test(digits)) return digits;
  return /^\d{10}$/.test(digits) ? `${Number(digits.slice(0, 2)) <= 26 ? '20' : '19'}${digits}` : '';
}

describe('the sample school', () => {
  it.each(['people.csv', 'links.csv'])('%s is as Excel saves it: BOM, semicolons, CRLF', (name) => {
    const bytes = readFileSync(new URL(name, SCHOOL));
    expect(bytes.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
    expect(bytes.toString('utf8').match(/(?<!\r)\n/g)).toBeNull();
    expect(bytes.toString('utf8').split('\r\n')[0]).toContain(';');
  });

  it('is the customer whom the simulator knows', () => {
    const config = JSON.parse(readFileSync(new URL('config.json', SCHOOL), 'utf8')) as { spar: unknown };
    expect(config.spar).toMatchObject({
      environment: 'simulator',
      kundNrLeveransMottagare: SAMPLE_CUSTOMER.kundNr,
      kundNrSlutkund: SAMPLE_CUSTOMER.kundNr,
      uppdragId: SAMPLE_CUSTOMER.uppdragId,
      utokadBehorighet: SAMPLE_CUSTOMER.granted,
    });
  });

  it('maps every header but klass and anteckning', () => {
    const config = readFileSync(new URL('config.json', SCHOOL), 'utf8');
    const unmapped = Object.keys(people[0] ?? {}).filter((header) => !config.includes(`: "${header}"`));
    expect(unmapped).toEqual(['klass', 'anteckning']);
  });

  it('has its mess', () => {
    const ids = people.map((row) => `${row.typ}:${row.id}`);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual(['elev:1024']);
    expect(people.filter((row) => row.anteckning === undefined).map((row) => row.id)).toEqual(['1025']);
    expect(people.filter((row) => row.aktiv === 'nej')).toHaveLength(1);
    expect(people.filter((row) => row.typ === 'vårdnadshavare' && row.personnummer === '')).toHaveLength(9);
    const unknown = people.filter(
      (row) => row.aktiv === 'ja' && fullNumber(row) !== '' && !population.find(fullNumber(row)),
    );
    expect(unknown.map((row) => row.id)).toEqual(['1022', '1024', '1024', '3022']);
  });

  it('has mail addresses that are unique and lead nowhere', () => {
    const mails = people.flatMap((row) => row['e-post'] || []);
    expect(new Set(mails).size).toBe(mails.length);
    expect(
      mails.filter((mail) => !/^[a-z.-]+@(?:(?:elev\.)?exempelskolan\.example|example\.com)$/.test(mail)),
    ).toEqual([]);
  });

  it('links students to guardians, one of whom is not there', () => {
    const ids = new Set(people.map((row) => row.id));
    const broken = links.filter((row) => !ids.has(row.elev_id) || !ids.has(row.vårdnadshavare_id));
    expect(broken.map((row) => row.vårdnadshavare_id)).toEqual(['3099']);
  });
});
