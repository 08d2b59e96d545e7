import type { ServerResponse } from 'node:http';
import type { AnswerRenderer } from './render-answer.ts';
import { renderFault } from './render-answer.ts';

/** What can go wrong instead of a right answer. */
export type Fault =
  /** Any status with a plain text; 429 and 503 with Retry-After. */
  | `http-${number}`
  /** Status and headers, then a byte now and then, for ever. */
  | 'drip'
  /** No answer, connection kept open. */
  | 'hang'
  /** No answer, connection closed. */
  | 'close'
  /** Half of a right answer, then the connection is closed. */
  | 'cut'
  /** Status 200 with a web page, as a proxy or a maintenance sign gives. */
  | 'html'
  /** Status 200 without a body. */
  | 'empty'
  /** Status 200 with something that is no XML. */
  | 'garbage'
  /** Status 200 with XML that is no SPAR answer. */
  | 'wrong-root'
  /** The question is echoed, the post is somebody else's. */
  | 'wrong-person'
  /** A right answer to somebody else's question. */
  | 'crossed-answer'
  | 'soap-fault'
  | 'undantag-generellt-fel'
  | 'undantag-ogiltig'
  /** 307 to another address. */
  | 'redirect'
  /** A right answer with megabytes of blanks in it. */
  | 'oversized'
  /** The envelope is right; the post lacks an element that the schema requires. */
  | 'bad-post'
  /** Two posts about one number. */
  | 'two-posts';

/** Decides about the n-th valid question (from 1), which is about this number. */
export type FaultHook = (n: number, id: string) => Fault | undefined;

/** When each fault happens: to every n-th question, or to questions about these numbers. */
export type FaultPlan = {
  readonly [F in Fault]?: { readonly every?: number; readonly ids?: readonly string[] };
};

/** The hook for a plan. The first fault that fits happens. */
export function planFaults(plan: FaultPlan): FaultHook {
  const entries = Object.entries(plan) as readonly (readonly [Fault, NonNullable<FaultPlan[Fault]>])[];
  return (n, id) =>
    entries.find(([, { every, ids }]) => (every !== undefined && n % every === 0) || ids?.includes(id))?.[0];
}

/** What a fault needs to know of the answer that it takes the place of. */
export interface FaultSite {
  readonly id: string;
  /** The right answer. */
  readonly right: () => string;
  /** The post of the person asked about, or of somebody else where there is none. */
  readonly post: () => string;
  /** Somebody else, and their post. */
  readonly other: () => { readonly id: string; readonly post: string };
  readonly renderer: AnswerRenderer;
  readonly retryAfter: string;
}

const DRIP_EVERY_MS = 50;
const OVERSIZE = ' '.repeat(8 << 20);
const XML = 'text/xml;charset=utf-8';

/** What happens on a response. */
export type Reply = (response: ServerResponse) => void;

/** Sends `body` whole, with its length. */
export function reply(
  status: number,
  contentType: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return (response) => {
    const bytes = Buffer.from(body);
    response.writeHead(status, { 'content-type': contentType, 'content-length': bytes.length, ...headers });
    response.end(bytes);
  };
}

/** What this fault does instead of the right answer. */
export function replyWithFault(fault: Fault, site: FaultSite): Reply {
  const { id, renderer } = site;
  const answer = (body: string) => reply(200, XML, body);
  switch (fault) {
    case 'drip':
      return drip;
    case 'hang':
      return () => {};
    case 'close':
      return (response) => response.destroy();
    case 'cut':
      return cut(site.right());
    case 'html':
      return reply(200, 'text/html', '<!DOCTYPE html><html><body><h1>Underhåll pågår</h1></body></html>');
    case 'empty':
      return answer('');
    case 'garbage':
      return answer('\u0000\u0001 this is <no XML & never was');
    case 'wrong-root':
      return answer('<?xml version="1.0"?><something xmlns="urn:else"/>');
    case 'wrong-person':
      return answer(renderer.answer(id, [site.other().post]));
    case 'crossed-answer':
      return answer(renderer.answer(site.other().id, [site.other().post]));
    case 'soap-fault':
      return reply(500, XML, renderFault('Server', 'simulated fault'));
    case 'undantag-generellt-fel':
      return answer(renderer.exception(id, 'GENERELLT_FEL', 'simulerat fel'));
    case 'undantag-ogiltig':
      return answer(renderer.exception(id, 'OGILTIG_INPARAMETER', 'simulerat fel'));
    case 'redirect':
      return reply(307, 'text/plain', '', { location: 'https://127.0.0.1:1/elsewhere' });
    case 'oversized':
      return answer(site.right().replace('</S:Body>', `${OVERSIZE}</S:Body>`));
    case 'bad-post':
      return answer(renderer.answer(id, [site.post().replace(REQUIRED_MARK, '')]));
    case 'two-posts':
      return answer(renderer.answer(id, [site.post(), site.post()]));
    default:
      return replyWithStatus(Number(fault.slice('http-'.length)), site.retryAfter);
  }
}

/** The first of them stands in the post itself, where the schema requires it. */
const REQUIRED_MARK = /<(\w+:SkyddadFolkbokforing)>.*?<\/\1>/;

function replyWithStatus(status: number, retryAfter: string): Reply {
  const headers: Record<string, string> =
    status === 429 || status === 503 ? { 'retry-after': retryAfter } : {};
  return reply(status, 'text/plain', `simulated ${status}`, headers);
}

function cut(body: string): Reply {
  return (response) => {
    const bytes = Buffer.from(body);
    response.writeHead(200, { 'content-type': XML, 'content-length': bytes.length });
    response.write(bytes.subarray(0, bytes.length >> 1), () => response.destroy());
  };
}

function drip(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': XML });
  const timer = setInterval(() => response.write(' '), DRIP_EVERY_MS);
  response.on('close', () => clearInterval(timer));
}
