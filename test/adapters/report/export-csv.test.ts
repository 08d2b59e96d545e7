import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { renderExport } from '../../../src/adapters/report/export-csv.ts';

const HEADINGS = ['id', 'first_name', 'phone'];
const ROWS = [['17', '=Åsa', '+46701234567']];

describe('an export', () => {
  it('opens in Excel: BOM, semicolons, CRLF, no formula cells, phone numbers as they are', () => {
    expect(renderExport(HEADINGS, ROWS, 'excel').toString('utf8')).toBe(
      "\uFEFFid;first_name;phone\r\n17;'=Åsa;+46701234567\r\n",
    );
  });

  it('is for other programs as the cells are', () => {
    const form = { delimiter: ',', encoding: 'windows-1252', lineEnd: '\n', bom: false } as const;
    expect(iconv.decode(renderExport(HEADINGS, ROWS, form), 'windows-1252')).toBe(
      'id,first_name,phone\n17,=Åsa,+46701234567\n',
    );
  });

  it('becomes UTF-8 with BOM where the encoding lacks a letter', () => {
    const form = { delimiter: ';', encoding: 'iso-8859-1', lineEnd: '\r\n', bom: false } as const;
    const rows = [...Array.from({ length: 2000 }, () => ['1', 'Åsa', '']), ['2', 'Łukasz', '']];
    const text = renderExport(HEADINGS, rows, form).toString('utf8');
    expect(text.startsWith('\uFEFFid;')).toBe(true);
    expect(text).toContain('Łukasz');
    expect(text).toContain('Åsa');
  });

  it('quotes a cell with a line end of any kind', () => {
    const text = renderExport(['a', 'b'], [['1\n2', '3\r4']], 'excel').toString('utf8');
    expect(text).toBe('\uFEFFa;b\r\n"1\n2";"3\r4"\r\n');
  });

  it('has its headings alone where there is nobody', () => {
    expect(renderExport(HEADINGS, [], 'excel').toString('utf8')).toBe('\uFEFFid;first_name;phone\r\n');
  });

  it('keeps every cell, whatever stands in it', () => {
    const rows = fc.array(
      fc.tuple(fc.stringMatching(/^[ -~åäö\r\n\t]{0,9}$/), fc.string(), fc.constant('x')),
    );
    const form = fc.record({
      delimiter: fc.constantFrom(',', ';', '\t'),
      encoding: fc.constant('utf-8'),
      lineEnd: fc.constantFrom('\r\n', '\n'),
      bom: fc.boolean(),
    });
    fc.assert(
      fc.property(rows, form, (table, output) => {
        const bytes = renderExport(HEADINGS, table, output);
        const { delimiter, lineEnd } = output;
        expect(parse(bytes, { bom: true, delimiter, record_delimiter: lineEnd })).toEqual([
          HEADINGS,
          ...table,
        ]);
      }),
    );
  });
});
