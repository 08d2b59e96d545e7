import { type PersonId, toPersonId } from '../../src/domain/person-id.ts';
import type { SeededRandom } from './seeded-random.ts';

export type Sex = 'female' | 'male';

/** Gives each number once. */
export interface NumberSupply {
  child(sex: Sex): PersonId;
  adult(sex: Sex): PersonId;
}

/** The third digit of the serial is even for women. */
const SERIALS: Readonly<Record<Sex, readonly string[]>> = { female: ['238'], male: ['239'] };

/**
 * Serials 238 and 239 are enough for some 8 700 children. More are needed only to see how the cost of one plan
 * grows: the high serials of Skatteverket's test numbers then help out, in memory and nowhere else.
 */
const MANY_SERIALS: Readonly<Record<Sex, readonly string[]>> = {
  female: ['238', '980', '982', '984', '986', '988', '990', '992', '994', '996', '998'],
  male: ['239', '981', '983', '985', '987', '989', '991', '993', '995', '997', '999'],
};

const CHILDREN = { from: 2009, to: 2020 };
const ADULTS = { from: 1960, to: 2000 };

export function createNumberSupply(random: SeededRandom, many: boolean): NumberSupply {
  const serials = many ? MANY_SERIALS : SERIALS;
  const queues = new Map<string, PersonId[]>();

  function take(sex: Sex, years: typeof CHILDREN): PersonId {
    const key = `${sex}${years.from}`;
    let queue = queues.get(key);
    if (queue === undefined) {
      // Samordningsnummer come last: a few people of a large school have one.
      queue = random.shuffle(numbersOf(serials[sex], years, 60));
      for (const id of random.shuffle(numbersOf(serials[sex], years, 0))) queue.push(id);
      queues.set(key, queue);
    }
    const id = queue.pop();
    if (id === undefined) throw new Error('there are no more made-up numbers');
    return id;
  }

  return { child: (sex) => take(sex, CHILDREN), adult: (sex) => take(sex, ADULTS) };
}

function numbersOf(serials: readonly string[], years: typeof CHILDREN, dayOffset: number): PersonId[] {
  const numbers: PersonId[] = [];
  for (let year = years.from; year <= years.to; year++) {
    for (let month = 1; month <= 12; month++) {
      const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
      for (let day = 1; day <= days; day++) {
        const date = `${year}${twoDigits(month)}${twoDigits(day + dayOffset)}`;
        for (const serial of serials) numbers.push(withCheckDigit(date + serial));
      }
    }
  }
  return numbers;
}

function withCheckDigit(eleven: string): PersonId {
  let sum = 0;
  for (let i = 2; i < 11; i++) {
    const doubled = Number(eleven[i]) * (i % 2 === 0 ? 2 : 1);
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  const id = toPersonId(`${eleven}${(10 - (sum % 10)) % 10}`);
  if (id === undefined) throw new Error('not a number');
  return id;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
