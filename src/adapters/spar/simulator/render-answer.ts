import { randomUUID } from 'node:crypto';
import { type Component, NAMESPACES, type SchemaVersion } from './namespaces.ts';
import { completePost, type Post } from './post.ts';
import { type ExtendedPermission, PERSON_ID, POST, type Term } from './terms.ts';

/** Text as element content or as the value of an attribute. A bare CR would be read as a newline. */
function escapeXml(text: string): string {
  return /[&<>"\r]/.test(text)
    ? text.replace(/[&<>"\r]/g, (character) => ENTITIES[character] ?? character)
    : text;
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
};

/** Renders the body of SPAR's answers in one version of the interface. */
export interface AnswerRenderer {
  /** The answer to a question about one number; no post when nobody has it. */
  answer(id: string, posts: readonly string[]): string;
  /** One post, with what the permissions allow. */
  post(post: Post, permissions: readonly ExtendedPermission[]): string;
  /** The answer that is an exception. */
  exception(id: string, code: string, description: string): string;
}

/** Everything that does not depend on the person is worked out here, once. */
export function createRenderer(version: SchemaVersion): AnswerRenderer {
  const { prefix, declarations } = NAMESPACES[version];
  const tag = (component: Component, name: string) => `${prefix.get(component) ?? ''}${name}`;
  const root = tag('answer', 'SPARPersonsokningSvar');
  const question = tag('parameters', 'PersonsokningFraga');
  const idNumber = tag('person', 'IdNummer');
  const personId = tag('person', 'PersonId');
  const postTag = tag('answer', 'PersonsokningSvarspost');
  const uuid = tag('answer', 'UUID');
  const head =
    `<?xml version='1.0' encoding='UTF-8'?><S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/">` +
    `<S:Body><${root}${declarations}>`;
  const idTerms = compile(PERSON_ID, version);
  const postTerms = compile(POST, version);

  function envelope(id: string, content: string): string {
    return (
      `${head}<${question}><${idNumber}>${escapeXml(id)}</${idNumber}></${question}>${content}` +
      `<${uuid}>${randomUUID()}</${uuid}></${root}></S:Body></S:Envelope>`
    );
  }

  return {
    answer: (id, posts) => envelope(id, posts.join('')),
    post(post, permissions) {
      const complete = completePost(post);
      return (
        `<${postTag}><${personId}>${renderTerms(idTerms, complete, permissions)}</${personId}>` +
        `${renderTerms(postTerms, complete, permissions)}</${postTag}>`
      );
    },
    exception(id, code, description) {
      const [name, kod, text] = ['Undantag', 'Kod', 'Beskrivning'].map((part) => tag('exception', part));
      return envelope(
        id,
        `<${name}><${kod}>${escapeXml(code)}</${kod}><${text}>${escapeXml(description)}</${text}></${name}>`,
      );
    },
  };
}

/** A term with its tags written out. */
interface CompiledTerm {
  readonly term: Term;
  readonly start: string;
  readonly end: string;
  readonly children: readonly CompiledTerm[] | undefined;
}

function compile(terms: readonly Term[], version: SchemaVersion): readonly CompiledTerm[] {
  const { prefix } = NAMESPACES[version];
  return terms
    .filter(({ since }) => since === undefined || since <= version)
    .map((term) => {
      const tag = `${prefix.get(term.component) ?? ''}${term.name}`;
      const children = term.children && compile(term.children, version);
      return { term, start: `<${tag}`, end: `</${tag}>`, children };
    });
}

function renderTerms(
  terms: readonly CompiledTerm[],
  row: object,
  permissions: readonly ExtendedPermission[],
): string {
  let out = '';
  for (const compiled of terms) {
    const { permission, name, repeats } = compiled.term;
    if (permission !== undefined && !permissions.includes(permission)) continue;
    const value: unknown = Reflect.get(row, name);
    if (value === undefined || value === null) continue;
    if (repeats && Array.isArray(value)) {
      for (const item of value) out += renderElement(compiled, item, permissions);
    } else {
      out += renderElement(compiled, value, permissions);
    }
  }
  return out;
}

function renderElement(
  compiled: CompiledTerm,
  value: unknown,
  permissions: readonly ExtendedPermission[],
): string {
  const { start, end, children, term } = compiled;
  if (typeof value !== 'object' || value === null) return `${start}>${escapeXml(String(value))}${end}`;
  if (children !== undefined) return `${start}>${renderTerms(children, value, permissions)}${end}`;
  const attribute: unknown = term.attribute === undefined ? undefined : Reflect.get(value, term.attribute);
  const attributeText = attribute === undefined ? '' : ` ${term.attribute}="${escapeXml(String(attribute))}"`;
  return `${start}${attributeText}>${escapeXml(String(Reflect.get(value, 'text')))}${end}`;
}

/** A SOAP 1.1 fault. SPAR's own texts are not known. */
export function renderFault(code: 'Client' | 'Server', reason: string): string {
  return (
    `<?xml version='1.0' encoding='UTF-8'?><S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body>` +
    `<S:Fault><faultcode>S:${code}</faultcode><faultstring>${escapeXml(reason)}</faultstring></S:Fault>` +
    `</S:Body></S:Envelope>`
  );
}
