import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kinshipOf } from '../../src/domain/matching/kinship.ts';

describe('kinshipOf', () => {
  it.each([
    'mor',
    'Mamma',
    'FAR',
    'pappa 1',
    'vårdnadshavare',
    'Vårdnadshavare 2',
    'vardnadshavare',
    'VA\u030aRDNADSHAVARE',
    'vh1',
    'VH 2',
    'förälder',
    'Adoptivmor',
    'mother',
    'Father',
    'legal guardian',
    'mamma/pappa',
    'mamma (extra telefon)',
  ])('%j is a parent', (relation) => {
    expect(kinshipOf(relation)).toBe('parent');
  });

  it.each([
    'farfar',
    'Mormor',
    'Farfar (hämtar)',
    'FARMOR',
    'syskon',
    'storebror',
    'Syster',
    'bonusförälder',
    'Bonuspappa',
    'bonus-mamma',
    'Bonusforalder',
    'styvfar',
    'extrapappa',
    'Extramamma',
    'extraförälder',
    'låtsaspappa',
    'Latsasmamma',
    'gode man',
    'Gode mannen',
    'Plastpappa',
    'familjehem',
    'Familjehemsmamma',
    'fosterförälder',
    'god man',
    'God  Man',
    'godman',
    'kontaktperson',
    'Kontaktfamilj',
    'moster',
    'farbror',
    'sambo',
    'Mammas sambo',
    'pappas fru',
    'granne',
    'socialsekreterare',
    'Socialsekr. (socialtjänsten)',
    'ej vårdnadshavare',
    'förälder, ej vh',
    'grandfather',
    'Step-father',
    'stepmother',
    'Aunt',
    'mormor och vårdnadshavare',
  ])('%j is somebody else', (relation) => {
    expect(kinshipOf(relation)).toBe('other');
  });

  it.each(['', ' ', '-', '?', '1', 'kontakt', 'spar', 'anhörigkod 7', 'primary'])(
    '%j tells nothing',
    (relation) => {
      expect(kinshipOf(relation)).toBe('unknown');
    },
  );

  it('is total, and does not mind case', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(['parent', 'other', 'unknown']).toContain(kinshipOf(text));
      }),
    );
    fc.assert(
      fc.property(fc.constantFrom('farfar', 'mamma', 'god man', 'x'), fc.nat(255), (word, bits) => {
        const mixed = [...word]
          .map((letter, i) => ((bits >> i) & 1 ? letter.toUpperCase() : letter))
          .join('');
        expect(kinshipOf(mixed)).toBe(kinshipOf(word));
      }),
    );
  });
});
