import { type Component, NAMESPACES, type SchemaVersion } from './namespaces.ts';
import { parseXml, type XmlElement, XmlProblem } from './parse-xml.ts';
import { type ExtendedPermission, PERMISSIONS } from './terms.ts';

/** A question about one number, as the schema allows it. */
export interface Question {
  readonly kundNrLeveransMottagare: number;
  readonly kundNrSlutkund: number;
  /** An xs:long: text, for it may exceed what a number holds. */
  readonly uppdragId: string;
  readonly slutAnvandarId: string;
  readonly permissions: readonly ExtendedPermission[];
  readonly id: string;
}

type ReadQuestion =
  | { readonly kind: 'question'; readonly question: Question }
  /** `reason` names elements, never what stands in them. */
  | { readonly kind: 'invalid'; readonly reason: string };

const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/';
const LARGEST_LONG = 2n ** 63n - 1n;

class InvalidQuestion extends Error {}

/**
 * Reads a SOAP envelope and checks its body as the schema of this version does: namespaces, order of
 * elements, facets. Searches by name are valid in the schema and not simulated: they count as invalid here.
 */
export function readRequest(body: string, version: SchemaVersion): ReadQuestion {
  try {
    return { kind: 'question', question: readQuestion(parseXml(body), version) };
  } catch (error) {
    if (error instanceof XmlProblem || error instanceof InvalidQuestion) {
      return { kind: 'invalid', reason: error.message };
    }
    throw error;
  }
}

function readQuestion(envelope: XmlElement, version: SchemaVersion): Question {
  const uri = (component: Component) => NAMESPACES[version].uri.get(component) ?? '';
  const identification = uri('identification');

  requireElement(envelope, SOAP, 'Envelope');
  const parts = envelope.children.filter(({ name }, index) => !(index === 0 && name === 'Header'));
  const [soapBody] = only(parts, 'Envelope', [[SOAP, 'Body']]);
  const [question] = only(soapBody.children, 'Body', [[uri('question'), 'SPARPersonsokningFraga']]);
  const [identity, search] = elementsOf(question, [
    [identification, 'Identifieringsinformation'],
    [uri('parameters'), 'PersonsokningFraga'],
  ]);
  requireNoText(identity);
  const permissionsFrom = identity.children.slice(4);
  const [receiver, customer, assignment, user] = only(identity.children.slice(0, 4), identity.name, [
    [identification, 'KundNrLeveransMottagare'],
    [identification, 'KundNrSlutkund'],
    [identification, 'UppdragId'],
    [identification, 'SlutAnvandarId'],
  ]);
  const [id] = elementsOf(search, [[uri('person'), 'IdNummer']]);
  return {
    kundNrLeveransMottagare: readCustomerNumber(receiver),
    kundNrSlutkund: readCustomerNumber(customer),
    uppdragId: readAssignment(assignment),
    slutAnvandarId: readUser(user),
    permissions: readPermissions(permissionsFrom, identification),
    id: readIdNumber(id),
  };
}

type Names = readonly (readonly [namespace: string, name: string])[];
type Elements<N extends Names> = { readonly [I in keyof N]: XmlElement };

/** Exactly these elements in this order. */
function only<const N extends Names>(children: readonly XmlElement[], inside: string, names: N): Elements<N> {
  names.forEach(([namespace, name], index) => {
    requireElement(children[index], namespace, name);
  });
  if (children.length > names.length) throw new InvalidQuestion(`${inside} holds an element too many`);
  return children as Elements<N>;
}

function elementsOf<const N extends Names>(parent: XmlElement, names: N): Elements<N> {
  requireNoText(parent);
  return only(parent.children, parent.name, names);
}

function requireElement(element: XmlElement | undefined, namespace: string, name: string): void {
  if (element === undefined || element.name !== name) throw new InvalidQuestion(`${name} is expected`);
  if (element.namespace !== namespace) throw new InvalidQuestion(`${name} is in the wrong namespace`);
  if (element.attributes.length > 0 && namespace !== SOAP)
    throw new InvalidQuestion(`${name} has an attribute`);
}

function requireNoText(element: XmlElement): void {
  if (element.text.trim() !== '') throw new InvalidQuestion(`${element.name} holds text`);
}

function textOf(element: XmlElement): string {
  if (element.children.length > 0) throw new InvalidQuestion(`${element.name} holds an element`);
  return element.text;
}

function readCustomerNumber(element: XmlElement): number {
  const text = textOf(element).trim();
  const value = /^\+?[0-9]{1,10}$/.test(text) ? Number(text) : 0;
  if (value < 500_001 || value > 599_999) {
    throw new InvalidQuestion(`${element.name} is not between 500001 and 599999`);
  }
  return value;
}

function readAssignment(element: XmlElement): string {
  const text = textOf(element).trim();
  const value = /^\+?[0-9]{1,30}$/.test(text) ? BigInt(text.replace('+', '')) : 0n;
  if (value < 1n || value > LARGEST_LONG)
    throw new InvalidQuestion(`${element.name} is not a positive number`);
  return String(value);
}

function readUser(element: XmlElement): string {
  const text = textOf(element);
  const { length } = [...text];
  if (length < 1 || length > 256) throw new InvalidQuestion(`${element.name} is not 1 to 256 characters`);
  return text;
}

function readIdNumber(element: XmlElement): string {
  const text = textOf(element);
  if (!/^[1-9][0-9]{11}$/.test(text)) throw new InvalidQuestion(`${element.name} is not twelve digits`);
  return text;
}

function readPermissions(elements: readonly XmlElement[], namespace: string): readonly ExtendedPermission[] {
  if (elements.length > 4) throw new InvalidQuestion('SlutAnvandarUtokadBehorighet occurs more than 4 times');
  return elements.map((element) => {
    requireElement(element, namespace, 'SlutAnvandarUtokadBehorighet');
    const text = textOf(element);
    const permission = PERMISSIONS.find((known) => known === text);
    if (permission === undefined)
      throw new InvalidQuestion('SlutAnvandarUtokadBehorighet is none of the four');
    return permission;
  });
}
