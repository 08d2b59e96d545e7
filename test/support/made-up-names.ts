import type { Sex } from './made-up-numbers.ts';
import type { SeededRandom } from './seeded-random.ts';

/** The commonest come first. Those of parents of schoolchildren, from several parts of the world. */
const GIVEN: Readonly<Record<Sex, string>> = {
  female:
    'Anna Maria Sara Jenny Emma Linda Johanna Malin Kristina Karin Elin Helena Sofia Ida Lina Therese Hanna Susanne Marie Elisabeth Camilla Åsa Frida Madeleine Jessica Annika Charlotta Katarina Cecilia Ulrika Josefin Caroline Petra Pernilla Ann-Sofie Anna-Karin Eva-Lena Britt-Marie Fatima Amina Zahra Maryam Agnieszka Katarzyna Olena Nguyet Mei Märta Zoë Renée Göta Kim Robin Gabriella Matilda Isabella Amanda Rebecka Alexandra Victoria Susanna Birgitta Margareta Monica Ingrid Kerstin Eva Lena',
  male: 'Johan Andreas Daniel Fredrik Anders Mikael Peter Magnus Mattias Marcus Lars Martin Niklas Henrik Per Jonas Stefan Thomas Erik Patrik Mohammed Ahmed Ali Robert Christian Joakim Tobias David Jan Karl Nils Björn Jörgen Håkan Göran Sören Mårten Pär Gustav Oskar Filip Alexander Jonathan Viktor Sebastian Kristoffer Emanuel Olof Bo Bengt Ulf Leif Kjell Rolf Karl-Johan Lars-Erik Per-Olof Jan-Åke Hassan Omar Ibrahim Abdi Yusuf Goran Zoran Piotr Krzysztof Dmytro José André Kim Robin Åke Örjan Östen',
};

const SURNAMES =
  'Andersson Johansson Karlsson Nilsson Eriksson Larsson Olsson Persson Svensson Gustafsson Pettersson Jonsson Jansson Hansson Bengtsson Jönsson Lindberg Jakobsson Magnusson Olofsson Lindström Lindqvist Lindgren Axelsson Berg Bergström Lundberg Lind Lundgren Lundqvist Mattsson Berglund Fredriksson Sandberg Henriksson Forsberg Sjöberg Wallin Ali Mohamed Engström Eklund Danielsson Håkansson Lundin Björk Bergman Gunnarsson Holm Wikström Samuelsson Isaksson Fransson Bergqvist Nyström Holmberg Arvidsson Löfgren Söderberg Nyberg Blomqvist Claesson Nordström Mårtensson Ahmed Hassan Hussein Öberg Åberg Åkesson Ström Ek Sjögren Hermansson Hedlund Sköld Öst Nguyen Yılmaz Kowalska Petrović Müller García Hernández|von Essen|af Ekenstam|de la Cruz|al-Hassan|El Amrani|van Dijk|O’Brien|De Geer|Åkerblom|Östlund|Ångström|Björkegren|Lönnroth|Tjäder|Ödmark|Källström|Rönnqvist|Grönvall|Sahlström|Hägglund|Ekström Lindh|Åkerman-Ros';

/** How people are called, of the names above: a table of its own, so that the program's is put to the test. */
export const NICKNAMES: Readonly<Record<string, readonly [string, ...string[]]>> = {
  Lars: ['Lasse'],
  Karl: ['Kalle'],
  Mikael: ['Micke'],
  Maria: ['Mia'],
  Bo: ['Bosse'],
  Jan: ['Janne'],
  Per: ['Pelle', 'Perra'],
  Nils: ['Nisse'],
  Charlotta: ['Lotta'],
  Joakim: ['Jocke'],
  Daniel: ['Danne'],
  Fredrik: ['Fredde', 'Figge'],
  Stefan: ['Steffe'],
  Tobias: ['Tobbe'],
  Robert: ['Robban'],
  Ulf: ['Uffe'],
  Leif: ['Leffe'],
  Kristina: ['Kicki', 'Stina'],
  Helena: ['Lena'],
  Susanne: ['Sussie', 'Sanne'],
  Susanna: ['Sanna'],
  Margareta: ['Maggan', 'Greta'],
  Andreas: ['Adde', 'Ante'],
  Henrik: ['Henke'],
  Jonathan: ['Jonte'],
  Niklas: ['Nicke'],
  Christian: ['Chrille'],
  Gustav: ['Gurra'],
  Kristoffer: ['Stoffe'],
  Sebastian: ['Sebbe', 'Basse'],
  Magnus: ['Mange'],
  Therese: ['Tessan'],
  Josefin: ['Jossan'],
  Cecilia: ['Cissi', 'Cilla'],
  Katarina: ['Kattis', 'Katta'],
  Isabella: ['Bella'],
  Elisabeth: ['Lisa', 'Bettan', 'Elsa'],
  Alexander: ['Alex'],
  Alexandra: ['Alex'],
  Matilda: ['Tilda'],
  Birgitta: ['Gittan'],
  Mattias: ['Matte'],
  Martin: ['Matte'],
  Thomas: ['Tompa', 'Tomas'],
  Viktor: ['Vicke'],
  Filip: ['Fille'],
  Oskar: ['Ogge'],
  Anders: ['Ante'],
  Peter: ['Petter', 'Pete'],
  Göran: ['Jöran'],
  Johanna: ['Hanna', 'Jojjo'],
  Camilla: ['Milla'],
  Jessica: ['Jessie', 'Sickan'],
  Madeleine: ['Madde'],
  Pernilla: ['Nilla', 'Pillan'],
  Caroline: ['Carro', 'Caro'],
  Gabriella: ['Gabbi', 'Ella'],
  Rebecka: ['Becka', 'Beckis'],
  Victoria: ['Vickan'],
  Emanuel: ['Manne'],
  Mohammed: ['Mo', 'Moha'],
  Monica: ['Monka'],
  Patrik: ['Patte'],
  Olof: ['Olle'],
  Kerstin: ['Kicki'],
};

const GIVEN_LISTS = { female: listOf(GIVEN.female), male: listOf(GIVEN.male) };
const SURNAME_LIST = listOf(SURNAMES);

/** Given names in register order, one of them the name used. `isCallNameKnown`: registered as Tilltalsnamn. */
export interface GivenNames {
  readonly all: readonly [string, ...string[]];
  readonly call: string;
  readonly isCallNameKnown: boolean;
}

export function makeUpGivenNames(random: SeededRandom, sex: Sex, call?: string): GivenNames {
  const used = call ?? random.pickCommon(GIVEN_LISTS[sex]);
  const others: string[] = [];
  const count = random.weighted([
    [0, 30],
    [1, 45],
    [2, 25],
  ]);
  for (let i = 0; i < count; i++) {
    const other = random.pickCommon(GIVEN_LISTS[sex]);
    if (other !== used && !others.includes(other)) others.push(other);
  }
  // Without a Tilltalsnamn the first is taken for the name used.
  const isCallNameKnown = random.happens(0.92);
  const at = isCallNameKnown && random.happens(0.25) ? random.below(others.length + 1) : 0;
  const all = [...others.slice(0, at), used, ...others.slice(at)];
  return { all: [all[0] ?? used, ...all.slice(1)], call: used, isCallNameKnown };
}

export function makeUpSurname(random: SeededRandom): string {
  return random.pickCommon(SURNAME_LIST);
}

function listOf(words: string): readonly [string, ...string[]] {
  const [first = '', ...rest] = words.includes('|')
    ? words.split('|').flatMap((part, i) => (i === 0 ? part.split(' ') : [part]))
    : words.split(' ');
  return [first, ...rest];
}
