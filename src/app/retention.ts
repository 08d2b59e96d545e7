import { addDays } from '../domain/calendar-date.ts';
import { joinNumbers } from '../domain/guardians/one-person.ts';
import type { PersonId, PersonNumbers } from '../domain/person-id.ts';
import { type Brake, findDepartedBrake } from '../domain/plan-safety.ts';
import { protectedUnderAll } from '../domain/protected-numbers.ts';
import type { Text } from '../domain/text.ts';
import type { UpdateWorld } from './update/update-world.ts';

type RetentionWorld = Pick<UpdateWorld, 'state' | 'settings' | 'today' | 'progress'>;

/** So many days somebody is missing from the roster before what is kept of them goes: rows come back. */
const DAYS_OF_ABSENCE = 30;

/**
 * What a run that is not dry does at its end: erases what is kept of people who have left, and answers that have
 * grown too old.
 *
 * @param roster whose rows it has, and whether the run has looked at all of them: one that was told to look at a few
 *   says nothing of who has left
 */
export async function eraseWhatIsNotKept(
  world: RetentionWorld,
  { people, isWhole }: { readonly people: PersonNumbers; readonly isWhole: boolean },
): Promise<void> {
  if (isWhole) await eraseDeparted(world, people);
  await eraseOldAnswers(world);
}

async function eraseDeparted(
  { state, settings, today, progress }: RetentionWorld,
  people: PersonNumbers,
): Promise<void> {
  const { retention } = state;
  const absentees = await retention.absentees(people);
  const brake = findDepartedBrake(absentees, settings.limits);
  if (brake !== undefined) {
    progress({ kind: 'remark', text: tooManyAbsent(brake) });
    return;
  }
  await retention.noteAbsent(absentees.absent, today);
  const departed = await retention.absentSince(addDays(today, -DAYS_OF_ABSENCE));
  if (departed.length === 0) return;
  const journal = await numbersOf(departed, state);
  await retention.erase({ answers: departed, hidden: [], journal, journalRows: [] });
}

/** All numbers of these people: the journal knows them by former ones too, about which no answer is kept. */
export async function numbersOf(
  people: readonly PersonId[],
  { snapshots }: Pick<UpdateWorld['state'], 'snapshots'>,
): Promise<readonly PersonId[]> {
  const { currentOf, numbersOf: allOf } = joinNumbers(await snapshots.renumbered());
  return [...new Set([...people, ...people.flatMap((person) => allOf(currentOf(person)))])];
}

/**
 * Erases answers that are older than the configuration lets them become. The journal stays: `undo` needs it, and it
 * tells what a person has edited since. Of somebody protected under another number the answer is what tells so: it
 * is emptied and kept.
 */
export async function eraseOldAnswers({ state, settings, today }: RetentionWorld): Promise<void> {
  const { retention, snapshots } = state;
  const old = await retention.answeredBefore(addDays(today, -settings.retention.cacheDays));
  if (old.length === 0) return;
  const hidden = protectedUnderAll(await snapshots.protectedPeople(), await snapshots.renumbered());
  await retention.erase({
    answers: old.filter((person) => !hidden.has(person)),
    hidden: old.filter((person) => hidden.has(person)),
    journal: [],
    journalRows: [],
  });
}

function tooManyAbsent({ count, of, share, limit }: Brake): Text {
  const percent = (part: number) => `${Math.round(part * 100)} %`;
  const shown = `${percent(share)}; limits.maxMissingShare`;
  return {
    en: `${count} of ${of} people of whom something is kept are no longer in the roster (${shown} is ${percent(limit)}), so nothing was erased. Is the roster whole, and the right one? If it is, \`spar-sync forget --departed --force\` erases what is kept of them.`,
    sv: `${count} av ${of} personer som det finns något sparat om finns inte längre i registret (${shown} är ${percent(limit)}), så inget har raderats. Är registret helt, och är det rätt register? I så fall raderar \`spar-sync forget --departed --force\` det som är sparat om dem.`,
  };
}
