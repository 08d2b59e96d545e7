/**
 * A post of the population: what SPAR has about one number, in SPAR's own terms. Text is written as it
 * stands, so that every odd shape can be made. What is left out gets the value that nearly everybody has
 * (`completePost`); `null` leaves out an element that would otherwise get one.
 */
export interface Post {
  readonly IdNummer: string;
  /** `PERSONNUMMER`, or `SAMORDNINGSNUMMER` by the day in the number, when left out. */
  readonly Typ?: string;
  /** `NEJ` when left out. */
  readonly Sekretessmarkering?: Mark | null;
  readonly SekretessDatum?: string;
  /** `NEJ` when left out. */
  readonly SkyddadFolkbokforing?: string | null;
  readonly SkyddadFolkbokforingDatum?: string;
  readonly SenasteAndringSPAR?: string | null;
  readonly Namn?: readonly NameRow[];
  /** One current row by default, none for the protected. */
  readonly Persondetaljer?: readonly DetailsRow[];
  /** Only in 2023.1. */
  readonly Utvandrad?: readonly EmigratedRow[];
  /** One current row by default where there is a Folkbokforingsadress. */
  readonly Folkbokforing?: readonly ResidenceRow[];
  readonly Folkbokforingsadress?: readonly { readonly SvenskAdress: SwedishAddress }[];
  readonly SarskildPostadress?: readonly AddressRow[];
  readonly Utlandsadress?: readonly { readonly InternationellAdress: InternationalAddress }[];
  readonly Kontaktadress?: readonly AddressRow[];
  /** Delivered only to who may have it and asks for it. */
  readonly Relation?: readonly RelationRow[];
}

/** With the attribute where SPAR itself has set the mark. */
type Mark = string | { readonly text: string; readonly sattAvSPAR?: string };

/** Current since 2019-12-02 when left out; `null` for a row without dates. */
interface Dated {
  readonly DatumFrom?: string | null;
  readonly DatumTill?: string | null;
}

interface NameRow extends Dated {
  readonly Aviseringsnamn?: string;
  readonly Fornamn?: string;
  readonly Tilltalsnamn?: string;
  readonly Mellannamn?: string;
  readonly Efternamn?: string;
}

interface DetailsRow extends Dated {
  readonly Sekretessmarkering?: Mark | null;
  readonly SkyddadFolkbokforing?: string | null;
  readonly AvregistreringsorsakKod?: string;
  readonly Avregistreringsdatum?: string;
  readonly Avlidendatum?: string;
  readonly AntraffadDodDatum?: string;
  /** By the number when left out, where the number holds a date. */
  readonly Fodelsedatum?: string | null;
  readonly FodelselanKod?: string;
  readonly Fodelseforsamling?: string;
  /** By the number when left out. */
  readonly Kon?: string | null;
  /** Delivered only with the permission Medborgarskap. */
  readonly SvenskMedborgare?: string;
  readonly Hanvisning?: readonly { readonly IdNummer: string; readonly Typ?: string }[];
  /** Only in 2023.1. */
  readonly SnIdentitetsniva?: string;
  readonly SnIdentitetsnivaDatum?: string;
  readonly SnStatus?: string;
  readonly SnTilldelningsdatum?: string;
  readonly SnPreliminartVilandeforklaringsdatum?: string;
  readonly SnFornyelsedatum?: string;
  readonly SnVilandeorsak?: string;
  readonly SnVilandeforklaringsdatum?: string;
  readonly SnAvlidendatum?: string;
}

interface EmigratedRow extends Dated {
  readonly Aterinlasningsdatum?: string;
  readonly Forlangningsdatum?: string;
}

interface ResidenceRow extends Dated {
  readonly FolkbokfordLanKod?: string;
  readonly FolkbokfordKommunKod?: string;
  readonly Hemvist?: string;
  readonly Folkbokforingsdatum?: string;
  readonly DistriktKod?: string;
}

interface SwedishAddress extends Dated {
  readonly CareOf?: string;
  readonly Utdelningsadress1?: string;
  readonly Utdelningsadress2?: string;
  readonly PostNr?: string;
  readonly Postort?: string;
}

