import type { Guardianship, Relation } from '../../../domain/person.ts';
import type { PersonId } from '../../../domain/person-id.ts';
import { isCurrent } from './current-row.ts';
import { readName } from './namn.ts';
import { onlyChild, readPersonId, readValue, UnclearPost } from './single-value.ts';
import { childrenNamed, type Element } from './xml.ts';

const GUARDIAN = 'VÅRDNADSHAVARE';

/**
 * The guardians in a child's post, from its Relation rows. Only to be read when the question was asked with
 * the permission: without it their absence means nothing.
 */
export function readGuardianship(post: Element): Guardianship {
  const current: Relation[] = [];
  const currentIds = new Map<PersonId, number>();
  const ended = new Set<PersonId>();
  for (const row of childrenNamed(post, 'Relation')) {
    if (typeOf(row) !== GUARDIAN) continue;
    const id = idOf(row);
    if (!isCurrent(row)) {
      if (id !== undefined) ended.add(id);
      continue;
    }
    const relation = readRelation(row, id);
    const known = id === undefined ? undefined : currentIds.get(id);
    const earlier = known === undefined ? undefined : current[known];
    if (known !== undefined && earlier !== undefined) {
      current[known] = { ...earlier, deceased: earlier.deceased || relation.deceased };
    } else {
      if (id !== undefined) currentIds.set(id, current.length);
      current.push(relation);
    }
  }
  return { current, ended: [...ended].filter((id) => !currentIds.has(id)) };
}

function readRelation(row: Element, id: PersonId | undefined): Relation {
  const name = readName(row);
  const birthDate = readValue(row, 'Fodelsetid');
  const code = readValue(row, 'AvregistreringsorsakKod')?.toUpperCase();
  return {
    ...(id === undefined ? {} : { id }),
    ...(Object.keys(name).length === 0 ? {} : { name }),
    ...(birthDate === undefined ? {} : { birthDate }),
    deceased: code === 'A' || code === 'AV' || readValue(row, 'Avlidendatum') !== undefined,
  };
}

function typeOf(row: Element): string {
  const type = readValue(row, 'Relationstyp');
  if (type === undefined) {
    throw new UnclearPost('a Relation does not say which relation it is', 'en Relation saknar Relationstyp');
  }
  return type.normalize('NFC').toUpperCase();
}

/** The number stands in the Relation itself; SPAR's own PHP example looks for it in a PersonId there. */
function idOf(row: Element): PersonId | undefined {
  const nested = onlyChild(row, 'PersonId');
  return (
    readPersonId(row, 'IdNummer') ?? (nested === undefined ? undefined : readPersonId(nested, 'IdNummer'))
  );
}
