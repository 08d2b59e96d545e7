/** An element of a question, with its namespace. Attributes are gone once their namespaces are read. */
export interface XmlElement {
  readonly namespace: string;
  readonly name: string;
  /** Names of attributes that are neither namespace declarations nor xsi:…. */
  readonly attributes: readonly string[];
  readonly children: readonly XmlElement[];
  /** The text directly inside, entities resolved. */
  readonly text: string;
}

/** The document is not one that a strict reader takes. `message` holds none of its text. */
export class XmlProblem extends Error {}

const XSI = 'http://www.w3.org/2001/XMLSchema-instance';
const NAME = /^[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?$/;
/** In this order: comment, CDATA, end tag, start tag, anything else between brackets. */
const TOKEN =
  /<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<\/([^<>\s]+)\s*>|<([^<>\s/!?]+)((?:\s+[^<>\s=]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|</g;
const ATTRIBUTE = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

interface OpenElement {
  readonly tag: string;
  readonly element: {
    namespace: string;
    name: string;
    attributes: string[];
    children: XmlElement[];
    text: string;
  };
  readonly scope: ReadonlyMap<string, string>;
}

/**
 * Reads a small XML document, strictly and with namespaces. It shares no code with the client's reader, so
 * that the two cannot agree on the same mistake. No DOCTYPE, no processing instructions, no entities but
 * the five predefined and character references.
 */
export function parseXml(document: string): XmlElement {
  const text = document.replace(/^\uFEFF?(?:<\?xml\s[^>]*\?>)?/, '');
  const open: OpenElement[] = [];
  let root: XmlElement | undefined;
  let position = 0;

  function addText(raw: string, resolve: boolean): void {
    const top = open.at(-1);
    if (top !== undefined) top.element.text += resolve ? resolveEntities(raw) : raw;
    else if (raw.trim() !== '') throw new XmlProblem('text outside the root element');
  }

  for (const match of text.matchAll(TOKEN)) {
    const [token, cdata, endTag, startTag, attributes, selfClosing] = match;
    addText(text.slice(position, match.index), true);
    position = match.index + token.length;
    if (cdata !== undefined) {
      addText(cdata, false);
    } else if (endTag !== undefined) {
      const closed = open.pop();
      if (closed?.tag !== endTag) throw new XmlProblem('an end tag without its start tag');
      if (open.length === 0) root = closed.element;
    } else if (startTag !== undefined) {
      if (root !== undefined) throw new XmlProblem('more than one root element');
      const parent = open.at(-1);
      const opened = openElement(startTag, attributes ?? '', parent?.scope ?? new Map([['xml', 'xml']]));
      parent?.element.children.push(opened.element);
      if (selfClosing !== '/') open.push(opened);
      else if (parent === undefined) root = opened.element;
    } else if (token === '<') {
      throw new XmlProblem('a DOCTYPE, a processing instruction or a malformed tag');
    }
  }
  addText(text.slice(position), true);
  if (root === undefined || open.length > 0) throw new XmlProblem('an element that does not end');
  return root;
}

function openElement(tag: string, attributeText: string, outer: ReadonlyMap<string, string>): OpenElement {
  const scope = new Map(outer);
  const seen: string[] = [];
  for (const [, name = '', double, single] of attributeText.matchAll(ATTRIBUTE)) {
    if (!NAME.test(name) || seen.includes(name)) throw new XmlProblem('a malformed or repeated attribute');
    seen.push(name);
    const value = resolveEntities(double ?? single ?? '');
    if (name === 'xmlns') scope.set('', value);
    else if (name.startsWith('xmlns:')) scope.set(name.slice(6), value);
  }
  if (!NAME.test(tag)) throw new XmlProblem('a malformed tag');
  const attributes = seen.filter((name) => {
    if (name === 'xmlns' || name.startsWith('xmlns:')) return false;
    return !name.includes(':') || namespaceOf(name, scope) !== XSI;
  });
  const name = tag.slice(tag.indexOf(':') + 1);
  const element = { namespace: namespaceOf(tag, scope), name, attributes, children: [], text: '' };
  return { tag, element, scope };
}

function namespaceOf(qualifiedName: string, scope: ReadonlyMap<string, string>): string {
  const colon = qualifiedName.indexOf(':');
  const prefix = colon < 0 ? '' : qualifiedName.slice(0, colon);
  const namespace = scope.get(prefix);
  if (namespace === undefined && prefix !== '') throw new XmlProblem('a prefix that is not declared');
  return namespace ?? '';
}

const PREDEFINED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function resolveEntities(raw: string): string {
  if (!raw.includes('&')) return raw.replaceAll('\r\n', '\n');
  return raw.replaceAll('\r\n', '\n').replace(/&([^;&\s]{1,10});|&/g, (_, name: string | undefined) => {
    const known = PREDEFINED[name ?? ''];
    if (known !== undefined) return known;
    const code = /^#(?:x([0-9a-fA-F]+)|([0-9]+))$/.exec(name ?? '');
    const point = code?.[1] !== undefined ? Number.parseInt(code[1], 16) : Number(code?.[2] ?? Number.NaN);
    if (!(point >= 9 && point <= 0x10ffff)) throw new XmlProblem('an entity that is not predefined');
    return String.fromCodePoint(point);
  });
}
