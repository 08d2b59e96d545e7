import type { Texts } from './texts.ts';

export function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

export function plural(value: number, one: string, many: string): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

const people = (value: number): string => plural(value, 'person', 'people');
const changes = (value: number): string => plural(value, 'change', 'changes');

export const TEXTS_EN = {
  decimalSign: '.',
  thousandsSign: ',',
  currencies: {},
  types: { student: 'student', staff: 'staff', guardian: 'guardian' },
  fields: {
    personnummer: 'personnummer',
    first_name: 'first name',
    last_name: 'last name',
    care_of: 'c/o',
    street: 'street address',
    postal_code: 'postal code',
    city: 'town',
    country: 'country',
    email: 'e-mail',
    phone: 'phone',
    birth_date: 'date of birth',
    active: 'active',
    protected: 'protection mark',
    status: 'status',
    spar_checked: 'checked with SPAR',
  },
  reviewReasons: {
    protected: {
      title: 'Protected personal data',
      sentence:
        'Nothing but the mark is written and what the roster has stays; see to it that the address there is shown to nobody who should not have it.',
    },
    'no-longer-protected': {
      title: 'No longer protected',
      sentence:
        'The roster has a protection mark and SPAR has none; ask the person or the Tax Agency first, and empty the mark yourself if it is right; until then nothing else is written.',
    },
    deceased: {
      title: 'Deceased',
      sentence:
        'SPAR has the person as deceased; only the status is written; end the placement and stop the mailings.',
    },
    emigrated: {
      title: 'Emigrated',
      sentence: 'SPAR has the person as emigrated; find out whether the person still attends the school.',
    },
    renumbered: {
      title: 'New personnummer',
      sentence:
        'The person has been given another number; find out the new one and write it into the roster, after which the next run goes on with it.',
    },
    deregistered: {
      title: 'Deregistered',
      sentence:
        'The person is no longer in the population register, for another reason than death or a new number; find out what applies.',
    },
    'not-found': {
      title: 'Not found in SPAR',
      sentence: 'SPAR has nobody with the number; compare it with the enrolment papers.',
    },
    'no-address': {
      title: 'No address in SPAR',
      sentence: 'SPAR has no address to write, so what the roster has stays; ask the person.',
    },
    'name-differs': {
      title: 'Name differs',
      sentence: 'The roster has another name than SPAR and it is kept; correct it yourself if it is wrong.',
    },
    'address-differs': {
      title: 'Address differs',
      sentence:
        'The roster has another address than SPAR and it is kept; correct it yourself if it is wrong.',
    },
    'edited-since': {
      title: 'Kept as the school has it',
      sentence:
        'Somebody has written something else since SPAR answered, or undo has put it back; it stays for now, and --force with --id writes what SPAR says over it.',
    },
    'not-encodable': {
      title: 'Letters that the file cannot hold',
      sentence:
        "The name or address has letters outside the roster file's encoding, so it was left as it was; save the roster as UTF-8 or write it by hand.",
    },
    'roster-changed': {
      title: 'Changed during the run',
      sentence: 'Somebody changed the row while the run was under way, so it was left alone; run again.',
    },
    'row-refused': {
      title: 'Refused by the database',
      sentence:
        'The roster database did not take the change to this row, or a new guardian or link for it; look at its rules.',
    },
    'answer-not-understood': {
      title: 'Answer not understood',
      sentence:
        "SPAR's answer about the person could not be understood, so nothing was changed; look the person up by hand.",
    },
    'turned-18': {
      title: 'Turned 18',
      sentence:
        'The student is of age, so guardians are no longer looked after; the links stay until somebody at the school takes them away.',
    },
    'guardian-without-id': {
      title: 'Guardian without personnummer',
      sentence:
        'SPAR names a guardian by name and date of birth only; look at the rows named here, and otherwise add and link the guardian by hand.',
    },
    'guardian-deceased': {
      title: 'Guardian deceased',
      sentence:
        'SPAR has the guardian as deceased; the row and its links stay, so stop the mailings and take the links away yourself.',
    },
    'guardian-protected': {
      title: 'Guardian with protected personal data',
      sentence:
        'The child has a guardian with protected personal data who is not in the roster by number, so nobody was added; find out with the family whether it is one of the rows named here.',
    },
    'guardian-inactive': {
      title: 'Guardian no longer active',
      sentence:
        'SPAR names the guardian and the roster has the row as not active, so it was not linked; make the row active if the guardian is to have contact with the school.',
    },
    'guardian-not-found': {
      title: 'Guardian not found in SPAR',
      sentence:
        'SPAR names the guardian and has nobody with the number, so nobody was added; ask the family who the guardian is.',
    },
    'no-longer-guardian': {
      title: 'No longer guardian',
      sentence:
        'The relation to the child has ended according to SPAR; the link stays, so ask the family and take it away yourself if it is right.',
    },
    'email-taken': {
      title: 'E-mail held by another row',
      sentence:
        'The e-mail stands on another row too and no two rows may hold one, so it was not moved; find out whose it is and write it in by hand.',
    },
  },
  notAskedReasons: {
    'id-missing': { title: 'No personnummer', sentence: 'The row has no number to ask about; write it in.' },
    'id-invalid': {
      title: 'Not a valid personnummer',
      sentence:
        'The number is mistyped or does not fit the date of birth; compare it with the enrolment papers.',
    },
    'temporary-id': {
      title: 'Temporary number',
      sentence: 'A temporary number is not in SPAR; replace it when the person has been given a real one.',
    },
    inactive: {
      title: 'Not active',
      sentence: 'The row says that the person is no longer here; nothing to do.',
    },
    offline: {
      title: 'No fresh answer kept',
      sentence: 'The run was made without asking SPAR; run again without --offline.',
    },
    budget: {
      title: 'The budget is used up',
      sentence:
        'The limits in the configuration allow no more lookups for now; the next run, or the next month, goes on with the rest, or you raise them.',
    },
    failed: {
      title: 'No usable answer',
      sentence: 'SPAR gave no usable answer about the person; the next run asks again.',
    },
    'no-active-student': {
      title: 'No active student under 18',
      sentence: 'The guardian has no such child at the school now; nothing to do.',
    },
  },
  problemReasons: {
    'duplicate-id': {
      title: 'The id stands on several rows',
      sentence: 'Rows of one type share an id; give each person their own.',
    },
    'id-empty': {
      title: 'The row has no id',
      sentence: 'Without an id the row cannot be told apart; give it one.',
    },
    'unknown-type': {
      title: 'The type of person is not known',
      sentence: 'Write student, staff or guardian in the column for type.',
    },
    'ragged-row': {
      title: 'The row has too many or too few columns',
      sentence: 'Often a separator inside a value without quotes; correct the row.',
    },
    'link-to-nobody': {
      title: 'The link leads to somebody who is not in the roster',
      sentence: 'Correct the id, or take the link away.',
    },
    'link-incomplete': {
      title: 'The link lacks the student or the guardian',
      sentence: 'Write both ids, or take the link away.',
    },
    'not-text': {
      title: 'A value cannot be read as text',
      sentence: 'The database holds something else than text in the row; correct the value.',
    },
  },
  headings: {
    changes: (value, who) => `Changes (${changes(value)} in ${people(who)})`,
    newChanges: (value, who) => `Changed (${changes(value)} in ${people(who)})`,
    review: (value) => `For a person to look at (${count(value)})`,
    newReview: (value) => `New for a person to look at (${count(value)})`,
    notAsked: (value) => `Without an answer from SPAR (${count(value)})`,
    problems: (value) => `Rows that could not be taken (${count(value)}); they are left as they were`,
    summary: 'Summary',
  },
  empty: '(empty)',
  hidden: '(not shown: protected personal data)',
  line: (file, line) => `${file}, line ${line}`,
  since: (date) => `since ${date}`,
  morePeople: (value) => `… and ${people(value)} more`,
  moreRows: (value) => `… and ${count(value)} more`,
  allElsewhere: '--json or --report shows all',
  allInJson: '--json shows all',
  dryRun: 'Dry run: nothing was written to the roster.',
  nothingToChange: 'Nothing to change.',
  summary: {
    people: (total, selected) =>
      `${plural(total, 'row', 'rows')} in the roster, ${count(selected)} looked at`,
    changed: (value) => `${people(value)} changed`,
    wouldChange: (value) => `${people(value)} would be changed`,
    asked: (lookups, notFound, cost) =>
      `${plural(lookups, 'lookup', 'lookups')} bought for ${cost}${notFound > 0 ? `, ${count(notFound)} of them not found` : ''}`,
    askedNobody: 'Nothing bought from SPAR',
    reused: (value) => `${plural(value, 'answer', 'answers')} reused at no cost`,
    failed: (value) => `${people(value)} without a usable answer from SPAR`,
  },
  nextRun: {
    buys: (lookups, cost) => `The next run would buy ${plural(lookups, 'lookup', 'lookups')} for ${cost}.`,
    buysNothing: 'The next run would buy nothing.',
    deferred: (value) =>
      `${people(value)} ${value === 1 ? 'has' : 'have'} to wait: the limits in the configuration reach no further.`,
    guardiansBuy: (lookups, cost) =>
      `\`guardians\` after it would buy ${plural(lookups, 'lookup', 'lookups')} for ${cost}.`,
    guardiansBuyNothing: '`guardians` after it would buy nothing.',
    guardiansOpen: (value) =>
      `Not counted: guardians new to the roster, of ${plural(value, 'student who has', 'students who have')} to be asked about first.`,
    guardiansUnknown: (value) =>
      `What \`guardians\` after it would buy shows when ${plural(value, 'student has', 'students have')} been asked about: their guardians may be new to the roster.`,
    wouldBuy: (lookups, cost) =>
      `Without --offline it would buy ${plural(lookups, 'lookup', 'lookups')} for ${cost}`,
    wouldBuyNothing: 'Without --offline it would buy nothing either',
  },
  progress: {
    reading: 'Reading the roster',
    asking: (total) => `Asking SPAR about ${people(total)}`,
    asked: (done, total) => `${count(done)} of ${count(total)}`,
    askedAll: (done) => `Questions about ${people(done)} sent`,
    failed: (value) => `${count(value)} without a usable answer`,
    perSecond: (rate) => `${rate}/s`,
    left: (time) => `${time} left`,
    waiting: (time) => `SPAR does not answer; trying again in ${time}`,
    writing: 'Writing to the roster',
    settled: {
      applied: (run) => `Run ${run} had been cut off; all that it had planned is in the roster.`,
      'not-applied': (run) => `Run ${run} had been cut off before it wrote anything to the roster.`,
      partly: (run) => `Run ${run} had been cut off; part of what it had planned is in the roster.`,
    },
    remark: (text) => `Note: ${text}`,
  },
  consent: {
    question: (lookups, cost) =>
      `This run would buy ${plural(lookups, 'lookup', 'lookups')} from SPAR for ${cost}. Go on?`,
    choices: '[y/N]',
    yes: ['y', 'yes'],
  },
  explanationColumn: 'explanation',
  reportWritten: (folder) => `The whole report is in ${folder}`,
} as const satisfies Texts;