interface InternationalAddress extends Dated {
  readonly Utdelningsadress1?: string;
  readonly Utdelningsadress2?: string;
  readonly Utdelningsadress3?: string;
  readonly Land?: string;
}

interface AddressRow {
  readonly SvenskAdress?: SwedishAddress;
  readonly InternationellAdress?: InternationalAddress;
}

interface RelationRow extends Dated {
  /** `VÅRDNADSHAVARE` when left out. */
  readonly Relationstyp?: string;
  readonly IdNummer?: string;
  readonly Fornamn?: string;
  readonly Mellannamn?: string;
  readonly Efternamn?: string;
  readonly Fodelsetid?: string;
  readonly AvregistreringsorsakKod?: string;
  readonly Avregistreringsdatum?: string;
  readonly Avlidendatum?: string;
}

/** The day on which the customer test environment was loaded, from which most of its rows are current. */
const LOADED = '2019-12-02';
const CURRENT = { DatumFrom: LOADED, DatumTill: '9999-12-31' };

/** The post with what was left out. Somebody protected gets no row by default: the marks are all there is. */
export function completePost(post: Post): Post {
  const isProtected =
    markText(post.Sekretessmarkering) !== 'NEJ' || (post.SkyddadFolkbokforing ?? 'NEJ') !== 'NEJ';
  const details = post.Persondetaljer ?? (isProtected ? [] : [{}]);
  const residences = post.Folkbokforing ?? (post.Folkbokforingsadress ?? []).slice(0, 1).map(() => ({}));
  return {
    Typ: dayOf(post.IdNummer) > 31 ? 'SAMORDNINGSNUMMER' : 'PERSONNUMMER',
    Sekretessmarkering: 'NEJ',
    SkyddadFolkbokforing: 'NEJ',
    SenasteAndringSPAR: isProtected ? null : LOADED,
    ...post,
    Namn: (post.Namn ?? []).map((row) => ({ ...CURRENT, ...row })),
    Persondetaljer: details.map((row) => (isProtected ? row : { ...defaultDetails(post.IdNummer), ...row })),
    Folkbokforing: residences.map((row) => ({ ...defaultResidence, ...row })),
    Folkbokforingsadress: (post.Folkbokforingsadress ?? []).map(completeAddress),
    SarskildPostadress: (post.SarskildPostadress ?? []).map(completeAddress),
    Utlandsadress: (post.Utlandsadress ?? []).map(completeAddress),
    Kontaktadress: (post.Kontaktadress ?? []).map(completeAddress),
    Relation: (post.Relation ?? []).map((row) => ({ ...CURRENT, Relationstyp: 'VÅRDNADSHAVARE', ...row })),
  };
}

const defaultResidence: ResidenceRow = {
  ...CURRENT,
  FolkbokfordLanKod: '03',
  FolkbokfordKommunKod: '81',
  Hemvist: 'Skriven på adressen',
  Folkbokforingsdatum: '2019-08-15',
};

function defaultDetails(id: string): DetailsRow {
  const birthDate = birthDateOf(id);
  return {
    ...CURRENT,
    Sekretessmarkering: 'NEJ',
    SkyddadFolkbokforing: 'NEJ',
    ...(birthDate !== undefined && { Fodelsedatum: birthDate }),
    Kon: Number(id[10]) % 2 === 1 ? 'MAN' : 'KVINNA',
  };
}

/** A samordningsnummer may have month 00 or day 60: then nobody knows the date. */
function birthDateOf(id: string): string | undefined {
  const month = id.slice(4, 6);
  const day = dayOf(id) % 60;
  if (month === '00' || day === 0) return undefined;
  return `${id.slice(0, 4)}-${month}-${String(day).padStart(2, '0')}`;
}

function dayOf(id: string): number {
  return Number(id.slice(6, 8));
}

function markText(mark: Mark | null | undefined): string {
  if (mark === null || mark === undefined) return 'NEJ';
  return typeof mark === 'string' ? mark : mark.text;
}

function completeAddress<Row extends AddressRow>(row: Row): Row {
  return {
    ...row,
    ...(row.SvenskAdress && { SvenskAdress: { ...CURRENT, ...row.SvenskAdress } }),
    ...(row.InternationellAdress && { InternationellAdress: { ...CURRENT, ...row.InternationellAdress } }),
  };
}
