import { count, plural } from '../texts.en.ts';
import type { AuditTexts } from './audit-texts.ts';

const lookups = (value: number): string => plural(value, 'lookup', 'lookups');

export const AUDIT_TEXTS_EN: AuditTexts = {
  heading: (value) => `Lookups (${count(value)}), the newest first`,
  none: (people, since) => {
    const when = since === undefined ? '' : ` since ${since}`;
    if (people === undefined) return `No lookups have been made${when === '' ? ' yet' : when}.`;
    return `No lookups of ${people === 1 ? 'this person' : 'these people'} have been made${when}.`;
  },
  earlier: (value) => `… and ${lookups(value)} before; --format csv or --json shows all`,
  guardianOf: (rows) => `guardian of ${rows}`,
  moreRows: (value) => `${count(value)} more`,
  noRow: 'without a row',
  protected: 'protected personal data',
  keptBack: 'number not shown',
  run: (run) => `run ${run}`,
  withRelations: 'with guardians (Relationer)',
  reference: (uuid) => `SPAR's UUID ${uuid}`,
  outcomes: {
    answered: 'answered',
    'not-understood': 'the answer could not be understood',
    refused: 'SPAR refused to answer',
    unavailable: 'SPAR was not reached or could not answer',
    garbled: 'what came was no answer from SPAR',
    stopped: 'an error stopped the run',
    lost: 'sent, and no whole answer came',
    unknown: 'sent or about to be, and never heard of again',
  },
  answers: {
    registered: 'answered',
    protected: 'answered: protected',
    deregistered: 'answered: deregistered',
    'not-found': 'answered: nobody found',
    withheld: 'answered',
  },
  rosterNotRead:
    'The roster cannot be read, so it is not known who is protected there; nobody’s number is shown.',
  rosterReadInPart: (value) =>
    `Some rows of the roster cannot be read; in ${lookups(value)} no number is shown, since the person’s row may be one of them. \`spar-sync check\` names those rows.`,
  shared: (rows) => `${rows}: several people have had the row, and the lookups of all of them are shown.`,
};
