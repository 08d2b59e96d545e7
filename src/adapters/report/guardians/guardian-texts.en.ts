import { count, plural } from '../texts.en.ts';
import type { GuardianTexts } from './guardian-texts.ts';

const links = (value: number): string => plural(value, 'link', 'links');

function done(verb: string): GuardianTexts['summary']['done'] {
  return (assigned, created, added) => {
    const parts = [
      ...(assigned > 0 ? [`${plural(assigned, 'row', 'rows')} given a personnummer`] : []),
      ...(created > 0 ? [`${plural(created, 'guardian', 'guardians')} added`] : []),
      ...(added > 0 ? [`${links(added)} added`] : []),
    ];
    return `${verb}${parts.join(', ')}`;
  };
}

export const GUARDIAN_TEXTS_EN: GuardianTexts = {
  assigned: (value) => `Guardians in the roster given their personnummer (${count(value)})`,
  created: (value) => `New guardians (${count(value)})`,
  links: (value) => `New links between student and guardian (${count(value)})`,
  moreLinks: (value) => `… and those of ${plural(value, 'student', 'students')} more`,
  noRelationsAtAll: [
    "SPAR's answers name no guardian of any student. The permission `Relationer` is probably missing in the",
    'decision from Skatteverket, although the configuration lists it: compare the two. Nothing is said here',
    'about who has guardians.',
  ],
  summary: {
    students: (selected, withGuardians) =>
      `${plural(selected, 'student', 'students')} under 18 looked at, ${count(withGuardians)} with guardians linked`,
    studentsOnly: (selected) => `${plural(selected, 'student', 'students')} under 18 looked at`,
    done: done(''),
    wouldBeDone: done('would be: '),
    present: (value) => `${links(value)} ${value === 1 ? 'was' : 'were'} there already`,
    pairs: (value) => `${plural(value, 'pair', 'pairs')} of rows to decide about`,
  },
};
