import type { SeededRandom } from '../support/seeded-random.ts';
import { HOSTILE_TEXTS, mutateBytes, mutateText } from './mutate-text.ts';

/** Where an element stands in a text: from its opening tag to the end of its closing one. */
interface Span {
  readonly name: string;
  readonly start: number;
  /** Behind the opening tag. */
  readonly inside: number;
  /** Before the closing tag. */
  readonly outside: number;
  readonly end: number;
}

const MARKS = /^(?:Sekretessmarkering|SkyddadFolkbokforing)$/;
/** Whose values a message may show. */
const TOLD = /^(?:Kod|faultcode|faultstring|Beskrivning)$/;
const MARK_TEXTS = [
  'JA',
  'NEJ',
  'nej',
  'Nej',
  'ja',
  ' NEJ',
  'NEJ ',
  '\nNEJ\n',
  'NEJ.',
  'NEJJA',
  'N EJ',
  'NEJ\u00a0',
  'N\u200bEJ',
  'ＮＥＪ',
  'ΝΕJ',
  '0',
  'false',
  'NO',
  '',
  '<![CDATA[NEJ]]>',
  '<![CDATA[JA]]>',
  'NE<!-- JA -->J',
  '<!-- NEJ -->',
  '&#78;EJ',
  '&#x4A;A',
  '&amp;NEJ',
  '<x/>NEJ',
  '<NEJ/>',
  'NEJ<?x JA?>',
] as const satisfies readonly [string, ...string[]];
const ATTRIBUTES = [
  'sattAvSPAR="JA"',
  'sattAvSPAR="NEJ"',
  "sattAvSPAR='JA'",
  'x:sattAvSPAR="JA"',
  'xmlns="urn:x"',
  'xmlns:q="JA"',
  'xmlns:sattAvSPAR="JA"',
  'xsi:nil="true"',
  'xml:lang="sv"',
  '__proto__="JA"',
  'constructor="JA"',
  'hasOwnProperty="JA"',
  'a="\u0007"',
  'a="&lt;"',
  'a=">"',
  'a',
] as const satisfies readonly [string, ...string[]];
const NUMBERS = [
  '201301032395',
  '199001142380',
  '199001142381',
  '9001142380',
  '19900114-2380',
  '000000000000',
  '１９９００１１４２３８０',
  '199001142380 ',
  '0',
] as const satisfies readonly [string, ...string[]];
const PROLOGUES = [
  '<!DOCTYPE r>',
  '<!DOCTYPE r [<!ENTITY e "NEJ">]>',
  '<!DOCTYPE r SYSTEM "file:///etc/passwd">',
  '<!doctype html>',
  '<?xml version="1.1"?>',
  '<?xml version="1.0" encoding="ISO-8859-1"?>',
  '<?xml version="1.0" encoding="UTF-16"?>',
  '<?xml version="1.0" encoding="utf-7"?>',
  '<?xml-stylesheet href="x"?>',
  '<!-- -->',
  '\ufeff',
  'HTTP/1.1 200 OK\r\n\r\n',
] as const satisfies readonly [string, ...string[]];

/** An answer as SPAR would never send it; `donor`: another answer, whose parts may land in it. */
export function mutateAnswer(text: string, donor: string, random: SeededRandom): Buffer {
  let made = text;
  const times = 1 + random.below(3);
  for (let time = 0; time < times; time++) made = mutateOnce(made, donor, random);
  return encode(made, random);
}

function encode(text: string, random: SeededRandom): Buffer {
  const plain = Buffer.from(text);
  if (random.happens(0.85)) return plain;
  switch (random.below(5)) {
    case 0:
      return Buffer.from(text, 'utf16le');
    case 1:
      return Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from(text, 'utf16le')]);
    case 2:
      return Buffer.from(text, 'latin1');
    default:
      return mutateBytes(plain, random);
  }
}

