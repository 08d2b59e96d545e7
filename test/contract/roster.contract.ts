import { afterEach, describe, expect, it } from 'vitest';
import type { FieldChange } from '../../src/domain/plan.ts';
import type { RosterProblemReason } from '../../src/domain/roster.ts';
import { describeRosterChanges } from './roster-changes.contract.ts';
import {
  carryOut,
  edit,
  type GivenRoster,
  isField,
  prepare,
  type RosterHarness,
  type RosterOnTrial,
  type Row,
  readAll,
  readAllLinks,
  wholeWrite,
  write,
} from './roster-trial.ts';

const ANNA: Row = {
  id: '17',
  type: 'student',
  personnummer: '200901112383',
  first_name: 'Anna',
  last_name: 'Ek',
  street: 'Åvägen 1',
  postal_code: '01 234',
  city: 'ÖREBRO',
  note: 'kommer=sent',
};
const BO: Row = {
  id: '0018',
  type: 'Personal',
  personnummer: '200908012388',
  first_name: 'Bo',
  last_name: 'Al',
  street: '',
  postal_code: '',
  city: '',
  note: ' ',
};
const CAJ: Row = {
  id: '17',
  type: 'VÅRDNADSHAVARE',
  personnummer: '',
  first_name: ' Caj ',
  last_name: 'Ek; "von"',
  street: 'Lilla gatan, 2',
  postal_code: '11146',
  city: 'Stockholm',
  note: '0',
};
const PEOPLE: readonly Row[] = [ANNA, BO, CAJ];

