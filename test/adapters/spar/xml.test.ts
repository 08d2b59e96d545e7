import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { childrenNamed, readXml } from '../../../src/adapters/spar/answer/xml.ts';

/** Each doubles the one before it. */
const LAUGHS = Array.from({ length: 30 }, (_, n) => `<!ENTITY a${n + 1} "&a${n || ''};&a${n || ''};">`).join(
  '',
);

function root(text: string) {
  const reading = readXml(text);
  return reading.kind === 'element' ? reading.root : undefined;
}

describe('readXml', () => {
  it('gives local names, attributes, children and text', () => {
    const element = root(
      '<a:X xmlns:a="urn:a" xmlns="urn:b" a:k="1"><Y> one </Y><a:Z/><b:Y xmlns:b=\'urn:c\' q="2">&lt;two&amp;</b:Y></a:X>',
    );
    expect(element?.name).toBe('X');
    expect([...(element?.attributes ?? [])]).toEqual([['k', '1']]);
    expect(
      element === undefined ? [] : childrenNamed(element, 'Y').map((y) => [y.text, y.attributes.get('q')]),
    ).toEqual([
      [' one ', undefined],
      ['<two&', '2'],
    ]);
    expect(element?.children.find(({ name }) => name === 'Z')?.text).toBe('');
  });

  it('knows elements that are called like JavaScript', () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', '_', 'length'];
    const element = root(`<r>${names.map((name) => `<${name}>x</${name}><${name} a="1"/>`).join('')}</r>`);
    expect(element?.children.map(({ name, text }) => `${name}=${text}`)).toEqual(
      names.flatMap((name) => [`${name}=x`, `${name}=`]),
    );
    expect(Reflect.get({}, 'a')).toBeUndefined();
  });

  it('keeps an attribute that looks like a namespace declaration but is none', () => {
    expect(root('<r xmlns:x="u" xmlnsx="1" y="2"/>')?.attributes.size).toBe(2);
    expect(root('<r><![CDATA[a xmlns:b="c"]]></r>')?.text).toBe('a xmlns:b="c"');
    expect(root('<r> xmlns:b="c" </r>')?.text).toBe(' xmlns:b="c" ');
  });

  it.each([
    ['nothing', '', 'empty'],
    ['blanks', ' \n ', 'empty'],
    ['a web page', '<!DOCTYPE html><html></html>', 'doctype'],
    ['an entity of its own', '<!DOCTYPE r [<!ENTITY e "x">]><r>&e;</r>', 'doctype'],
    ['a billion laughs', `<!DOCTYPE r [<!ENTITY a "ha">${LAUGHS}]><r>&a30;</r>`, 'doctype'],
    ['an entity from a file', '<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd">]><r>&e;</r>', 'doctype'],
    ['a parameter entity', '<!DOCTYPE r [<!ENTITY % e SYSTEM "http://127.0.0.1:1/"> %e;]><r/>', 'doctype'],
    ['an unknown entity', '<r>&nosuch;</r>', 'malformed'],
    ['a cut document', '<r><a>1</a>', 'malformed'],
    ['tags that do not match', '<r><a></b></r>', 'malformed'],
    ['two roots', '<r/><r/>', 'malformed'],
    ['text behind the root', '<r/>x', 'malformed'],
    ['plain text', 'Service Unavailable', 'malformed'],
    ['JSON', '{"a":1}', 'malformed'],
    ['HTML without a DOCTYPE', '<html><br><p>hej</html>', 'malformed'],
    ['an attribute without quotes', '<r a=1/>', 'malformed'],
    ['an attribute that sax would lose', '<r><m __proto__="JA">NEJ</m></r>', 'malformed'],
    ['an attribute that breaks sax', '<r hasOwnProperty="1" b="2"/>', 'malformed'],
    ['UTF-16 by its declaration', '<?xml version="1.0" encoding="UTF-16"?><r/>', 'not-utf-8'],
    ['another encoding', '<?xml version="1.0" encoding="ISO-8859-1"?><r/>', 'not-utf-8'],
    ['a reference to a NUL', '<r>&#0;</r>', 'malformed'],
    ['a reference to half a character', '<r>&#xD800;</r>', 'malformed'],
    ['a NUL', '<r>\u0000</r>', 'forbidden-character'],
    ['half a character', '<r>\ud800</r>', 'forbidden-character'],
    ['a control character in an attribute', '<r a="\u0007"/>', 'forbidden-character'],
    ['many levels', `${'<a>'.repeat(40)}${'</a>'.repeat(40)}`, 'too-deep'],
  ])('refuses %s', (_what, text, why) => {
    expect(readXml(text)).toEqual({ kind: 'refused', why });
  });

  it('refuses UTF-16, with its mark and without', () => {
    const text = Buffer.from('<r>å</r>', 'utf16le');
    expect(readXml(Buffer.concat([Buffer.of(0xff, 0xfe), text]))).toEqual({
      kind: 'refused',
      why: 'not-utf-8',
    });
    expect(readXml(text)).toMatchObject({ kind: 'refused' });
  });

  it('refuses bytes that are not UTF-8 and takes a BOM', () => {
    expect(readXml(Buffer.from('<r>\xe5</r>', 'latin1'))).toEqual({ kind: 'refused', why: 'not-utf-8' });
    expect(readXml(Buffer.from('\ufeff<r>å</r>')).kind).toBe('element');
    expect(readXml('\ufeff<r>å</r>').kind).toBe('element');
  });

  // Each of these takes minutes where the work grows with the square of the length.
  it.each([
    ['deep nesting that is never closed', '<a>'.repeat(300_000)],
    ['deep nesting, closed', '<a>'.repeat(100_000) + '</a>'.repeat(100_000)],
    ['closing tags that match nothing', `${'<a>'.repeat(100_000)}${'</b>'.repeat(100_000)}`],
    ['declarations without end', `<a${' xmlns:a="b"'.repeat(80_000)}`],
    ['blanks in a tag', `<a${' '.repeat(1_000_000)}`],
    ['a thousand tags with many blanks', `<a${' '.repeat(1000)}`.repeat(1000)],
    ['one long text', `<a>${'x'.repeat(1_000_000)}</a>`],
    ['many children', `<a>${'<b/>'.repeat(200_000)}</a>`],
    ['a long attribute', `<a b="${'x'.repeat(1_000_000)}"/>`],
    ['many comments', `<a>${'<!---->'.repeat(140_000)}</a>`],
    ['many references', `<a>${'&amp;'.repeat(200_000)}</a>`],
    ['an instruction without end', `<?xml${' encoding'.repeat(100_000)}`],
    ['many attributes', `<a ${Array.from({ length: 100_000 }, (_, n) => `a${n}="1"`).join(' ')}/>`],
  ])('comes to an end with %s', (_what, text) => {
    expect(['element', 'refused']).toContain(readXml(text).kind);
  });

  it('is total', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.uint8Array()), (raw) => {
        expect(['element', 'refused']).toContain(readXml(raw).kind);
      }),
    );
  });
});
