import { describe, expect, it } from 'vitest';
import type { Roster } from '../../src/app/roster-port.ts';
import type { GuardianLink, RosterEntry, RowKey } from '../../src/domain/roster.ts';
import { rowKeyText } from '../../src/domain/roster.ts';
import type {
  AddedLink,
  AddedRow,
  LinkKey,
  MovedLink,
  RemovedLink,
  RemovedRow,
} from '../../src/domain/roster-write.ts';
import { isSameWholeRow, type WholeRow } from '../../src/domain/whole-row.ts';
import {
  type CarriedOut,
  carryOut,
  edit,
  type GivenRoster,
  prepare,
  type RosterOnTrial,
  type Row,
  readAll,
  readAllLinks,
  type Wanted,
  wholeWrite,
} from './roster-trial.ts';

const ELSA: Row = {
  id: '1',
  type: 'student',
  personnummer: '200901112383',
  first_name: 'Elsa',
  last_name: 'Ek',
  street: 'Åvägen 1',
  email: '',
  status: '',
  note: 'kommer=sent',
};
const GUNNAR: Row = {
  id: '7',
  type: 'guardian',
  personnummer: '',
  first_name: 'Gunnar',
  last_name: 'Ek; "von"',
  street: '',
  email: 'gunnar@example.se',
  status: '',
  note: ' ',
};
const HANNA: Row = {
  id: '8',
  type: 'guardian',
  personnummer: '197503259280',
  first_name: 'Hanna',
  last_name: 'Al',
  street: 'Lilla gatan, 2',
  email: '',
  status: '',
  note: '0',
};
const INGA: Row = {
  id: '9',
  type: 'guardian',
  personnummer: '',
  first_name: 'Inga',
  last_name: 'Öberg',
  street: '',
  email: 'inga@example.se',
  status: 'not-found',
  note: '=1+1',
};
const PEOPLE: readonly Row[] = [ELSA, GUNNAR, HANNA, INGA];

const LINKS: readonly Row[] = [
  { student_id: '1', guardian_id: '7', relation: 'far', source: '', note: 'å' },
  { student_id: '1', guardian_id: '8', relation: 'mor', source: 'spar', note: '' },
  { student_id: '1', guardian_id: '9', relation: 'mor; "mamma"', source: '', note: ' ' },
];

const GUARDIAN_WORD: unknown = expect.stringMatching(/^(guardian|vårdnadshavare)$/);

/** A roster of students and guardians, read and ready to be written. */
interface ReadTrial extends RosterOnTrial {
  readonly entry: (id: string) => RosterEntry;
  readonly link: (guardian: string) => GuardianLink;
}

const JONAS: Extract<AddedRow, { kind: 'new' }> = {
  kind: 'new',
  key: { type: 'guardian', id: '10' },
  givenByRoster: false,
  cells: {
    personnummer: '197907179191',
    first_name: 'Jonas',
    last_name: 'Åk; "von"',
    street: 'Ny\ngatan 3',
    // No such column: passed over.
    phone: '070-1740605',
  },
};
const JONAS_ROW: Row = {
  id: '10',
  type: 'guardian',
  personnummer: '197907179191',
  first_name: 'Jonas',
  last_name: 'Åk; "von"',
  street: 'Ny\ngatan 3',
  email: '',
  status: '',
  note: '',
};

