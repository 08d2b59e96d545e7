import { count, plural } from '../texts.en.ts';
import type { DuplicateTexts } from './duplicate-texts.ts';

const pairs = (value: number): string => plural(value, 'pair', 'pairs');

export const DUPLICATE_TEXTS_EN: DuplicateTexts = {
  grades: {
    certain: {
      title: 'certain',
      sentence:
        'The number agrees; or the names do, together with the date of birth or the address, and nothing speaks against it.',
    },
    probable: {
      title: 'probable',
      sentence: 'The names agree and nothing speaks against it, but nothing more confirms it either.',
    },
    possible: {
      title: 'possible',
      sentence: 'The names are alike, or they agree and something speaks against it.',
    },
    'certainly-not': {
      title: 'different people',
      sentence: 'Two people for certain: their numbers, their dates of birth or SPAR say so.',
    },
  },
  groups: {
    'same-person': {
      title: 'The same person twice',
      sentence:
        'Write same, and the two rows become one, the row to keep; of one person in two roles both stay.',
    },
    'differing-data': {
      title: 'The same person, as it seems, with differing data',
      sentence: 'Find out with the family what is right, then write same or different.',
    },
    shared: {
      title: 'Different people who share something',
      sentence:
        'Correct in the roster what is shared by mistake, and write different so that the pair is not shown again.',
    },
  },
  evidence: {
    'same-number': 'same personnummer',
    renumbered: 'the one number has become the other',
    'two-roles': 'one person in two roles',
    'same-name': 'same name',
    'name-one-letter': 'names one letter apart',
    'name-folded': 'names alike but for å ä ö or accents',
    'name-part-of-surname': 'surname the same in part',
    'name-swapped': 'first and last name swapped',
    'name-other-given': 'another of the given names',
    'name-short-form': 'a short or other form of the first name',
    'same-call-name': 'same first name',
    'same-birth-date': 'same date of birth',
    'same-address': 'same address',
    'same-email': 'same e-mail',
    'same-phone': 'same phone',
    'same-child': 'a child in common',
    'temporary-number': 'the temporary number has the same date of birth',
  },
  contradictions: {
    'other-number': 'different personnummer',
    'other-birth-date': 'different dates of birth',
    'both-guardians': 'SPAR names both as guardians of one child',
    'other-address': 'different addresses',
    'other-surname': 'different surnames',
    'other-first-name': 'different first names',
    'other-kinship': 'the link says that one of them is something else to the child than a guardian',
    'not-the-only-one': 'somebody else around the child has that name too',
    'nameless-guardian': 'the child has a guardian whose name nobody tells',
    'no-given-name': 'the first name is missing',
  },
  heading: (value) => `Rows that may be the same person (${pairs(value)})`,
  newHeading: (value) => `New rows that may be the same person (${pairs(value)})`,
  none: 'No rows that may be the same person.',
  gradesHeading: 'What the grades mean',
  evidenceLabel: 'For it',
  contradictionsLabel: 'Against it',
  childrenLabel: 'Children',
  emailLabel: 'The e-mail is on',
  keepLabel: 'Row to keep',
  twoRoles: 'Both rows stay: one person in two roles. Write same, and the pair is not shown again.',
  protectedPair: 'One of them has protected personal data, so nothing more is shown.',
  differs: '≠ marks what differs between the two rows.',
  morePairs: (value) => `… and ${pairs(value)} more; \`spar-sync duplicates\` shows all`,
  howToDecide: [
    'To decide: `spar-sync duplicates --format csv -o duplicates.csv` (for Excel add --excel),',
    'write same or different in the column `decision`, save it as CSV,',
    'then `spar-sync duplicates apply duplicates.csv`. `spar-sync history` shows the number of that run,',
    'and `spar-sync undo NUMBER` takes it back.',
  ],
  merge: {
    merged: (value) => `Merged (${pairs(value)})`,
    wouldMerge: (value) => `Would be merged (${pairs(value)})`,
    done: (value) => `${pairs(value)} merged`,
    wouldBeDone: (value) => `${pairs(value)} would be merged`,
    into: (kept, removed) => `${removed} into ${kept}`,
    links: (moved, removed) =>
      [
        ...(moved > 0 ? [`${plural(moved, 'link', 'links')} moved to the kept row`] : []),
        ...(removed > 0
          ? [`${plural(removed, 'link', 'links')} taken away, as the kept row has the same`]
          : []),
      ].join(', '),
    wouldLink: (moved, removed) =>
      [
        ...(moved > 0 ? [`${plural(moved, 'link', 'links')} would be moved to the kept row`] : []),
        ...(removed > 0
          ? [`${plural(removed, 'link', 'links')} would be taken away, as the kept row has the same`]
          : []),
      ].join(', '),
    wouldBeDifferent: (value) => `${pairs(value)} would be remembered as different people`,
    wouldBeTwoRoles: (value) =>
      `${pairs(value)} would be remembered as one person in two roles; both rows would stay`,
    different: (value) => `${pairs(value)} remembered as different people`,
    twoRoles: (value) => `${pairs(value)} remembered as one person in two roles; both rows stay`,
    lost: (value) => `Gone with the removed rows (${count(value)}); write it into the kept row if it matters`,
    lostValue: (removed, column, value) => `${removed}: ${column}: ${value}`,
    leftOut: (value) => `Not taken over (${count(value)})`,
    leftOutValue: {
      email: (kept, keptValue, removed, leftValue) =>
        `${kept}: its e-mail ${keptValue} was kept, that of ${removed}, ${leftValue}, was not taken`,
      phone: (kept, keptValue, removed, leftValue) =>
        `${kept}: its phone ${keptValue} was kept, that of ${removed}, ${leftValue}, was not taken`,
    },
    emailTaken: (kept, removed, leftValue) =>
      `${kept}: still without e-mail; that of ${removed}, ${leftValue}, is held by another row`,
    forGood: 'One of them is protected: nothing of the row that goes is kept, so undo cannot bring it back.',
    nothing:
      'Nothing to carry out: no pair in the file has a new decision. Write `same` or `different` in the column `decision`.',
  },
};
