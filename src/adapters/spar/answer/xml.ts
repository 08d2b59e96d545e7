import { Parser } from 'xml2js';

/** One XML element. Prefixes and namespaces are gone: SPAR's are generated and move with each version. */
export interface Element {
  /** Local name. */
  readonly name: string;
  /** By local name; namespace declarations are left out. */
  readonly attributes: ReadonlyMap<string, string>;
  /** In document order among children of one name. */
  readonly children: readonly Element[];
  /** Character data directly inside, exactly as written; empty where there are only blanks beside children. */
  readonly text: string;
}

/** Why a text is no XML that we read. No part of the text is in it. */
export type XmlFault = 'empty' | 'not-utf-8' | 'doctype' | 'malformed' | 'too-deep' | 'forbidden-character';

export type XmlReading =
  | { readonly kind: 'element'; readonly root: Element }
  | { readonly kind: 'refused'; readonly why: XmlFault };

/** SPAR's answers are seven deep. */
const DEEPEST = 32;

// Keys that no XML name can begin with: an element called `constructor`, `__proto__` or `_` is an element.
const ATTRIBUTES = '@';
const TEXT = '#';
const TAG = '<';

const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map();
const NO_CHILDREN: readonly Element[] = [];

/**
 * More than half of an answer is namespace declarations, which nobody here reads; without them it parses in
 * half the time. Only what stands directly behind a tag's name is taken, so that no value is touched.
 */
const DECLARATIONS = /(<[\w.:-]+)(?:\s+xmlns(?::[\w.-]+)?\s*=\s*(?:"[^"<&]*"|'[^'<&]*'))+(?=[\s/>])/g;
const FOREIGN_ENCODING = /^\s*<\?xml[^>]*\sencoding\s*=\s*["'](?!utf-?8["']|us-ascii["'])/i;
/** sax loses an attribute of this name without a word, and on a mark of protection an attribute counts. */
const LOST_ATTRIBUTE = /\s__proto__\s*=/;
/** What XML 1.0 forbids. sax refuses references to such characters, and lets the characters through. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/u;

class Refusal extends Error {
  readonly why: XmlFault;
  constructor(why: XmlFault) {
    super(why);
    this.why = why;
  }
}

/**
 * Reads one XML document, in UTF-8. Total: anything that is not one whole document, that has a DOCTYPE (and
 * so could have entities of its own) or is nested deeper than any answer, is refused.
 */
export function readXml(raw: string | Uint8Array): XmlReading {
  try {
    return { kind: 'element', root: parse(typeof raw === 'string' ? raw : decode(raw)) };
  } catch (error) {
    return { kind: 'refused', why: error instanceof Refusal ? error.why : 'malformed' };
  }
}

/** Children of this local name, in order. */
export function childrenNamed(element: Element, name: string): readonly Element[] {
  return element.children.filter((child) => child.name === name);
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Refusal('not-utf-8');
  }
}

function parse(text: string): Element {
  if (text.trim() === '') throw new Refusal('empty');
  if (FOREIGN_ENCODING.test(text)) throw new Refusal('not-utf-8');
  if (/<!doctype|<!entity/i.test(text)) throw new Refusal('doctype');
  if (LOST_ATTRIBUTE.test(text)) throw new Refusal('malformed');

  const roots: unknown[] = [];
  // A parser each: a shared one hands the answer about one person to the call about another.
  const parser = new Parser({
    attrkey: ATTRIBUTES,
    charkey: TEXT,
    explicitArray: true,
    tagNameProcessors: [(name: string) => TAG + localName(name)],
  });
  parser.on('end', (root: unknown) => roots.push(root));
  // Thrown here it ends the parsing. Left to go on, sax takes quadratic time over tags that do not match.
  parser.on('error', () => {
    throw new Refusal('malformed');
  });
  const lean = text.replace(DECLARATIONS, '$1');
  if (FORBIDDEN.test(lean)) throw new Refusal('forbidden-character');
  parser.parseString(lean);

  const [root] = roots;
  if (roots.length !== 1 || !isNode(root)) throw new Refusal('malformed');
  const [entry] = Object.entries(root);
  if (entry === undefined) throw new Refusal('malformed');
  return toElement(entry[0].slice(TAG.length), entry[1], 1);
}

function toElement(name: string, value: unknown, depth: number): Element {
  if (depth > DEEPEST) throw new Refusal('too-deep');
  if (typeof value === 'string') {
    return { name, attributes: NO_ATTRIBUTES, children: NO_CHILDREN, text: value };
  }
  if (!isNode(value)) throw new Refusal('malformed');
  let attributes = NO_ATTRIBUTES;
  let text = '';
  const children: Element[] = [];
  for (const [key, held] of Object.entries(value)) {
    if (key.startsWith(TAG)) {
      if (!Array.isArray(held)) throw new Refusal('malformed');
      for (const child of held) children.push(toElement(key.slice(TAG.length), child, depth + 1));
    } else if (key === TEXT && typeof held === 'string') {
      text = held;
    } else if (key === ATTRIBUTES && isNode(held)) {
      attributes = toAttributes(held);
    }
  }
  return { name, attributes, children, text };
}

function toAttributes(held: object): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  for (const [name, value] of Object.entries(held)) {
    if (name === 'xmlns' || name.startsWith('xmlns:')) continue;
    attributes.set(localName(name), typeof value === 'string' ? value : '');
  }
  return attributes;
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function isNode(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