/** Rows and links that come, go and move: what every adapter of the port `Roster` promises of them. */
export function describeRosterChanges(openGiven: (given: GivenRoster) => Promise<RosterOnTrial>): void {
  async function open(people = PEOPLE, links = LINKS): Promise<ReadTrial> {
    const trial = await openGiven({ people, links });
    const { entries } = await readAll(trial.roster);
    const read = await readAllLinks(trial.roster);
    return {
      ...trial,
      entry: (id) => found(entries.find((entry) => entry.key.id === id)),
      link: (guardian) => found(read.links.find((link) => link.guardian === guardian)),
    };
  }

  async function carriedOut(roster: Roster, wanted: Wanted, run = 1): Promise<CarriedOut> {
    return carryOut(await prepare(roster, wanted, run));
  }

  describe('adding', () => {
    it('knows where new guardians go when only one place can take them', async () => {
      expect((await open()).roster.newGuardians).toEqual({ source: 0, idStyle: undefined });
    });

    it('adds a row at the end and a link to it', async () => {
      const trial = await open();
      const prepared = await prepare(trial.roster, {
        addedRows: [JONAS],
        addedLinks: [newLink('1', '10', 'spar', 'vårdnadshavare')],
      });
      expect(prepared.removedRows).toEqual([]);
      expect(prepared.removedLinks).toEqual([]);
      const written = await carryOut(prepared);

      expect(written).toMatchObject({ kind: 'committed', refused: [], refusedLinks: [], ids: new Map() });
      expect(await trial.dump()).toEqual([...PEOPLE, { ...JONAS_ROW, type: GUARDIAN_WORD }]);
      expect(await trial.dumpLinks()).toEqual([
        ...LINKS,
        { student_id: '1', guardian_id: '10', relation: 'vårdnadshavare', source: 'spar', note: '' },
      ]);
      const { entries, problems } = await readAll(trial.roster);
      expect(problems).toEqual([]);
      expect(entries.at(-1)?.key).toEqual({ type: 'guardian', id: '10' });
      expect(entries.at(-1)?.cells).toMatchObject({ first_name: 'Jonas', street: 'Ny\ngatan 3' });
    });

    it('tells what an added row holds, whole, as it is found afterwards', async () => {
      const trial = await open();
      const written = await carriedOut(trial.roster, { addedRows: [JONAS] });
      const added = written.kind === 'committed' ? written.added : [];
      expect(added.map(({ key }) => key)).toEqual([JONAS.key]);
      const now = (await trial.roster.readWhole([JONAS.key])).get('guardian:10');
      expect(isSameWholeRow(found(added[0]).whole, found(now))).toBe(true);
      expect(found(added[0]).whole.at).toBe(found(now).at);
    });

    it('adds several rows in their order, and a link between rows that were there', async () => {
      const trial = await open(PEOPLE, LINKS.slice(0, 1));
      const added = ['10', '11', '12'].map((id): AddedRow => ({ ...JONAS, key: { type: 'guardian', id } }));
      await carriedOut(trial.roster, {
        addedRows: added,
        addedLinks: [newLink('1', '8', 'spar', ''), newLink('1', '12', '', 'far')],
      });
      expect((await trial.dump()).map((row) => row['id'])).toEqual(['1', '7', '8', '9', '10', '11', '12']);
      expect((await readAllLinks(trial.roster)).links.map(({ place: _, ...link }) => link)).toEqual([
        { student: '1', guardian: '7', relation: 'far', source: '' },
        { student: '1', guardian: '8', relation: '', source: 'spar' },
        { student: '1', guardian: '12', relation: 'far', source: '' },
      ]);
    });

    it('may be done twice, with a reading in between', async () => {
      const trial = await open();
      await carriedOut(trial.roster, { addedRows: [JONAS] }, 1);
      await readAll(trial.roster);
      await readAllLinks(trial.roster);
      await carriedOut(trial.roster, { addedLinks: [newLink('1', '10', 'spar', '')] }, 2);
      expect((await readAllLinks(trial.roster)).links.at(-1)).toMatchObject({ student: '1', guardian: '10' });
    });
  });

  describe('removing', () => {
    it('takes rows and links away, and hands them over whole', async () => {
      const trial = await open();
      const before = await trial.roster.readWhole([trial.entry('7').key]);
      const prepared = await prepare(trial.roster, {
        removedRows: [rowAt(trial.entry('7'))],
        removedLinks: [linkAt(trial.link('7'))],
      });
      expect(prepared.removedRows.map(({ key }) => key)).toEqual([{ type: 'guardian', id: '7' }]);
      expect(isSameWholeRow(found(prepared.removedRows[0]).whole, found(before.get('guardian:7')))).toBe(
        true,
      );
      expect(prepared.removedLinks.map(({ link }) => link)).toEqual([{ student: '1', guardian: '7' }]);
      expect(valuesOf(found(prepared.removedLinks[0]).whole)).toEqual(Object.entries(found(LINKS[0])));
      expect(found(prepared.removedLinks[0]).whole.source).toBe(trial.roster.linksName);

      expect(await carryOut(prepared)).toMatchObject({ kind: 'committed', refused: [], refusedLinks: [] });
      expect(await trial.dump()).toEqual([ELSA, HANNA, INGA]);
      expect(await trial.dumpLinks()).toEqual(LINKS.slice(1));
    });

    it('takes a row away that still holds the whole row it is to hold', async () => {
      const trial = await open();
      const { key } = trial.entry('9');
      const whole = found((await trial.roster.readWhole([key])).get(rowKeyText(key)));
      await trial.editBehind('9', 'status', '');
      const { entries } = await readAll(trial.roster);
      const entry = found(entries.find((one) => one.key.id === '9'));
      const written = await carriedOut(trial.roster, { removedRows: [{ ...rowAt(entry), whole }] });
      expect(written).toMatchObject({ kind: 'committed', refused: [] });
      expect(await trial.dump()).toEqual([ELSA, GUNNAR, HANNA]);
    });

    it('leaves a row that holds something else than the whole row it is to hold', async () => {
      const trial = await open();
      const { key } = trial.entry('9');
      const whole = found((await trial.roster.readWhole([key])).get(rowKeyText(key)));
      await trial.editBehind('9', 'note', 'ny');
      const { entries } = await readAll(trial.roster);
      const entry = found(entries.find((one) => one.key.id === '9'));
      const prepared = await prepare(trial.roster, { removedRows: [{ ...rowAt(entry), whole }] });
      expect(prepared.removedRows).toEqual([]);
      expect(await carryOut(prepared)).toMatchObject({
        kind: 'committed',
        refused: [{ key, reason: 'roster-changed' }],
      });
      expect(await trial.dump()).toEqual([ELSA, GUNNAR, HANNA, { ...INGA, note: 'ny' }]);
    });

    it('leaves a row or a link that is another one now', async () => {
      const trial = await open();
      const key: RowKey = { type: 'guardian', id: '8' };
      const link: LinkKey = { student: '1', guardian: '8' };
      const written = await carriedOut(trial.roster, {
        removedRows: [{ ...rowAt(trial.entry('7')), key }],
        removedLinks: [{ ...linkAt(trial.link('7')), link }],
        movedLinks: [{ ...linkAt(trial.link('9')), link, toGuardian: '7' }],
      });
      expect(written).toMatchObject({
        kind: 'committed',
        refused: [{ key, reason: 'roster-changed' }],
        refusedLinks: [
          { link, reason: 'roster-changed' },
          { link, reason: 'roster-changed' },
        ],
      });
      expect(await trial.dump()).toEqual(PEOPLE);
      expect(await trial.dumpLinks()).toEqual(LINKS);
    });
  });

  describe('moving', () => {
    it('changes the guardian of a link and nothing else of it', async () => {
      const trial = await open(PEOPLE, LINKS.slice(0, 2));
      const written = await carriedOut(trial.roster, { movedLinks: [moved(trial.link('7'), '9')] });
      expect(written).toMatchObject({ kind: 'committed', refusedLinks: [] });
      expect(await trial.dumpLinks()).toEqual([{ ...LINKS[0], guardian_id: '9' }, LINKS[1]]);
      expect(await trial.dump()).toEqual(PEOPLE);
    });

    it('moves a link to a row that is added', async () => {
      const trial = await open();
      await carriedOut(trial.roster, { addedRows: [JONAS], movedLinks: [moved(trial.link('9'), '10')] });
      expect(await trial.dumpLinks()).toEqual([...LINKS.slice(0, 2), { ...LINKS[2], guardian_id: '10' }]);
    });
  });

  describe('restoring', () => {
    it.each([['7'], ['9'], ['8', '7'], ['9', '8'], ['7', '8', '9']])(
      'puts rows and links back where they stood: %s %s %s',
      async (...ids) => {
        const trial = await open();
        const prepared = await prepare(trial.roster, {
          removedRows: ids.map((id) => rowAt(trial.entry(id))),
          removedLinks: ids.map((id) => linkAt(trial.link(id))),
        });
        await carryOut(prepared);
        expect(await trial.dump()).toHaveLength(4 - ids.length);
        await readAll(trial.roster);
        await readAllLinks(trial.roster);

        // As the journal keeps them.
        const { removedRows, removedLinks }: typeof prepared = JSON.parse(JSON.stringify(prepared));
        const written = await carriedOut(
          trial.roster,
          {
            addedRows: removedRows.map((row) => ({ kind: 'restored', ...row })),
            addedLinks: removedLinks.map((link) => ({ kind: 'restored', ...link })),
          },
          2,
        );
        expect(written).toMatchObject({ kind: 'committed', refused: [], refusedLinks: [] });
        expect(await trial.dump()).toEqual(PEOPLE);
        expect(await trial.dumpLinks()).toEqual(LINKS);
      },
    );

    it('puts a link back where another stands that goes to a row that comes back', async () => {
      const trial = await open();
      const prepared = await prepare(trial.roster, {
        removedRows: [rowAt(trial.entry('7'))],
        removedLinks: [linkAt(trial.link('8'))],
        movedLinks: [moved(trial.link('7'), '8')],
      });
      expect(await carryOut(prepared)).toMatchObject({ kind: 'committed', refused: [], refusedLinks: [] });
      expect(await trial.dumpLinks()).toEqual([{ ...LINKS[0], guardian_id: '8' }, LINKS[2]]);
      await readAll(trial.roster);
      const { links } = await readAllLinks(trial.roster);
      const there = found(links.find(({ guardian }) => guardian === '8'));
      const { removedRows, removedLinks }: typeof prepared = JSON.parse(JSON.stringify(prepared));
      const written = await carriedOut(
        trial.roster,
        {
          addedRows: removedRows.map((row) => ({ kind: 'restored', ...row })),
          addedLinks: removedLinks.map((link) => ({ kind: 'restored', ...link })),
          movedLinks: [moved(there, '7')],
        },
        2,
      );
      expect(written).toMatchObject({ kind: 'committed', refused: [], refusedLinks: [] });
      expect(await trial.dump()).toEqual(PEOPLE);
      expect(await trial.dumpLinks()).toEqual(LINKS);
    });

    it('tells the whole of a row that is back', async () => {
      const trial = await open();
      const prepared = await prepare(trial.roster, { removedRows: [rowAt(trial.entry('8'))] });
      await carryOut(prepared);
      await readAll(trial.roster);
      const { key, whole } = found(prepared.removedRows[0]);
      const written = await carriedOut(trial.roster, { addedRows: [{ kind: 'restored', key, whole }] }, 2);
      const added = written.kind === 'committed' ? found(written.added[0]) : undefined;
      expect(added?.key).toEqual(key);
      expect(isSameWholeRow(found(added).whole, whole)).toBe(true);
    });
  });

  it('does all of it in one write: of two rows for one person one is left, with both rows’ data', async () => {
    const trial = await open();
    const prepared = await prepare(trial.roster, {
      edits: [edit(trial.entry('8'), { email: 'inga@example.se' }), edit(trial.entry('1'), { street: '' })],
      addedRows: [JONAS],
      removedRows: [rowAt(trial.entry('9'))],
      addedLinks: [newLink('1', '10', 'spar', '')],
      removedLinks: [linkAt(trial.link('9'))],
      movedLinks: [moved(trial.link('7'), '10')],
    });
    expect(await carryOut(prepared)).toMatchObject({ kind: 'committed', refused: [], refusedLinks: [] });
    expect(await trial.dump()).toEqual([
      { ...ELSA, street: '' },
      GUNNAR,
      { ...HANNA, email: 'inga@example.se' },
      { ...JONAS_ROW, type: GUARDIAN_WORD },
    ]);
    expect(await trial.dumpLinks()).toEqual([
      { ...LINKS[0], guardian_id: '10' },
      LINKS[1],
      { student_id: '1', guardian_id: '10', relation: '', source: 'spar', note: '' },
    ]);
    expect(await trial.leftovers()).toEqual([]);
  });

  describe('refusing', () => {
    it('a row that cannot be held, together with its links, and goes on with the others', async () => {
      const trial = await open();
      const bad: AddedRow = {
        ...JONAS,
        key: { type: 'guardian', id: '11' },
        cells: { first_name: '\ud800', last_name: 'Ek' },
      };
      const written = await carriedOut(trial.roster, {
        addedRows: [bad, JONAS],
        addedLinks: [newLink('1', '11', 'spar', ''), newLink('1', '10', 'spar', '')],
        movedLinks: [moved(trial.link('7'), '11')],
      });
      expect(written).toMatchObject({ refused: [{ key: bad.key, reason: 'row-refused' }] });
      expect(sortedLinks(written)).toEqual([
        { link: { student: '1', guardian: '11' }, reason: 'row-refused' },
        { link: { student: '1', guardian: '7' }, reason: 'row-refused' },
      ]);
      expect((await trial.dump()).map((row) => row['id'])).toEqual(['1', '7', '8', '9', '10']);
      expect((await trial.dumpLinks()).map((row) => row['guardian_id'])).toEqual(['7', '8', '9', '10']);
      expect(written.kind === 'committed' && written.added.map(({ key }) => key.id)).toEqual(['10']);
    });

    it('a restored row whose id somebody else has by now', async () => {
      const trial = await open();
      const prepared = await prepare(trial.roster, { removedRows: [rowAt(trial.entry('9'))] });
      await carryOut(prepared);
      await trial.editBehind('8', 'id', '9');
      await readAll(trial.roster);
      await readAllLinks(trial.roster);
      const { key, whole } = found(prepared.removedRows[0]);
      const written = await carriedOut(
        trial.roster,
        {
          addedRows: [{ kind: 'restored', key, whole }],
          addedLinks: [newLink('1', '9', '', '')],
        },
        2,
      );
      expect(written).toMatchObject({
        kind: 'committed',
        refused: [{ key, reason: 'row-refused' }],
        refusedLinks: [{ link: { student: '1', guardian: '9' }, reason: 'row-refused' }],
        added: [],
      });
      expect(await trial.dump()).toEqual([ELSA, GUNNAR, { ...HANNA, id: '9' }]);
      expect(await trial.dumpLinks()).toEqual(LINKS);
    });

    it('a link that cannot be held, alone', async () => {
      const trial = await open();
      const written = await carriedOut(trial.roster, {
        addedRows: [JONAS],
        addedLinks: [newLink('1', '10', 'spar', '\ud800'), newLink('1', '10', 'spar', '')],
      });
      expect(written).toMatchObject({
        refused: [],
        refusedLinks: [{ link: { student: '1', guardian: '10' }, reason: 'row-refused' }],
      });
      expect(await trial.dump()).toHaveLength(5);
      expect(await trial.dumpLinks()).toHaveLength(4);
    });
  });

  it.each(['read and prepare', 'prepare and stage', 'stage and commit'])(
    'never overwrites what somebody else wrote into the links between %s',
    async (when) => {
      const trial = await open();
      async function meddle(now: string): Promise<void> {
        if (now === when) await trial.editLinkBehind(0, 'guardian_id', '8');
      }
      await meddle('read and prepare');
      const prepared = await trial.roster.prepareWrite(
        wholeWrite({
          edits: [edit(trial.entry('8'), { street: 'Nygatan 3' })],
          movedLinks: [moved(trial.link('7'), '9')],
          removedLinks: [linkAt(trial.link('9'))],
        }),
        1,
      );
      const written = prepared.kind === 'prepared' ? await carryOut(prepared, meddle) : prepared;

      expect((await trial.dumpLinks())[0]).toEqual({ ...LINKS[0], guardian_id: '8' });
      if (written.kind === 'target-changed') {
        expect(await trial.dumpLinks()).toHaveLength(3);
        expect(await trial.dump()).toEqual(PEOPLE);
      } else {
        const link: LinkKey = { student: '1', guardian: '7' };
        expect(written.refusedLinks).toEqual([{ link, reason: 'roster-changed' }]);
        expect(await trial.dumpLinks()).toHaveLength(2);
      }
      expect(await trial.leftovers()).toEqual([]);
    },
  );

  it('has written nothing before commit, and discard takes back what was staged', async () => {
    const trial = await open();
    const prepared = await prepare(trial.roster, {
      addedRows: [JONAS],
      removedRows: [rowAt(trial.entry('7'))],
      removedLinks: [linkAt(trial.link('7'))],
      addedLinks: [newLink('1', '10', 'spar', '')],
    });
    await prepared.stage();
    expect(await trial.dump()).toEqual(PEOPLE);
    await prepared.discard();
    await prepared.discard();
    expect(await trial.dump()).toEqual(PEOPLE);
    expect(await trial.dumpLinks()).toEqual(LINKS);
    expect(await trial.leftovers()).toEqual([]);
  });

  it('names what journals need of the links too: digests before and after', async () => {
    const trial = await open();
    const before = await trial.roster.digests();
    const prepared = await prepare(trial.roster, {
      addedRows: [JONAS],
      addedLinks: [newLink('1', '10', 'spar', '')],
    });
    expect(prepared.files.length === 0).toBe(before.size === 0);
    for (const file of prepared.files) expect(before.get(file.path)).toBe(file.before);
    await carryOut(prepared);
    const after = await trial.roster.digests();
    for (const file of prepared.files) expect(after.get(file.path)).toBe(file.after);
  });

  describe('whole rows', () => {
    it('have every column, ours named, in the order of the roster', async () => {
      const trial = await open();
      const { key, place } = trial.entry('8');
      const whole = found((await trial.roster.readWhole([key])).get(rowKeyText(key)));
      expect(valuesOf(whole)).toEqual(Object.entries(HANNA));
      expect(whole.cells.map((cell) => cell.field)).toEqual(
        Object.keys(HANNA).map((column) => (column === 'note' ? undefined : column)),
      );
      expect(whole.source).toBe(trial.roster.sources[0]?.name);
      expect(whole.at).toBe(place.row);
    });

    it('are those that are there, and there once', async () => {
      const trial = await open([...PEOPLE, { ...HANNA, first_name: 'Hedda' }]);
      const keys = ['1', '7', '8', '10'].map((id): RowKey => ({ type: 'guardian', id }));
      const wholes = await trial.roster.readWhole(keys);
      expect([...wholes.keys()]).toEqual(['guardian:7']);
      expect(await trial.roster.readWhole([])).toEqual(new Map());
    });

    it('are as the roster is now, whatever the last reading saw', async () => {
      const trial = await open();
      await trial.editBehind('7', 'note', 'ny');
      const whole = found((await trial.roster.readWhole([trial.entry('7').key])).get('guardian:7'));
      expect(valuesOf(whole).at(-1)).toEqual(['note', 'ny']);
    });
  });

  it('is referred to by nothing but its own links', async () => {
    const trial = await open();
    expect(await trial.roster.referrers([trial.entry('7').key])).toEqual(new Map());
  });
}

function found<Thing>(thing: Thing | undefined): Thing {
  if (thing === undefined) throw new Error('the roster has no such thing');
  return thing;
}

function rowAt({ key, place }: RosterEntry): RemovedRow {
  return { key, place };
}

function linkAt({ student, guardian, place }: GuardianLink): RemovedLink {
  return { link: { student, guardian }, place };
}

function moved(link: GuardianLink, toGuardian: string): MovedLink {
  return { ...linkAt(link), toGuardian };
}

function newLink(student: string, guardian: string, source: string, relation: string): AddedLink {
  return { kind: 'new', link: { student, guardian }, source, relation };
}

function valuesOf(whole: WholeRow): (readonly [string, unknown])[] {
  return whole.cells.map(({ column, value }) => [column, value]);
}

/** Refused links in an order of their own: an adapter may find them out in any. */
function sortedLinks(written: CarriedOut): unknown[] {
  if (written.kind !== 'committed') return [];
  return written.refusedLinks.toSorted((a, b) => a.link.guardian.localeCompare(b.link.guardian));
}
