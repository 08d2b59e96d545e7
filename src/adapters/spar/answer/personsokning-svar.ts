import type { LookupOutcome } from '../../../app/ports.ts';
import type { Permission } from '../../../domain/person.ts';
import type { PersonId } from '../../../domain/person-id.ts';
import type { Text } from '../../../domain/text.ts';
import { SparSyncError } from '../../../errors.ts';
import { readPost } from './avisering-post.ts';
import { childrenNamed, type Element, readXml, type XmlFault } from './xml.ts';

const GARBLED: Readonly<Record<XmlFault | 'wrong-root', Text>> = {
  empty: { en: 'the answer is empty', sv: 'svaret är tomt' },
  'not-utf-8': { en: 'the answer is not in UTF-8', sv: 'svaret är inte i UTF-8' },
  doctype: {
    en: 'the answer is no SPAR answer (it has a DOCTYPE)',
    sv: 'svaret är inget SPAR-svar (det har en DOCTYPE)',
  },
  malformed: { en: 'the answer is not whole XML', sv: 'svaret är inte hel XML' },
  'too-deep': {
    en: 'the answer is no SPAR answer (nested too deep)',
    sv: 'svaret är inget SPAR-svar (för många nivåer)',
  },
  'forbidden-character': {
    en: 'the answer holds characters that XML does not allow',
    sv: 'svaret har tecken som inte är tillåtna i XML',
  },
  'wrong-root': { en: 'the answer is XML, but no SPAR answer', sv: 'svaret är XML men inget SPAR-svar' },
};

/**
 * Reads the body of an answer with status 200 to a question about one number. Elements are known by their
 * local names only.
 * Throws `spar-not-understood` for a SOAP fault and for an answer about somebody else.
 */
export function readAnswer(
  raw: string | Uint8Array,
  asked: PersonId,
  permissions: readonly Permission[],
): LookupOutcome {
  const reading = readXml(raw);
  if (reading.kind === 'refused') return { kind: 'garbled', detail: GARBLED[reading.why] };
  const body = bodyOf(reading.root);
  if (body !== undefined && childrenNamed(body, 'Fault').length > 0) throw faultError(body, 200);
  const [answer, another] = body?.children ?? [];
  if (answer?.name !== 'SPARPersonsokningSvar' || another !== undefined) {
    return { kind: 'garbled', detail: GARBLED['wrong-root'] };
  }
  const reference = referenceIn(answer);
  return {
    ...readSvar({ root: reading.root, answer, asked, permissions, reference }),
    ...(reference === undefined ? {} : { reference }),
  };
}

/** The error for a SOAP fault, if that is what the body of an answer is, whatever its status. */
export function readFault(raw: Uint8Array, status: number): SparSyncError | undefined {
  const reading = readXml(raw);
  const body = reading.kind === 'element' ? bodyOf(reading.root) : undefined;
  return body !== undefined && childrenNamed(body, 'Fault').length > 0 ? faultError(body, status) : undefined;
}

/** SPAR's UUID in the body of any answer that is XML; its customer service asks for it. */
export function findReference(raw: Uint8Array): string | undefined {
  const reading = readXml(raw);
  return reading.kind === 'element' ? referenceIn(reading.root) : undefined;
}

/** What an outcome is but for its reference, which every kind with an answer has. */
type Unreferenced = Exclude<LookupOutcome, { readonly kind: 'garbled' }>;

function readSvar({
  root,
  answer,
  asked,
  permissions,
  reference,
}: {
  /** Of the whole document. */
  readonly root: Element;
  readonly answer: Element;
  readonly asked: PersonId;
  readonly permissions: readonly Permission[];
  readonly reference: string | undefined;
}): Unreferenced {
  const echoes = childrenNamed(answer, 'PersonsokningFraga');
  const posts = childrenNamed(answer, 'PersonsokningSvarspost');
  const exceptions = childrenNamed(answer, 'Undantag');
  for (const number of echoes.flatMap((echo) => childrenNamed(echo, 'IdNummer'))) {
    if (number.text.trim() !== asked) throw somebodyElse(reference);
  }
  for (const number of posts.flatMap(numbersOfPost)) {
    if (number.text.trim() !== asked) throw somebodyElse(reference);
  }
  if (holdsAnother(answer, root)) {
    return unclear('there is another answer in it', 'det finns ett annat svar i det');
  }
  const [exception] = exceptions;
  if (exception !== undefined) {
    if (exceptions.length + posts.length > 1)
      return unclear('both an Undantag and a post', 'både Undantag och post');
    return readUndantag(exception);
  }
  if (childrenNamed(answer, 'OverstigerMaxAntalSvarsposter').length > 0) {
    return unclear('SPAR says there are too many hits', 'SPAR anger för många träffar');
  }
  const [post, another] = posts;
  if (another !== undefined)
    return unclear('there are several posts about one number', 'flera poster om samma nummer');
  if (post === undefined) return readNothing(answer, asked);
  const read = readPost(post, permissions);
  return read.kind === 'record' ? { kind: 'answered', answer: read.record } : read;
}

/**
 * Nobody found is an answer only in the one shape that the schema gives it: our question, and at most a
 * reference. Whatever else an answer without a post is, it is not nobody.
 */
