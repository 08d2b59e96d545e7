import type { DuplicateGroup } from '../duplicate-pair.ts';
import type { DuplicateBasis } from '../duplicates.ts';
import { type Match, match } from '../match.ts';
import { emailKey, phoneKey } from '../matching/contact-agreement.ts';
import {
  CONTRADICTIONS,
  type Contradiction,
  EVIDENCE,
  type Evidence,
  GRADES,
  type Grade,
} from '../matching/match-words.ts';
import type { Candidate, CandidateReason } from './duplicate-candidates.ts';
import type { PairProfiles } from './pair-profiles.ts';
import { createPairSettings } from './pair-setting.ts';

/** What comes of comparing two rows. */
export interface Judged {
  readonly grade: Grade;
  readonly group: DuplicateGroup;
  readonly evidence: readonly Evidence[];
  readonly contradictions: readonly Contradiction[];
}

/** The grade and the heap of a candidate; `undefined` where it is not worth a person's time. */
export function createPairJudge(
  basis: DuplicateBasis,
  profiles: PairProfiles,
): (candidate: Candidate) => Judged | undefined {
  const settings = createPairSettings(basis, profiles);

  return ({ a, b, reasons }) => {
    const setting = settings.of(a, b);
    const asWritten = () => match(profiles.ofRow(a), profiles.ofRow(b), setting);
    // Under one number SPAR's answer would be compared with itself.
    const found = reasons.has('same-number')
      ? asWritten()
      : weigh(match(profiles.known(a), profiles.known(b), setting), asWritten);
    const evidence = new Set(found.evidence);
    const hasOneEmail = isSame(emailKey(a.cells.email), emailKey(b.cells.email));
    if (hasOneEmail) evidence.add('same-email');
    if (isSame(phoneKey(a.cells.phone), phoneKey(b.cells.phone))) evidence.add('same-phone');
    if (reasons.has('renumbered')) evidence.add('renumbered');
    if (!isWorthComparing(reasons, evidence)) return undefined;
    const grade = gradeOf(found.grade, reasons, hasOneEmail);
    const group = grade && groupOf(grade, reasons);
    if (grade === undefined || group === undefined) return undefined;
    return {
      grade,
      group,
      evidence: EVIDENCE.filter((one) => evidence.has(one)),
      contradictions: CONTRADICTIONS.filter((one) => found.contradictions.includes(one)),
    };
  };
}

/**
 * What SPAR knows of the two against what the school has written of both: the register is right where it says
 * that they are two, and otherwise the rows may know a former name or address by which they agree.
 */
function weigh(asKnown: Match, asWritten: () => Match): Match {
  if (asKnown.grade === 'certainly-not' || asKnown.grade === 'certain') return asKnown;
  const written = asWritten();
  if (asKnown.grade === 'unlike') return written;
  if (written.grade === 'unlike' || written.grade === 'certainly-not') return asKnown;
  return GRADES.indexOf(written.grade) < GRADES.indexOf(asKnown.grade) ? written : asKnown;
}

/** One name on one child is no reason by itself: a birth date or an address has to agree too. */
function isWorthComparing(reasons: ReadonlySet<CandidateReason>, evidence: ReadonlySet<Evidence>): boolean {
  for (const reason of reasons) {
    const hasBirthDate = evidence.has('same-birth-date') || evidence.has('temporary-number');
    switch (reason) {
      case 'both-without-number':
        if (hasBirthDate || evidence.has('same-address')) return true;
        break;
      case 'temporary':
        if (hasBirthDate) return true;
        break;
      default:
        return true;
    }
  }
  return false;
}

function gradeOf(
  found: Match['grade'],
  reasons: ReadonlySet<CandidateReason>,
  hasOneEmail: boolean,
): Grade | undefined {
  // One of several numbers that are said to have come after the other: which of them it is, only a person can tell.
  if (reasons.has('renumbered') && found === 'certainly-not') return 'possible';
  if (found !== 'unlike') return found;
  return reasons.has('same-contact') && hasOneEmail ? 'possible' : undefined;
}

function groupOf(grade: Grade, reasons: ReadonlySet<CandidateReason>): DuplicateGroup | undefined {
  switch (grade) {
    case 'certain':
    case 'probable':
      return 'same-person';
    case 'possible':
      return 'differing-data';
    case 'certainly-not':
      return reasons.has('same-contact') ? 'shared' : undefined;
  }
}

function isSame(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && one === other;
}