function mutateOnce(text: string, donor: string, random: SeededRandom): string {
  const spans = elementsOf(text);
  const first = spans[0];
  if (first === undefined) return mutateText(text, random);
  const marks = spans.filter(({ name }) => MARKS.test(name));
  const told = spans.filter(({ name }) => TOLD.test(name));
  const weak = told.length > 0 && random.happens(0.4) ? told : marks;
  const aimed = weak.length > 0 && random.happens(0.5) ? weak : spans;
  const span = aimed[random.below(aimed.length)] ?? first;
  const other = spans[random.below(spans.length)] ?? first;
  const whole = text.slice(span.start, span.end);
  const replaced = (by: string) => text.slice(0, span.start) + by + text.slice(span.end);
  const filled = (by: string) => text.slice(0, span.inside) + by + text.slice(span.outside);
  switch (random.below(18)) {
    case 0:
      return replaced('');
    case 1:
      return replaced(whole + whole);
    case 2:
      return replaced(renamed(whole, span.name, random.pick([other.name, 'x', '__proto__', '_', 'NEJ'])));
    case 3:
      return replaced(`<${random.pick([other.name, 'x'])}>${whole}</${random.pick([other.name, 'x'])}>`);
    case 4:
      return replaced(`<x>${whole}</x>`);
    case 5: {
      const at = random.pick([other.start, other.inside, other.outside, other.end]);
      return text.slice(0, at) + whole + text.slice(at);
    }
    case 6: {
      const at = text.indexOf('>', span.start);
      const before = text.charAt(at - 1) === '/' ? at - 1 : at;
      return `${text.slice(0, before)} ${random.pick(ATTRIBUTES)}${text.slice(before)}`;
    }
    case 7:
    case 8:
      return filled(
        random.pick(
          MARKS.test(span.name) ? MARK_TEXTS : [random.pick(HOSTILE_TEXTS), random.pick(MARK_TEXTS)],
        ),
      );
    case 9:
      return filled(text.slice(other.inside, other.outside));
    case 10: {
      const taken = elementsOf(donor);
      const part = taken[random.below(taken.length)];
      return part === undefined ? text : replaced(donor.slice(part.start, part.end));
    }
    case 11: {
      const prologue = random.pick(PROLOGUES);
      return random.happens(0.5) ? prologue + text : text.replace(/^<\?xml[^>]*>/, prologue);
    }
    case 12:
      return filled('&e;');
    case 13: {
      const numbers = [...text.matchAll(/\d{12}/g)];
      const at = numbers[random.below(numbers.length)]?.index;
      return at === undefined ? text : text.slice(0, at) + random.pick(NUMBERS) + text.slice(at + 12);
    }
    case 14: {
      const depth = 1 + random.below(60);
      return replaced('<n>'.repeat(depth) + whole + '</n>'.repeat(depth));
    }
    case 15: {
      const values = [...donor.matchAll(/>([^<>]*\p{L}[^<>]*)</gu)];
      return filled(values[random.below(values.length)]?.[1] ?? '');
    }
    case 16:
      return text.slice(0, random.below(text.length));
    default:
      return mutateText(text, random);
  }
}

function renamed(whole: string, from: string, to: string): string {
  return whole
    .replace(new RegExp(`^(<(?:[\\w.-]+:)?)${from}`), `$1${to}`)
    .replace(new RegExp(`(</(?:[\\w.-]+:)?)${from}(\\s*>)$`), `$1${to}$2`);
}

/** The elements of a text, as far as its tags fit together. */
function elementsOf(text: string): readonly Span[] {
  const found: Span[] = [];
  const open: { readonly name: string; readonly start: number; readonly inside: number }[] = [];
  for (const tag of text.matchAll(/<(\/?)(?:[\w.-]+:)?([\w.-]+)[^<>]*?(\/?)>/g)) {
    const [all, closing, name = '', empty] = tag;
    const end = tag.index + all.length;
    if (empty) found.push({ name, start: tag.index, inside: end, outside: end, end });
    else if (!closing) open.push({ name, start: tag.index, inside: end });
    else {
      const begun = open.pop();
      if (begun !== undefined) found.push({ ...begun, outside: tag.index, end });
    }
  }
  return found;
}
