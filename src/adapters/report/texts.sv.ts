import type { Texts } from './texts.ts';

export function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, '\u00A0');
}

export function plural(value: number, one: string, many: string): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

const people = (value: number): string => plural(value, 'person', 'personer');
const changes = (value: number): string => plural(value, 'ändring', 'ändringar');

export const TEXTS_SV = {
  decimalSign: ',',
  thousandsSign: '\u00A0',
  currencies: { SEK: 'kr' },
  types: { student: 'elev', staff: 'personal', guardian: 'vårdnadshavare' },
  fields: {
    personnummer: 'personnummer',
    first_name: 'förnamn',
    last_name: 'efternamn',
    care_of: 'c/o',
    street: 'gatuadress',
    postal_code: 'postnummer',
    city: 'ort',
    country: 'land',
    email: 'e-post',
    phone: 'telefon',
    birth_date: 'födelsedatum',
    active: 'aktiv',
    protected: 'skyddsmarkering',
    status: 'status',
    spar_checked: 'kontrollerad mot SPAR',
  },
  reviewReasons: {
    protected: {
      title: 'Skyddade personuppgifter',
      sentence:
        'Bara markeringen skrivs in och det som står i registret får stå kvar; se till att adressen där inte visas för någon obehörig.',
    },
    'no-longer-protected': {
      title: 'Inte längre skyddade personuppgifter',
      sentence:
        'Registret har en skyddsmarkering men inte SPAR; fråga personen eller Skatteverket först och töm markeringen själv om det stämmer; till dess skrivs inget annat in.',
    },
    deceased: {
      title: 'Avlidna',
      sentence:
        'Personen är avliden enligt SPAR; bara status skrivs in; avsluta placeringen och stoppa utskick.',
    },
    emigrated: {
      title: 'Utvandrade',
      sentence: 'Personen är utvandrad enligt SPAR; ta reda på om personen fortfarande hör till skolan.',
    },
    renumbered: {
      title: 'Nytt personnummer',
      sentence:
        'Personen har fått ett annat nummer; ta reda på det nya och skriv in det, så används det vid nästa körning.',
    },
    deregistered: {
      title: 'Avregistrerade',
      sentence:
        'Personen är avregistrerad från folkbokföringen av annat skäl än dödsfall eller nytt nummer; ta reda på vad som gäller.',
    },
    'not-found': {
      title: 'Finns inte i SPAR',
      sentence: 'Ingen i SPAR har det numret; jämför med inskrivningshandlingarna.',
    },
    'no-address': {
      title: 'Ingen adress i SPAR',
      sentence:
        'SPAR har varken folkbokföringsadress eller annan adress att skriva in, så registrets står kvar; fråga personen.',
    },
    'name-differs': {
      title: 'Namnet skiljer sig',
      sentence: 'Registret har ett annat namn än SPAR och det får stå kvar; rätta själv om det är fel.',
    },
    'address-differs': {
      title: 'Adressen skiljer sig',
      sentence: 'Registret har en annan adress än SPAR och den får stå kvar; rätta själv om den är fel.',
    },
    'edited-since': {
      title: 'Får stå som skolan har det',
      sentence:
        'Någon har skrivit något annat efter SPAR:s svar, eller så har undo återställt det; det får stå tills vidare, och --force med --id skriver in det som SPAR säger.',
    },
    'not-encodable': {
      title: 'Bokstäver som filen inte klarar',
      sentence:
        'Namnet eller adressen har bokstäver som registerfilens teckenkodning saknar och lämnades som det var; spara registret som UTF-8 eller skriv in det för hand.',
    },
    'roster-changed': {
      title: 'Ändrat under körningen',
      sentence: 'Någon ändrade raden medan körningen pågick, så den lämnades som den var; kör igen.',
    },
    'row-refused': {
      title: 'Databasen sa nej',
      sentence:
        'Registrets databas tog inte emot ändringen av raden, eller en ny vårdnadshavare eller koppling till den; se vilka regler den har.',
    },
    'answer-not-understood': {
      title: 'Svaret gick inte att tolka',
      sentence: 'SPAR:s svar om personen gick inte att tolka, så inget ändrades; slå upp personen för hand.',
    },
    'turned-18': {
      title: 'Fyllt 18 år',
      sentence:
        'Eleven är myndig, så vårdnadshavarna hålls inte längre aktuella; kopplingarna står kvar tills någon på skolan tar bort dem.',
    },
    'guardian-without-id': {
      title: 'Vårdnadshavare utan personnummer',
      sentence:
        'SPAR anger bara vårdnadshavarens namn och födelsedatum; titta på raderna som nämns här och lägg annars till och koppla personen för hand.',
    },
    'guardian-deceased': {
      title: 'Avlidna vårdnadshavare',
      sentence:
        'Vårdnadshavaren är avliden enligt SPAR; raden och dess kopplingar står kvar, så stoppa utskick och ta bort kopplingarna själv.',
    },
    'guardian-protected': {
      title: 'Vårdnadshavare med skyddade personuppgifter',
      sentence:
        'Barnet har en vårdnadshavare med skyddade personuppgifter som inte finns med nummer i registret, så ingen har lagts till; ta reda på med familjen om det är någon av raderna som nämns här.',
    },
    'guardian-inactive': {
      title: 'Vårdnadshavare som inte är aktiv',
      sentence:
        'SPAR anger vårdnadshavaren men raden i registret är inte aktiv, så den har inte kopplats; gör raden aktiv om personen ska ha kontakt med skolan.',
    },
    'guardian-not-found': {
      title: 'Vårdnadshavare som inte finns i SPAR',
      sentence:
        'SPAR anger vårdnadshavaren men har ingen med det numret, så ingen har lagts till; fråga familjen vem som är vårdnadshavare.',
    },
    'no-longer-guardian': {
      title: 'Inte längre vårdnadshavare',
      sentence:
        'Personen är inte längre vårdnadshavare för barnet enligt SPAR; kopplingen står kvar, så fråga familjen och ta bort den själv om det stämmer.',
    },
    'email-taken': {
      title: 'E-postadressen finns på en annan rad',
      sentence:
        'E-postadressen står även på en annan rad och två rader får inte ha samma, så den flyttades inte; ta reda på vems den är och skriv in den för hand.',
    },
  },
  notAskedReasons: {
    'id-missing': {
      title: 'Personnummer saknas',
      sentence: 'Raden har inget nummer att fråga om; fyll i det.',
    },
    'id-invalid': {
      title: 'Ogiltigt personnummer',
      sentence:
        'Numret är felskrivet eller stämmer inte med födelsedatumet; jämför med inskrivningshandlingarna.',
    },
    'temporary-id': {
      title: 'Tillfälligt nummer',
      sentence: 'Ett tillfälligt nummer finns inte i SPAR; byt ut det när personen har fått ett riktigt.',
    },
    inactive: { title: 'Inte aktiv', sentence: 'Raden säger att personen har slutat; inget att göra.' },
    offline: {
      title: 'Inget aktuellt svar sparat',
      sentence: 'Körningen gjordes utan att fråga SPAR; kör igen utan --offline.',
    },
    budget: {
      title: 'Budgeten är slut',
      sentence:
        'Gränserna i inställningarna tillåter inga fler uppslag just nu; nästa körning, eller nästa månad, tar resten, eller så höjer du dem.',
    },
    failed: {
      title: 'Inget användbart svar',
      sentence: 'SPAR gav inget användbart svar om personen; nästa körning frågar igen.',
    },
    'no-active-student': {
      title: 'Ingen aktiv elev under 18 år',
      sentence: 'Vårdnadshavaren har inget sådant barn på skolan nu; inget att göra.',
    },
  },
  problemReasons: {
    'duplicate-id': {
      title: 'Samma id står på flera rader',
      sentence: 'Rader av samma typ delar id; ge varje person ett eget.',
    },
    'id-empty': {
      title: 'Raden saknar id',
      sentence: 'Utan id går raden inte att skilja från andra; ge den ett.',
    },
    'unknown-type': {
      title: 'Okänd typ av person',
      sentence: 'Skriv elev, personal eller vårdnadshavare i kolumnen för typ.',
    },
    'ragged-row': {
      title: 'Raden har för många eller för få kolumner',
      sentence: 'Ofta ett skiljetecken inne i ett värde utan citattecken; rätta raden.',
    },
    'link-to-nobody': {
      title: 'Kopplingen leder till någon som inte finns i registret',
      sentence: 'Rätta id eller ta bort kopplingen.',
    },
    'link-incomplete': {
      title: 'Kopplingen saknar elev eller vårdnadshavare',
      sentence: 'Fyll i båda id eller ta bort kopplingen.',
    },
    'not-text': {
      title: 'Ett värde går inte att läsa som text',
      sentence: 'Databasen har något annat än text på raden; rätta värdet.',
    },
  },
  headings: {
    changes: (value, who) => `Ändringar (${changes(value)} för ${people(who)})`,
    newChanges: (value, who) => `Ändrat (${changes(value)} för ${people(who)})`,
    review: (value) => `För någon att titta på (${count(value)})`,
    newReview: (value) => `Nytt för någon att titta på (${count(value)})`,
    notAsked: (value) => `Utan svar från SPAR (${count(value)})`,
    problems: (value) => `Rader som inte kunde tas med (${count(value)}); de är orörda`,
    summary: 'Sammanfattning',
  },
  empty: '(tomt)',
  hidden: '(visas inte: skyddade personuppgifter)',
  line: (file, line) => `${file}, rad ${line}`,
  since: (date) => `sedan ${date}`,
  morePeople: (value) => `… och ${people(value)} till`,
  moreRows: (value) => `… och ${count(value)} till`,
  allElsewhere: '--json eller --report visar alla',
  allInJson: '--json visar alla',
  dryRun: 'Provkörning: inget har skrivits i registret.',
  nothingToChange: 'Inget att ändra.',
  summary: {
    people: (total, selected) =>
      `${plural(total, 'rad', 'rader')} i registret, ${count(selected)} gicks igenom`,
    changed: (value) => `${people(value)} ändrades`,
    wouldChange: (value) => `${people(value)} skulle ändras`,
    asked: (lookups, notFound, cost) =>
      `${count(lookups)} uppslag ${lookups === 1 ? 'köpt' : 'köpta'} för ${cost}${notFound > 0 ? `, varav ${count(notFound)} utan träff` : ''}`,
    askedNobody: 'Inget köptes från SPAR',
    reused: (value) => `${plural(value, 'sparat svar', 'sparade svar')} användes utan kostnad`,
    failed: (value) => `${people(value)} utan användbart svar från SPAR`,
  },
  nextRun: {
    buys: (lookups, cost) => `Nästa körning skulle köpa ${count(lookups)} uppslag för ${cost}.`,
    buysNothing: 'Nästa körning skulle inte köpa något.',
    deferred: (value) => `${people(value)} får vänta: gränserna i inställningarna räcker inte längre.`,
    guardiansBuy: (lookups, cost) =>
      `\`guardians\` efter den skulle köpa ${count(lookups)} uppslag för ${cost}.`,
    guardiansBuyNothing: '`guardians` efter den skulle inte köpa något.',
    guardiansOpen: (value) =>
      `Inte medräknat: vårdnadshavare som är nya i registret, till ${plural(value, 'elev', 'elever')} som först måste frågas om.`,
    guardiansUnknown: (value) =>
      `Vad \`guardians\` efter den skulle köpa visar sig när ${plural(value, 'elev', 'elever')} har frågats om: deras vårdnadshavare kan vara nya i registret.`,
    wouldBuy: (lookups, cost) => `Utan --offline skulle ${count(lookups)} uppslag köpas för ${cost}`,
    wouldBuyNothing: 'Utan --offline skulle inte heller något köpas',
  },
  progress: {
    reading: 'Läser registret',
    asking: (total) => `Frågar SPAR om ${people(total)}`,
    asked: (done, total) => `${count(done)} av ${count(total)}`,
    askedAll: (done) => `Frågor om ${people(done)} ställda`,
    failed: (value) => `${count(value)} utan användbart svar`,
    perSecond: (rate) => `${rate}/s`,
    left: (time) => `${time} kvar`,
    waiting: (time) => `SPAR svarar inte; nytt försök om ${time}`,
    writing: 'Skriver i registret',
    settled: {
      applied: (run) => `Körning ${run} hade avbrutits; allt den planerade står i registret.`,
      'not-applied': (run) => `Körning ${run} hade avbrutits innan den skrev något i registret.`,
      partly: (run) => `Körning ${run} hade avbrutits; en del av det den planerade står i registret.`,
    },
    remark: (text) => `Obs: ${text}`,
  },
  consent: {
    question: (lookups, cost) =>
      `Körningen skulle köpa ${count(lookups)} uppslag från SPAR för ${cost}. Fortsätta?`,
    choices: '[j/N]',
    yes: ['j', 'ja'],
  },
  explanationColumn: 'förklaring',
  reportWritten: (folder) => `Hela rapporten finns i ${folder}`,
} as const satisfies Texts;
