import type { Families, FamilyRow } from '../../domain/families.ts';
import type { PersonId } from '../../domain/person-id.ts';
import { type RowKey, rowKeyText } from '../../domain/roster.ts';
import type { SnapshotStore } from '../ports.ts';
import { type Digest, digestAnswer, digestRow } from '../update/saved-plan.ts';
import type { GuardianWrite } from './guardian-write.ts';

/** What a plan of `guardians` rests on, as digests: nothing of it can be told from them. */
export interface GuardianPlanBasis {
  /** The rows that it touches. */
  readonly rows: readonly { readonly key: RowKey; readonly row: string }[];
  /** The answers about children and guardians, each with the row by which a person may know it. */
  readonly answers: readonly { readonly key: RowKey; readonly person: PersonId; readonly answer: string }[];
}

interface Sources {
  readonly snapshots: Pick<SnapshotStore, 'getMany'>;
  readonly digest: Digest;
}

export async function describeBasis(
  write: GuardianWrite,
  families: Families,
  sources: Sources,
): Promise<GuardianPlanBasis> {
  const { snapshots, digest } = sources;
  const people = [...peopleOf(write, families)];
  const found = await snapshots.getMany(people.map(([person]) => person));
  return {
    rows: rowsOf(write, families).map((row) => ({ key: row.key, row: digestRow(row, digest) })),
    answers: people.map(([person, key], i) => ({ key, person, answer: digestAnswer(found[i], digest) })),
  };
}

/** The rows that are other than they were, or whose answers are. */
export async function changedSince(
  basis: GuardianPlanBasis,
  families: Families,
  { snapshots, digest }: Sources,
): Promise<readonly RowKey[]> {
  const rows = basis.rows.filter(({ key, row }) => {
    const now = key.type === 'student' ? families.student(key.id) : families.guardian(key.id);
    return now === undefined || digestRow(now, digest) !== row;
  });
  const found = await snapshots.getMany(basis.answers.map(({ person }) => person));
  const answers = basis.answers.filter(({ answer }, i) => digestAnswer(found[i], digest) !== answer);
  return [...rows, ...answers].map(({ key }) => key);
}

/** Existing rows that get cells, and both ends of each new link. */
function rowsOf({ items, links }: GuardianWrite, families: Families): readonly FamilyRow[] {
  const rows = new Map<string, FamilyRow>();
  const add = (row: FamilyRow | undefined) => row && rows.set(rowKeyText(row.key), row);
  for (const { key } of items) add(families.guardian(key.id));
  for (const { link } of links) {
    add(families.student(link.student));
    add(families.guardian(link.guardian));
  }
  return [...rows.values()];
}

function peopleOf(
  { items, created, links }: GuardianWrite,
  families: Families,
): ReadonlyMap<PersonId, RowKey> {
  const people = new Map<PersonId, RowKey>();
  for (const item of items) if (item.kind === 'update') people.set(item.person, item.key);
  for (const { key, person } of created) people.set(person, key);
  for (const { link, person } of links) {
    const student = families.student(link.student);
    if (student?.id.kind === 'valid') people.set(student.id.id, student.key);
    if (!people.has(person)) people.set(person, { type: 'guardian', id: link.guardian });
  }
  return people;
}
