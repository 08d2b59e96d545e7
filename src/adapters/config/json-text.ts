import type { Text } from '../../domain/text.ts';

/** JSON that has been read, or where it stops being JSON. Lines and columns count from 1, in characters. */
export type ReadJson =
  | { readonly kind: 'value'; readonly value: unknown; readonly repeated: readonly RepeatedKey[] }
  | { readonly kind: 'broken'; readonly line: number; readonly column: number; readonly text: Text };

/** A key that stands twice in one object, of which `JSON.parse` silently takes the last. */
export interface RepeatedKey {
  readonly path: readonly (string | number)[];
  readonly line: number;
}

/**
 * Reads JSON and says where and why it is none. `JSON.parse` alone gives no line on Node 20, and quotes the
 * text around the fault, in which a passphrase may stand.
 */
export function readJson(source: string): ReadJson {
  const scanner = scanJson(source);
  if (scanner.fault === undefined) {
    const lineOf = createLineCounter(source);
    const repeated = scanner.repeated.map(({ path, at }) => ({ path, line: lineOf(at) }));
    return { kind: 'value', value: JSON.parse(source), repeated };
  }
  return { kind: 'broken', ...placeOf(source, scanner.fault.at), text: FAULTS[scanner.fault.kind] };
}

const MAX_DEPTH = 100;

const FAULTS = {
  end: {
    en: 'the text ends too early: a closing bracket or quotation mark is missing',
    sv: 'texten tar slut för tidigt: en avslutande parentes eller ett citattecken saknas',
  },
  comment: { en: 'JSON has no comments', sv: 'JSON har inga kommentarer' },
  'trailing-comma': {
    en: 'a comma stands before a closing bracket',
    sv: 'ett komma står före en avslutande parentes',
  },
  quotes: {
    en: 'keys and texts stand in double quotation marks (")',
    sv: 'nycklar och texter ska stå inom raka citattecken (")',
  },
  comma: { en: 'a comma is missing before this', sv: 'ett komma saknas före detta' },
  colon: { en: 'a colon is missing after the key', sv: 'ett kolon saknas efter nyckeln' },
  backslash: {
    en: 'a backslash in a text is written twice (\\\\), and in a path / can stand instead',
    sv: 'ett omvänt snedstreck i en text skrivs dubbelt (\\\\), och i en sökväg kan / stå i stället',
  },
  'line-end': {
    en: 'a text has no closing quotation mark on its line, or holds a control character',
    sv: 'en text saknar avslutande citattecken på sin rad, eller innehåller ett styrtecken',
  },
  number: { en: 'this is not how a number is written', sv: 'så skrivs inte ett tal' },
  value: { en: 'a value is missing here', sv: 'ett värde saknas här' },
  extra: { en: 'something stands after the last bracket', sv: 'något står efter den sista parentesen' },
  deep: { en: 'brackets are nested too deeply', sv: 'parenteser är nästlade för djupt' },
} as const satisfies Record<string, Text>;

type Fault = { readonly kind: keyof typeof FAULTS; readonly at: number };

interface Scan {
  readonly fault: Fault | undefined;
  readonly repeated: readonly { readonly path: readonly (string | number)[]; readonly at: number }[];
}

function scanJson(source: string): Scan {
  const repeated: { path: (string | number)[]; at: number }[] = [];
  const path: (string | number)[] = [];
  let at = 0;

  const fault = value() ?? remainder();
  return { fault, repeated };

  function remainder(): Fault | undefined {
    skipBlanks();
    return at < source.length ? broken('extra') : undefined;
  }

  function broken(kind: Fault['kind'], where = at): Fault {
    if (where >= source.length) return { kind: 'end', at: source.length };
    const here = source[where];
    if (here === '/' || here === '#') return { kind: 'comment', at: where };
    return { kind, at: where };
  }

  function skipBlanks(): void {
    while (at < source.length && ' \t\r\n'.includes(source.charAt(at))) at += 1;
  }

  function value(): Fault | undefined {
    skipBlanks();
    if (path.length > MAX_DEPTH) return broken('deep');
    const here = source.charAt(at);
    if (here === '{') return object();
    if (here === '[') return list();
    if (here === '"') return text();
    if (/[-\d.+]/.test(here)) return literal(/-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y, 'number');
    if (',:}]'.includes(here)) return broken('value');
    return literal(/true|false|null/y, 'quotes');
  }

  function literal(pattern: RegExp, otherwise: Fault['kind']): Fault | undefined {
    pattern.lastIndex = at;
    const found = pattern.exec(source)?.[0];
    if (found === undefined) return broken(otherwise);
    if (/[\p{L}\d.+_-]/u.test(source.charAt(at + found.length))) return broken(otherwise);
    at += found.length;
    return undefined;
  }

  function text(): Fault | undefined {
    const start = at;
    for (at += 1; at < source.length; at += 1) {
      const here = source.charAt(at);
      if (here === '"') {
        at += 1;
        return undefined;
      }
      if (here < ' ') return broken('line-end', start);
      if (here !== '\\') continue;
      if (!/^\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/.test(source.slice(at, at + 6))) return broken('backslash');
      at += 1;
    }
    return broken('end');
  }

  function object(): Fault | undefined {
    const keys = new Set<string>();
    at += 1;
    skipBlanks();
    if (source[at] === '}') {
      at += 1;
      return undefined;
    }
    for (;;) {
      skipBlanks();
      const start = at;
      if (source[at] === '}') return broken('trailing-comma');
      if (source[at] !== '"') return broken('quotes');
      const keyFault = text();
      if (keyFault !== undefined) return keyFault;
      const key: string = JSON.parse(source.slice(start, at));
      path.push(key);
      if (keys.has(key)) repeated.push({ path: [...path], at: start });
      keys.add(key);
      skipBlanks();
      if (source[at] !== ':') return broken('colon');
      at += 1;
      const valueFault = value();
      if (valueFault !== undefined) return valueFault;
      path.pop();
      const end = afterItem('}');
      if (end !== 'more') return end;
    }
  }

  function list(): Fault | undefined {
    at += 1;
    skipBlanks();
    if (source[at] === ']') {
      at += 1;
      return undefined;
    }
    for (let index = 0; ; index += 1) {
      skipBlanks();
      if (source[at] === ']') return broken('trailing-comma');
      path.push(index);
      const itemFault = value();
      if (itemFault !== undefined) return itemFault;
      path.pop();
      const end = afterItem(']');
      if (end !== 'more') return end;
    }
  }

  function afterItem(close: '}' | ']'): Fault | 'more' | undefined {
    skipBlanks();
    if (source[at] === close) {
      at += 1;
      return undefined;
    }
    if (source[at] !== ',') return broken('comma');
    at += 1;
    return 'more';
  }
}

/** Tells the line of one place after the other, in rising order: counted anew for each it would take for ever. */
function createLineCounter(source: string): (at: number) => number {
  const ends = /\r\n|\r|\n/g;
  let line = 1;
  let next = ends.exec(source);
  return (at) => {
    for (; next !== null && next.index + next[0].length <= at; next = ends.exec(source)) line += 1;
    return line;
  };
}

function placeOf(source: string, at: number): { readonly line: number; readonly column: number } {
  const lines = source.slice(0, at).split(/\r\n|\r|\n/);
  return { line: lines.length, column: [...(lines.at(-1) ?? '')].length + 1 };
}
