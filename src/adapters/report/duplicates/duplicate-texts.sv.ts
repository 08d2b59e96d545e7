import { count, plural } from '../texts.sv.ts';
import type { DuplicateTexts } from './duplicate-texts.ts';

const pairs = (value: number): string => `${count(value)} par`;

export const DUPLICATE_TEXTS_SV: DuplicateTexts = {
  grades: {
    certain: {
      title: 'säkert',
      sentence:
        'Numret stämmer, eller namnen tillsammans med födelsedatum eller adress, och inget talar emot.',
    },
    probable: {
      title: 'troligt',
      sentence: 'Namnen stämmer och inget talar emot, men inget mer bekräftar det heller.',
    },
    possible: {
      title: 'möjligt',
      sentence: 'Namnen liknar varandra, eller så stämmer de och något talar emot.',
    },
    'certainly-not': {
      title: 'olika personer',
      sentence: 'Säkert två personer: det visar numren, födelsedatumen eller SPAR.',
    },
  },
  groups: {
    'same-person': {
      title: 'Samma person två gånger',
      sentence:
        'Skriv samma, så slås de två raderna ihop till raden som ska behållas; är det en person i två roller står båda kvar.',
    },
    'differing-data': {
      title: 'Samma person, som det verkar, med olika uppgifter',
      sentence: 'Ta reda på med familjen vad som stämmer och skriv sedan samma eller olika.',
    },
    shared: {
      title: 'Olika personer som delar något',
      sentence: 'Rätta i registret det som delas av misstag och skriv olika, så visas paret inte igen.',
    },
  },
  evidence: {
    'same-number': 'samma personnummer',
    renumbered: 'det ena numret har ersatts av det andra',
    'two-roles': 'samma person i två roller',
    'same-name': 'samma namn',
    'name-one-letter': 'namnen skiljer sig på en bokstav',
    'name-folded': 'namnen lika så när som på å ä ö eller accenter',
    'name-part-of-surname': 'efternamnet delvis samma',
    'name-swapped': 'för- och efternamn har bytt plats',
    'name-other-given': 'ett annat av förnamnen',
    'name-short-form': 'en kort eller annan form av förnamnet',
    'same-call-name': 'samma tilltalsnamn',
    'same-birth-date': 'samma födelsedatum',
    'same-address': 'samma adress',
    'same-email': 'samma e-postadress',
    'same-phone': 'samma telefonnummer',
    'same-child': 'gemensamt barn',
    'temporary-number': 'det tillfälliga numret har samma födelsedatum',
  },
  contradictions: {
    'other-number': 'olika personnummer',
    'other-birth-date': 'olika födelsedatum',
    'both-guardians': 'SPAR anger båda som vårdnadshavare för samma barn',
    'other-address': 'olika adresser',
    'other-surname': 'olika efternamn',
    'other-first-name': 'olika förnamn',
    'other-kinship': 'kopplingen säger att en av dem är något annat än vårdnadshavare till barnet',
    'not-the-only-one': 'någon mer kring barnet har det namnet',
    'nameless-guardian': 'barnet har en vårdnadshavare vars namn inte framgår',
    'no-given-name': 'förnamn saknas',
  },
  heading: (value) => `Rader som kan vara samma person (${pairs(value)})`,
  newHeading: (value) => `Nya rader som kan vara samma person (${pairs(value)})`,
  none: 'Inga rader som kan vara samma person.',
  gradesHeading: 'Vad graderna betyder',
  evidenceLabel: 'Talar för',
  contradictionsLabel: 'Talar emot',
  childrenLabel: 'Barn',
  emailLabel: 'E-postadressen står på',
  keepLabel: 'Rad att behålla',
  twoRoles: 'Båda raderna står kvar: en person i två roller. Skriv samma, så visas paret inte igen.',
  protectedPair: 'En av dem har skyddade personuppgifter, så inget mer visas.',
  differs: '≠ visar vad som skiljer sig mellan raderna.',
  morePairs: (value) => `… och ${pairs(value)} till; \`spar-sync duplicates\` visar alla`,
  howToDecide: [
    'Så avgör du: `spar-sync duplicates --format csv -o duplicates.csv` (för Excel lägg till --excel),',
    'skriv samma eller olika i kolumnen `decision`, spara som CSV,',
    'och sedan `spar-sync duplicates apply duplicates.csv`. `spar-sync history` visar körningens nummer,',
    'och `spar-sync undo NUMMER` ångrar den.',
  ],
  merge: {
    merged: (value) => `Sammanslagna (${pairs(value)})`,
    wouldMerge: (value) => `Skulle slås ihop (${pairs(value)})`,
    done: (value) => `${pairs(value)} ${value === 1 ? 'sammanslaget' : 'sammanslagna'}`,
    wouldBeDone: (value) => `${pairs(value)} skulle slås ihop`,
    into: (kept, removed) => `${removed} in i ${kept}`,
    links: (moved, removed) =>
      [
        ...(moved > 0
          ? [`${plural(moved, 'koppling flyttad', 'kopplingar flyttade')} till raden som behålls`]
          : []),
        ...(removed > 0
          ? [
              `${plural(removed, 'koppling borttagen', 'kopplingar borttagna')}, eftersom raden som behålls har samma`,
            ]
          : []),
      ].join(', '),
    wouldLink: (moved, removed) =>
      [
        ...(moved > 0
          ? [`${plural(moved, 'koppling', 'kopplingar')} skulle flyttas till raden som behålls`]
          : []),
        ...(removed > 0
          ? [
              `${plural(removed, 'koppling', 'kopplingar')} skulle tas bort, eftersom raden som behålls har samma`,
            ]
          : []),
      ].join(', '),
    wouldBeDifferent: (value) => `${pairs(value)} skulle sparas som olika personer`,
    wouldBeTwoRoles: (value) =>
      `${pairs(value)} skulle sparas som en person i två roller; båda raderna står kvar`,
    different: (value) => `${pairs(value)} ${value === 1 ? 'sparat' : 'sparade'} som olika personer`,
    twoRoles: (value) =>
      `${count(value)} par ${value === 1 ? 'sparat' : 'sparade'} som en person i två roller; båda raderna står kvar`,
    lost: (value) =>
      `Försvann med de borttagna raderna (${count(value)}); skriv in det i raden som behålls om det behövs`,
    lostValue: (removed, column, value) => `${removed}: ${column}: ${value}`,
    leftOut: (value) => `Togs inte över (${count(value)})`,
    leftOutValue: {
      email: (kept, keptValue, removed, leftValue) =>
        `${kept}: e-postadressen ${keptValue} behölls, den på ${removed}, ${leftValue}, togs inte över`,
      phone: (kept, keptValue, removed, leftValue) =>
        `${kept}: telefonnumret ${keptValue} behölls, det på ${removed}, ${leftValue}, togs inte över`,
    },
    emailTaken: (kept, removed, leftValue) =>
      `${kept}: fortfarande utan e-postadress; den på ${removed}, ${leftValue}, finns på en annan rad`,
    forGood:
      'En av dem är skyddad: inget sparas av raden som tas bort, så den kan inte återställas med undo.',
    nothing:
      'Inget att genomföra: inget par i filen har ett nytt beslut. Skriv samma eller olika i kolumnen `decision`.',
  },
};
