/** What a plain look at the tags of an answer tells, without the program's own reader. */
export interface ScannedAnswer {
  /** There is one post, and all that it says of protection today is a plain NEJ to both. */
  readonly isPlainlyUnprotected: boolean;
  /** The numbers that the question echoed and the posts are about, as they stand there. */
  readonly about: readonly string[];
}

interface Node {
  readonly name: string;
  /** Besides declarations of namespaces. */
  readonly attributes: number;
  readonly children: Node[];
  text: string;
}

/**
 * A comment, a CDATA section, an instruction, a tag, or text up to the next of them. A blank before the name of a
 * tag, or after its `/`, is no XML; the reader takes it for the tag that it nearly is, and so does this.
 */
const PIECE =
  /<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<\?[\s\S]*?\?>|<\s*(\/?)\s*([^\s/>!?]+)((?:"[^"]*"|'[^']*'|[^"'>])*?)(\/?)>|([^<]+|<)/g;

export function scanAnswer(text: string): ScannedAnswer {
  const root: Node = { name: '', attributes: 0, children: [], text: '' };
  const open = [root];
  for (const [all, cdata, closing, tag, attributes = '', empty, plain] of text.matchAll(PIECE)) {
    const here = open.at(-1) ?? root;
    if (plain !== undefined) here.text += decoded(plain);
    else if (cdata !== undefined) here.text += cdata;
    else if (tag === undefined || all.startsWith('<!') || all.startsWith('<?')) continue;
    else if (closing) {
      if (open.length > 1) open.pop();
    } else {
      const node: Node = {
        name: tag.slice(tag.indexOf(':') + 1),
        attributes:
          attributes.replace(/\sxmlns(:[\w.-]+)?\s*=\s*("[^"]*"|'[^']*')/g, '').trim() === '' ? 0 : 1,
        children: [],
        text: '',
      };
      here.children.push(node);
      if (!empty) open.push(node);
    }
  }
  const answers = below([root], 'SPARPersonsokningSvar');
  const posts = answers.flatMap((answer) => named(answer, 'PersonsokningSvarspost'));
  const echoes = answers.flatMap((answer) => named(answer, 'PersonsokningFraga'));
  const people = posts.flatMap((post) => named(post, 'PersonId'));
  return {
    isPlainlyUnprotected: posts.length === 1 && posts.every(isUnprotected),
    about: [...echoes, ...people]
      .flatMap((node) => named(node, 'IdNummer'))
      .map((number) => number.text.trim()),
  };
}

function isUnprotected(post: Node): boolean {
  return (
    isPlainNo(named(post, 'Sekretessmarkering')) &&
    isPlainNo(named(post, 'SkyddadFolkbokforing')) &&
    named(post, 'Persondetaljer').every((details) => hasEnded(details) || saysNothingElse(details))
  );
}

function saysNothingElse(details: Node): boolean {
  return ['Sekretessmarkering', 'SkyddadFolkbokforing'].every((mark) => {
    const found = named(details, mark);
    return found.length === 0 || isPlainNo(found);
  });
}

function hasEnded(details: Node): boolean {
  const [till] = named(details, 'DatumTill');
  return (
    till !== undefined && /^\d{4}-\d\d-\d\d$/.test(till.text.trim()) && till.text.trim() !== '9999-12-31'
  );
}

function isPlainNo(marks: readonly Node[]): boolean {
  return (
    marks.length === 1 &&
    marks.every((mark) => mark.text === 'NEJ' && mark.attributes === 0 && mark.children.length === 0)
  );
}

function named(node: Node, name: string): readonly Node[] {
  return node.children.filter((child) => child.name === name);
}

function below(nodes: readonly Node[], name: string): readonly Node[] {
  return nodes.flatMap((node) => [...named(node, name), ...below(node.children, name)]);
}

function decoded(text: string): string {
  return text
    .replace(/&#x([\da-f]+);/gi, (_, code: string) =>
      String.fromCodePoint(Number.parseInt(code, 16) % 0x110000),
    )
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code) % 0x110000))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
}
