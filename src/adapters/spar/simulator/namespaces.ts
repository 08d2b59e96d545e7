/** The two versions of the interface that the simulator speaks; each has a path of its own. */
export type SchemaVersion = '2021.1' | '2023.1';

/** A component schema that answers or questions take their elements from. */
export type Component =
  | 'identification'
  | 'dates'
  | 'address'
  | 'person'
  | 'protection'
  | 'income'
  | 'nameParts'
  | 'name'
  | 'deregistration'
  | 'details'
  | 'reference'
  | 'coordination'
  | 'residence'
  | 'residenceAddress'
  | 'postalAddress'
  | 'foreignAddress'
  | 'contactAddress'
  | 'relation'
  | 'property'
  | 'post'
  | 'argument'
  | 'exception'
  | 'parameters'
  | 'question'
  | 'emigrated'
  | 'answer';

const ROOT = 'http://statenspersonadressregister.se/schema/';

/**
 * The order is that of SPAR's own root element in 2021.1: the first is the default namespace, the others are
 * `ns2`, `ns3`, … Nobody may rely on these prefixes, which is why they are as meaningless here as there.
 */
const PATHS_2021: readonly (readonly [Component, string])[] = [
  ['identification', 'komponent/metadata/identifieringsinformationWs-1.1'],
  ['dates', 'komponent/generellt/datumtid-1.1'],
  ['address', 'komponent/person/adress/deladeadresselement-1.1'],
  ['person', 'komponent/person/person-1.2'],
  ['protection', 'komponent/person/skyddadepersonuppgifter-1.1'],
  ['income', 'komponent/person/inkomsttaxering-1.2'],
  ['nameParts', 'komponent/person/namn/deladenamnelement-1.0'],
  ['name', 'komponent/person/namn/namn-1.0'],
  ['deregistration', 'komponent/person/avregistrering-1.0'],
  ['details', 'komponent/person/persondetaljer-1.2'],
  ['reference', 'komponent/person/hanvisning-1.0'],
  ['coordination', 'komponent/person/samordningsnummer-1.0'],
  ['residence', 'komponent/person/folkbokforing-1.0'],
  ['residenceAddress', 'komponent/person/adress/folkbokforingsadress-1.1'],
  ['postalAddress', 'komponent/person/adress/sarskildpostadress-1.1'],
  ['foreignAddress', 'komponent/person/adress/utlandsadress-1.1'],
  ['contactAddress', 'komponent/person/adress/kontaktadress-1.0'],
  ['relation', 'komponent/person/relation-1.2'],
  ['property', 'komponent/person/fastighetstaxering-1.2'],
  ['post', 'komponent/person/aviseringpost-1.2'],
  ['argument', 'komponent/sok/sokargument-1.2'],
  ['exception', 'komponent/sok/undantag-1.0'],
  ['parameters', 'komponent/sok/personsokningsokparametrar-1.1'],
  ['question', 'personsok/2021.1/personsokningfraga'],
  ['answer', 'personsok/2021.1/personsokningsvar'],
];

/**
 * What differs in 2023.1. `person`, `parameters` and `question` are known from several independent clients;
 * the others follow the pattern, for no stored copy of that schema was found. Clients read local names only.
 */
const PATHS_2023: Partial<Record<Component, string>> = {
  person: 'komponent/person/person-1.3',
  details: 'komponent/person/persondetaljer-1.3',
  reference: 'komponent/person/hanvisning-1.1',
  coordination: 'komponent/person/samordningsnummer-1.1',
  relation: 'komponent/person/relation-1.3',
  post: 'komponent/person/aviseringpost-1.3',
  argument: 'komponent/sok/sokargument-1.3',
  parameters: 'komponent/sok/personsokningsokparametrar-1.2',
  question: 'personsok/2023.1/personsokningfraga',
  emigrated: 'komponent/person/utvandrad-1.0',
  answer: 'personsok/2023.1/personsokningsvar',
};

/** The namespaces of one version. */
interface Namespaces {
  readonly uri: ReadonlyMap<Component, string>;
  /** With its colon; empty for the default namespace. */
  readonly prefix: ReadonlyMap<Component, string>;
  /** Every declaration, as SPAR's root element carries them. */
  readonly declarations: string;
}

function number(paths: readonly (readonly [Component, string])[]): Namespaces {
  const uri = new Map(paths.map(([component, path]) => [component, ROOT + path]));
  const prefix = new Map(
    paths.map(([component], index) => [component, index === 0 ? '' : `ns${index + 1}:`]),
  );
  const declarations = paths
    .map(([, path], index) => ` xmlns${index === 0 ? '' : `:ns${index + 1}`}="${ROOT}${path}"`)
    .join('');
  return { uri, prefix, declarations };
}

function paths2023(): readonly (readonly [Component, string])[] {
  const components = PATHS_2021.map(([component]) => component);
  components.splice(components.indexOf('answer'), 0, 'emigrated');
  const before = new Map(PATHS_2021);
  return components.map(
    (component) => [component, PATHS_2023[component] ?? before.get(component) ?? ''] as const,
  );
}

export const NAMESPACES: Record<SchemaVersion, Namespaces> = {
  '2021.1': number(PATHS_2021),
  '2023.1': number(paths2023()),
};
