import { count } from '../texts.sv.ts';
import type { AuditTexts } from './audit-texts.ts';

export const AUDIT_TEXTS_SV: AuditTexts = {
  heading: (value) => `Uppslag (${count(value)}), det senaste först`,
  none: (people, since) => {
    const when = since === undefined ? '' : ` sedan ${since}`;
    if (people === undefined) return `Inga uppslag har gjorts${when === '' ? ' än' : when}.`;
    return `Inga uppslag om ${people === 1 ? 'personen' : 'personerna'} har gjorts${when}.`;
  },
  earlier: (value) => `… och ${count(value)} uppslag dessförinnan; --format csv eller --json visar alla`,
  guardianOf: (rows) => `vårdnadshavare till ${rows}`,
  moreRows: (value) => `${count(value)} till`,
  noRow: 'utan rad',
  protected: 'skyddade personuppgifter',
  keptBack: 'numret visas inte',
  run: (run) => `körning ${run}`,
  withRelations: 'med vårdnadshavare (Relationer)',
  reference: (uuid) => `SPAR:s UUID ${uuid}`,
  outcomes: {
    answered: 'besvarat',
    'not-understood': 'svaret gick inte att tolka',
    refused: 'SPAR ville inte svara',
    unavailable: 'SPAR gick inte att nå eller kunde inte svara',
    garbled: 'det som kom var inget svar från SPAR',
    stopped: 'ett fel stoppade körningen',
    lost: 'skickat, men inget helt svar kom',
    unknown: 'skickat eller på väg, sedan okänt',
  },
  answers: {
    registered: 'besvarat',
    protected: 'besvarat: skyddad',
    deregistered: 'besvarat: avregistrerad',
    'not-found': 'besvarat: ingen träff',
    withheld: 'besvarat',
  },
  rosterNotRead:
    'Registret går inte att läsa, så det är inte känt vilka som är skyddade där; ingens nummer visas.',
  rosterReadInPart: (value) =>
    `Några rader i registret går inte att läsa; i ${count(value)} uppslag visas inget nummer, eftersom personens rad kan vara en av dem. \`spar-sync check\` visar vilka raderna är.`,
  shared: (rows) => `${rows}: flera personer har haft raden, och uppslagen om dem alla visas.`,
};