function readNothing(answer: Element, asked: PersonId): Unreferenced {
  const echoes = childrenNamed(answer, 'PersonsokningFraga');
  const references = childrenNamed(answer, 'UUID');
  const [echo] = echoes;
  const isNobody =
    echoes.length === 1 &&
    echo !== undefined &&
    isOurQuestion(echo) &&
    references.length <= 1 &&
    references.every((reference) => reference.children.length === 0) &&
    answer.children.length === echoes.length + references.length &&
    !hasText(answer);
  if (isNobody) return { kind: 'answered', answer: { kind: 'not-found', id: asked } };
  return unclear(
    'the answer has no post, and is not how SPAR says that nobody was found',
    'svaret saknar post och är inte så som SPAR säger att ingen hittades',
  );
}

/** The number in it has been compared with the one asked for. */
function isOurQuestion(echo: Element): boolean {
  const [number, another] = echo.children;
  const isNumber = number?.name === 'IdNummer' && number.children.length === 0;
  return isNumber && another === undefined && !hasText(echo);
}

function hasText(element: Element): boolean {
  return element.text.trim() !== '';
}

/**
 * Its Beskrivning is not shown: nobody has promised that there is no personal data in it. Nor is a Kod of one
 * word, which may be a name that has come there by mistake.
 */
function readUndantag(exception: Element): Unreferenced {
  const written = childrenNamed(exception, 'Kod')[0]?.text.trim() ?? '';
  const code = written.length <= 60 && /^[A-Z]+(?:_[A-Z]+)+$/.test(written) ? written : '?';
  const detail: Text = {
    en: `SPAR answered with the exception ${code}`,
    sv: `SPAR svarade med undantaget ${code}`,
  };
  return { kind: code === 'GENERELLT_FEL' ? 'unavailable' : 'refused', detail };
}

function numbersOfPost(post: Element): readonly Element[] {
  return childrenNamed(post, 'PersonId').flatMap((person) => childrenNamed(person, 'IdNummer'));
}

/** Two answers that ran into each other on the way: whose is what in them, nobody knows. */
function holdsAnother(answer: Element, within: Element): boolean {
  if (within === answer) return answer.children.some((child) => child.children.some(isPartOfAnother));
  return within.name === answer.name || within.children.some((child) => holdsAnother(answer, child));
}

function isPartOfAnother(element: Element): boolean {
  return PARTS_OF_ANSWER.has(element.name) || element.children.some(isPartOfAnother);
}

const PARTS_OF_ANSWER: ReadonlySet<string> = new Set([
  'SPARPersonsokningSvar',
  'PersonsokningFraga',
  'PersonsokningSvarspost',
]);

function bodyOf(root: Element): Element | undefined {
  const [body, another] = root.name === 'Envelope' ? childrenNamed(root, 'Body') : [];
  return another === undefined ? body : undefined;
}

/** Only what looks like a reference: the text goes into messages, and other texts may hold anything. */
function referenceIn(element: Element): string | undefined {
  if (element.name === 'UUID') {
    const text = element.text.trim();
    return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) ? text : undefined;
  }
  for (const child of element.children) {
    const found = referenceIn(child);
    if (found !== undefined) return found;
  }
  return undefined;
}

function unclear(en: string, sv: string): Unreferenced {
  return { kind: 'not-understood', detail: { en, sv } };
}

function somebodyElse(reference: string | undefined): SparSyncError {
  return new SparSyncError(
    'spar-not-understood',
    withReference(
      {
        en: 'SPAR answered about somebody else than was asked for',
        sv: 'SPAR svarade om en annan person än den vi frågade om',
      },
      reference,
    ),
    {
      en: 'nothing of this answer was used; contact SPAR customer service before running again',
      sv: 'inget av svaret har använts; kontakta SPAR:s kundtjänst innan du kör igen',
    },
    reference,
  );
}

/** The codes of SOAP 1.1 (section 4.4.1) and 1.2, with what a service may add behind a dot. */
const FAULT_CODE =
  /^(?:[\w-]{1,20}:)?(?:VersionMismatch|MustUnderstand|Client|Server|Sender|Receiver)(?:\.(?:Authentication|Authorization))?$/;

/** The fault's own text is not shown; its code is, where it is one that SOAP knows. */
function faultError(body: Element, status: number): SparSyncError {
  const [fault] = childrenNamed(body, 'Fault');
  const written = fault === undefined ? '' : (childrenNamed(fault, 'faultcode')[0]?.text.trim() ?? '');
  const code = FAULT_CODE.test(written) ? `, ${written.slice(written.indexOf(':') + 1)}` : '';
  return new SparSyncError(
    'spar-not-understood',
    withReference(
      {
        en: `SPAR did not accept the question (SOAP fault${code}, status ${status})`,
        sv: `SPAR godtog inte frågan (SOAP-fel${code}, status ${status})`,
      },
      referenceIn(body),
    ),
    {
      en: 'check spar.schema, spar.url, the customer numbers and spar.uppdragId against the decision receipt',
      sv: 'jämför spar.schema, spar.url, kundnumren och spar.uppdragId med kvittensen',
    },
    referenceIn(body),
  );
}

/** Adds SPAR's reference to a message, where there is one. */
export function withReference(text: Text, reference: string | undefined): Text {
  if (reference === undefined) return text;
  return {
    en: `${text.en}; SPAR's reference: ${reference}`,
    sv: `${text.sv}; SPAR:s referens: ${reference}`,
  };
}
