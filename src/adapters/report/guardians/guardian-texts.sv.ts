import { count, plural } from '../texts.sv.ts';
import type { GuardianTexts } from './guardian-texts.ts';

const links = (value: number): string => plural(value, 'koppling', 'kopplingar');

function done(verb: string): GuardianTexts['summary']['done'] {
  return (assigned, created, added) => {
    const parts = [
      ...(assigned > 0 ? [`${plural(assigned, 'rad', 'rader')} som fick personnummer`] : []),
      ...(created > 0 ? [`${plural(created, 'ny vårdnadshavare', 'nya vårdnadshavare')}`] : []),
      ...(added > 0 ? [`${plural(added, 'ny koppling', 'nya kopplingar')}`] : []),
    ];
    return `${verb}${parts.join(', ')}`;
  };
}

export const GUARDIAN_TEXTS_SV: GuardianTexts = {
  assigned: (value) => `Vårdnadshavare i registret som får sitt personnummer (${count(value)})`,
  created: (value) => `Nya vårdnadshavare (${count(value)})`,
  links: (value) => `Nya kopplingar mellan elev och vårdnadshavare (${count(value)})`,
  moreLinks: (value) => `… och för ${plural(value, 'elev', 'elever')} till`,
  noRelationsAtAll: [
    'SPAR:s svar nämner ingen vårdnadshavare för någon elev. Behörigheten `Relationer` saknas troligen i',
    'Skatteverkets beslut, fast den står i inställningarna: jämför dem. Här sägs därför inget om vilka som',
    'har vårdnadshavare.',
  ],
  summary: {
    students: (selected, withGuardians) =>
      `${plural(selected, 'elev', 'elever')} under 18 år gicks igenom, ${count(withGuardians)} med kopplade vårdnadshavare`,
    studentsOnly: (selected) => `${plural(selected, 'elev', 'elever')} under 18 år gicks igenom`,
    done: done(''),
    wouldBeDone: done('skulle bli: '),
    present: (value) => `${links(value)} fanns redan`,
    pairs: (value) => `${count(value)} par rader att ta ställning till`,
  },
};