/** What every adapter of the port `Roster` promises, whatever it keeps the rows in. */
export function describeRosterContract(harness: RosterHarness): void {
  describe(`roster contract: ${harness.name}`, () => {
    const opened: RosterOnTrial[] = [];

    async function open(people: readonly Row[] = PEOPLE, links?: readonly Row[]): Promise<RosterOnTrial> {
      return openGiven(links === undefined ? { people } : { people, links });
    }

    async function openGiven(given: GivenRoster): Promise<RosterOnTrial> {
      const trial = await harness.open(given);
      opened.push(trial);
      return trial;
    }

    afterEach(async () => {
      for (const trial of opened.splice(0)) {
        await trial.roster.close();
        await trial.remove();
      }
    });

    describe('reading', () => {
      it('yields every row with its key and its cells exactly as they stand', async () => {
        const { roster } = await open();
        const { entries, problems } = await readAll(roster);

        expect(problems).toEqual([]);
        expect(entries.map((entry) => entry.key)).toEqual([
          { type: 'student', id: '17' },
          { type: 'staff', id: '0018' },
          { type: 'guardian', id: '17' },
        ]);
        entries.forEach((entry, index) => {
          for (const [column, text] of Object.entries(PEOPLE[index] ?? {})) {
            if (isField(column)) expect(entry.cells[column]).toBe(text);
          }
        });
      });

      it('says which columns there are and leaves the others undefined', async () => {
        const { roster } = await open();
        const { entries } = await readAll(roster);

        expect(roster.sources).toHaveLength(1);
        expect([...(roster.sources[0]?.fields ?? [])].sort()).toEqual([
          'city',
          'first_name',
          'last_name',
          'personnummer',
          'postal_code',
          'street',
        ]);
        for (const entry of entries) {
          expect(entry.cells).toMatchObject({
            email: undefined,
            protected: undefined,
            spar_checked: undefined,
          });
        }
      });

      it('gives each row a place of its own, in order', async () => {
        const { entries } = await readAll((await open()).roster);
        const places = entries.map((entry) => entry.place);

        expect(new Set(places.map((place) => place.row)).size).toBe(places.length);
        expect(places.every((place) => place.source === 0)).toBe(true);
        expect([...places].sort((a, b) => a.line - b.line)).toEqual(places);
      });

      it.each([
        ['student', 'student'],
        ['STUDENT', 'student'],
        ['elev', 'student'],
        ['Elev', 'student'],
        [' staff ', 'staff'],
        ['personal', 'staff'],
        ['guardian', 'guardian'],
        ['vårdnadshavare', 'guardian'],
        ['VÅRDNADSHAVARE', 'guardian'],
        ['närstående', 'guardian'],
        ['Närstående', 'guardian'],
      ])('takes the type %j as %s', async (text, type) => {
        const { entries } = await readAll((await open([{ ...ANNA, type: text }])).roster);
        expect(entries.map((entry) => entry.key.type)).toEqual([type]);
      });

      it('leaves out rows without an id or with an unknown type, says where, and goes on', async () => {
        const { roster } = await open([
          { ...ANNA, id: '  ' },
          BO,
          { ...ANNA, id: '20', type: 'rektor' },
          { ...ANNA, id: '21', type: '' },
          CAJ,
        ]);
        const { entries, problems } = await readAll(roster);

        expect(entries.map((entry) => entry.key.id)).toEqual(['0018', '17']);
        expect(problems.map((problem) => problem.reason)).toEqual<RosterProblemReason[]>([
          'id-empty',
          'unknown-type',
          'unknown-type',
        ]);
        expect(new Set(problems.map((problem) => problem.file))).toEqual(new Set([roster.sources[0]?.name]));
        const lines = problems.map((problem) => problem.line);
        expect([...lines].sort((a, b) => a - b)).toEqual(lines);
      });

      it('trims an id for the key', async () => {
        const { entries } = await readAll((await open([{ ...ANNA, id: ' 007 ' }])).roster);
        expect(entries.map((entry) => entry.key.id)).toEqual(['007']);
      });

      it('yields rows that share an id as they come', async () => {
        const { entries, problems } = await readAll(
          (await open([ANNA, { ...ANNA, first_name: 'Ada' }])).roster,
        );
        expect(entries.map((entry) => entry.cells.first_name)).toEqual(['Anna', 'Ada']);
        expect(problems).toEqual([]);
      });

      it('reads many rows in batches of some hundred, none lost, in order', async () => {
        const { roster } = await open(manyPeople(2300));
        const sizes: number[] = [];
        const ids: string[] = [];
        for await (const batch of roster.read(() => undefined)) {
          sizes.push(batch.length);
          for (const entry of batch) ids.push(entry.key.id);
        }
        expect(ids).toEqual(Array.from({ length: 2300 }, (_, index) => String(index + 1)));
        expect(Math.max(...sizes)).toBeLessThanOrEqual(1000);
        expect(Math.min(...sizes)).toBeGreaterThan(0);
      });

      it('reads the same again', async () => {
        const { roster } = await open();
        expect(await readAll(roster)).toEqual(await readAll(roster));
      });

      it('may be left half-way', async () => {
        const { roster } = await open(manyPeople(2300));
        for await (const batch of roster.read(() => undefined)) {
          if (batch.length > 0) break;
        }
        expect((await readAll(roster)).entries).toHaveLength(2300);
      });
    });

    describe('links', () => {
      const LINKS: readonly Row[] = [
        { student_id: '17', guardian_id: '17', relation: 'mor', source: '' },
        { student_id: ' 17', guardian_id: '0018 ', relation: '', source: 'spar' },
      ];

      it('reads them with trimmed ids', async () => {
        const { links, problems } = await readAllLinks((await open(PEOPLE, LINKS)).roster);
        expect(problems).toEqual([]);
        expect(links.map(({ place: _, ...link }) => link)).toEqual([
          { student: '17', guardian: '17', relation: 'mor', source: '' },
          { student: '17', guardian: '0018', relation: '', source: 'spar' },
        ]);
      });

      it('leaves out a link that lacks an end', async () => {
        const { roster } = await open(PEOPLE, [
          { student_id: '', guardian_id: '17' },
          { student_id: '17', guardian_id: ' ' },
          { student_id: '17', guardian_id: '17' },
        ]);
        const { links, problems } = await readAllLinks(roster);
        expect(links.map(({ place: _, ...link }) => link)).toEqual([
          { student: '17', guardian: '17', relation: undefined, source: undefined },
        ]);
        expect(problems.map((problem) => problem.reason)).toEqual(['link-incomplete', 'link-incomplete']);
      });

      it('has none when none are configured', async () => {
        expect(await readAllLinks((await open()).roster)).toEqual({ links: [], problems: [] });
      });
    });

    describe('writing', () => {
      it('changes the cells of the edits and nothing else', async () => {
        const trial = await open();
        const { entries } = await readAll(trial.roster);
        const result = await write(trial.roster, [
          edit(entries[2], { street: 'Nygatan 3, "gården"; 2 tr', city: '' }),
          edit(entries[0], { last_name: 'Åkesson', postal_code: '00123' }),
        ]);

        expect(result).toEqual({ kind: 'committed', refused: [] });
        expect(await trial.dump()).toEqual([
          { ...ANNA, last_name: 'Åkesson', postal_code: '00123' },
          BO,
          { ...CAJ, street: 'Nygatan 3, "gården"; 2 tr', city: '' },
        ]);
      });

      it('reads back what it wrote, and can write again after that', async () => {
        const trial = await open();
        const before = await readAll(trial.roster);
        await write(trial.roster, [edit(before.entries[1], { city: 'Malmö' })], 1);
        const after = await readAll(trial.roster);
        expect(after.entries.map((entry) => entry.cells.city)).toEqual(['ÖREBRO', 'Malmö', 'Stockholm']);

        await write(trial.roster, [edit(after.entries[1], { city: 'Lund' })], 2);
        expect((await trial.dump()).map((row) => row['city'])).toEqual(['ÖREBRO', 'Lund', 'Stockholm']);
      });

      it.each([
        '',
        ' ',
        ' x ',
        '0',
        '=1+1',
        '"',
        '""',
        'a"b',
        ';',
        ',',
        '\t',
        'a\nb',
        'a\r\nb',
        "O'Hara",
        'éüßø§',
      ])('writes %j so that it reads back the same', async (text) => {
        const trial = await open();
        const { entries } = await readAll(trial.roster);
        expect(trial.roster.sources[0]?.canHold(text)).toBe(true);
        const edits = entries.map((entry) => edit(entry, { street: text, city: text }));
        expect(await write(trial.roster, edits)).toEqual({ kind: 'committed', refused: [] });
        expect((await trial.dump()).map((row) => [row['street'], row['city']])).toEqual(
          PEOPLE.map(() => [text, text]),
        );
        expect((await readAll(trial.roster)).entries.map((entry) => entry.cells.street)).toEqual(
          PEOPLE.map(() => text),
        );
      });

      it('writes every row of a large roster, whatever the order of the edits', async () => {
        const trial = await open(manyPeople(1500));
        const { entries } = await readAll(trial.roster);
        const edits = entries.map((entry) => edit(entry, { street: `Nygatan ${entry.key.id}` })).reverse();
        expect(await write(trial.roster, edits)).toEqual({ kind: 'committed', refused: [] });
        const streets = (await trial.dump()).map((row) => row['street']);
        expect(streets).toEqual(entries.map((entry) => `Nygatan ${entry.key.id}`));
      });

      it('writes nothing without edits', async () => {
        const trial = await open();
        await readAll(trial.roster);
        const prepared = await prepare(trial.roster, []);
        expect(prepared.files).toEqual([]);
        await prepared.stage();
        expect(await prepared.commit()).toEqual({ kind: 'committed' });
        expect(await trial.dump()).toEqual(PEOPLE);
      });

      it('leaves a whole row alone when a cell does not hold what the plan saw, and writes the others', async () => {
        const trial = await open();
        const { entries } = await readAll(trial.roster);
        const stale = edit(entries[0], { city: 'Lund' });
        const cells: FieldChange[] = [
          ...stale.cells,
          { field: 'street', from: 'Annan gata 9', to: 'Nygatan 3' },
        ];
        const result = await write(trial.roster, [{ ...stale, cells }, edit(entries[1], { city: 'Umeå' })]);

        expect(result).toEqual({
          kind: 'committed',
          refused: [{ key: { type: 'student', id: '17' }, reason: 'roster-changed' }],
        });
        expect(await trial.dump()).toEqual([ANNA, { ...BO, city: 'Umeå' }, CAJ]);
      });

      it('names what journals need: digests before and after', async () => {
        const trial = await open();
        const { entries } = await readAll(trial.roster);
        const before = await trial.roster.digests();
        const prepared = await prepare(trial.roster, [edit(entries[0], { city: 'Lund' })]);
        for (const file of prepared.files) expect(before.get(file.path)).toBe(file.before);
        await prepared.stage();
        await prepared.commit();
        const after = await trial.roster.digests();
        for (const file of prepared.files) expect(after.get(file.path)).toBe(file.after);
        expect([...after.keys()]).toEqual([...before.keys()]);
        expect(prepared.files.length === 0).toBe(before.size === 0);
      });

      it('has written nothing before commit, and discard takes back what was staged', async () => {
        const trial = await open();
        const { entries } = await readAll(trial.roster);
        const prepared = await prepare(trial.roster, [edit(entries[0], { city: 'Lund' })]);
        await prepared.stage();
        expect(await trial.dump()).toEqual(PEOPLE);
        await prepared.discard();
        await prepared.discard();
        expect(await trial.dump()).toEqual(PEOPLE);
        expect(await trial.leftovers()).toEqual([]);
        expect((await readAll(trial.roster)).entries).toEqual(entries);
      });

      it('leaves nothing beside the roster after a commit, and discard is harmless then', async () => {
        const trial = await open();
        const { entries } = await readAll(trial.roster);
        const prepared = await prepare(trial.roster, [edit(entries[0], { city: 'Lund' })]);
        await prepared.stage();
        await prepared.commit();
        await prepared.discard();
        expect(await trial.leftovers()).toEqual([]);
        expect((await trial.dump())[0]).toEqual({ ...ANNA, city: 'Lund' });
      });

      it.each(['read and prepare', 'prepare and stage', 'stage and commit'])(
        'never overwrites what somebody else wrote between %s',
        async (when) => {
          const trial = await open();
          const { entries } = await readAll(trial.roster);
          const edits = [edit(entries[0], { street: 'Nygatan 3' }), edit(entries[1], { city: 'Umeå' })];
          async function meddle(now: string): Promise<void> {
            if (now === when) await trial.editBehind('17', 'street', 'Tredje gatan 3');
          }

          await meddle('read and prepare');
          const prepared = await trial.roster.prepareWrite(wholeWrite(edits), 1);
          const result = prepared.kind !== 'prepared' ? prepared : await carryOut(prepared, meddle);

          const dump = await trial.dump();
          expect(dump[0]).toEqual({ ...ANNA, street: 'Tredje gatan 3' });
          if (result.kind === 'target-changed') {
            expect(dump[1]).toEqual(BO);
          } else {
            expect(result.refused).toEqual([
              { key: { type: 'student', id: '17' }, reason: 'roster-changed' },
            ]);
            expect(dump[1]).toEqual({ ...BO, city: 'Umeå' });
          }
          expect(await trial.leftovers()).toEqual([]);

          const again = await readAll(trial.roster);
          expect(await write(trial.roster, [edit(again.entries[1], { city: 'Umeå' })], 2)).toEqual({
            kind: 'committed',
            refused: [],
          });
        },
      );

      it('removes what a run that died left behind', async () => {
        const trial = await open();
        const { entries } = await readAll(trial.roster);
        const prepared = await prepare(trial.roster, [edit(entries[0], { city: 'Lund' })], 7);
        await prepared.stage();
        await prepared.discard();
        await trial.roster.removeLeftovers(7);
        await trial.roster.removeLeftovers(7);
        expect(await trial.leftovers()).toEqual([]);
        expect(await trial.dump()).toEqual(PEOPLE);
      });
    });

    it('knows which text it can hold', async () => {
      const { roster } = await open();
      const source = roster.sources[0];
      expect(['', 'Åsa Öberg', 'é'].map((text) => source?.canHold(text))).toEqual([true, true, true]);
      expect(['a\0b', '\ud800', 'x\udc00y'].map((text) => source?.canHold(text))).toEqual([
        false,
        false,
        false,
      ]);
    });

    describeRosterChanges((given) => openGiven(given));

    it('proves that it could write, and writes nothing', async () => {
      const trial = await open();
      await trial.roster.proveWritable({ links: true });
      expect(await trial.dump()).toEqual(PEOPLE);
      expect(await trial.leftovers()).toEqual([]);
    });
  });
}

function manyPeople(count: number): Row[] {
  return Array.from({ length: count }, (_, index) => ({ ...ANNA, id: String(index + 1) }));
}
