import type { Address, Answer, Guardianship, Name, Relation } from '../../domain/person.ts';

/**
 * An answer as it is stored: field by field, so that nothing that happens to hang on the object is kept, least
 * of all a name on a protected person. What is stored parses back to the same value.
 */
export function answerJson(answer: Answer): string {
  switch (answer.kind) {
    case 'registered':
      return JSON.stringify({
        kind: answer.kind,
        id: answer.id,
        name: plainName(answer.name),
        birthDate: answer.birthDate,
        home: plainAddress(answer.home),
        mailing: plainAddress(answer.mailing),
        contact: plainAddress(answer.contact),
        abroad: plainAddress(answer.abroad),
        emigrated: answer.emigrated,
        guardianship: plainGuardianship(answer.guardianship),
        predecessors: answer.predecessors,
      });
    case 'protected':
      return JSON.stringify({ kind: answer.kind, id: answer.id, mark: answer.mark, since: answer.since });
    case 'deregistered':
      return JSON.stringify({
        kind: answer.kind,
        id: answer.id,
        reason: answer.reason,
        code: answer.code,
        birthDate: answer.birthDate,
        successors: answer.successors,
      });
    case 'not-found':
    case 'withheld':
      return JSON.stringify({ kind: answer.kind, id: answer.id });
  }
}

function plainName(name: Name) {
  return { given: name.given, callName: name.callName, middle: name.middle, surname: name.surname };
}

function plainAddress(address: Address | undefined) {
  if (address === undefined) return undefined;
  if (address.kind === 'international') {
    return { kind: address.kind, lines: address.lines, country: address.country };
  }
  const { kind, careOf, lines, postalCode, city } = address;
  return { kind, careOf, lines, postalCode, city };
}

function plainGuardianship(guardianship: Guardianship | undefined) {
  if (guardianship === undefined) return undefined;
  return { current: guardianship.current.map(plainRelation), ended: guardianship.ended };
}

/**
 * A guardian who has a number is known by it alone. A name beside it would outlive in the child's answer what is
 * withheld of the guardian.
 */
function plainRelation(relation: Relation) {
  if (relation.id !== undefined) return { id: relation.id, deceased: relation.deceased };
  return {
    name: relation.name && plainName(relation.name),
    birthDate: relation.birthDate,
    deceased: relation.deceased,
  };
}
