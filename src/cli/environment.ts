import type { Text } from '../domain/text.ts';

type Environment = Record<string, string | undefined>;

const TLS_WARNING: Text = {
  en: 'Warning: NODE_TLS_REJECT_UNAUTHORIZED is set and is not heeded: the server is always verified. Name its CA under spar.ca.',
  sv: 'Varning: NODE_TLS_REJECT_UNAUTHORIZED är satt men följs inte: servern kontrolleras alltid. Ange dess CA under spar.ca.',
};

const DEBUG_NOTE: Text = {
  en: 'Note: DEBUG is set and is not heeded: it would print requests, answers and the passphrase.',
  sv: 'Obs: DEBUG är satt men följs inte: det skulle skriva ut frågor, svar och lösenfrasen.',
};

const NODE_DEBUG_NOTE: Text = {
  en: 'Note: NODE_DEBUG is set and is not heeded: it would print requests and the passphrase.',
  sv: 'Obs: NODE_DEBUG är satt men följs inte: det skulle skriva ut frågor och lösenfrasen.',
};

/**
 * Takes out of the environment what would make a library print personal data and secrets or trust any
 * server, before one is loaded. Returns what to tell: `warnings` always, `notes` unless quiet.
 */
export function disarmEnvironment(env: Environment): { readonly warnings: Text[]; readonly notes: Text[] } {
  const notes: Text[] = [];
  const warnings: Text[] = [];
  if (take(env, 'DEBUG')) notes.push(DEBUG_NOTE);
  if (take(env, 'NODE_DEBUG')) notes.push(NODE_DEBUG_NOTE);
  if (take(env, 'NODE_TLS_REJECT_UNAUTHORIZED')) warnings.push(TLS_WARNING);
  return { warnings, notes };
}

/**
 * The environment without what Node heeds before any program code runs, and what to tell of it; no notes where
 * nothing has to go. Of NODE_OPTIONS, options stay that are known to show, keep and open nothing.
 */
export function disarmStart(env: Environment): {
  readonly env: Environment;
  readonly notes: readonly Text[];
} {
  const { NODE_DEBUG, NODE_DEBUG_NATIVE, NODE_OPTIONS, ...rest } = env;
  const notes: Text[] = [];
  if (NODE_DEBUG || NODE_DEBUG_NATIVE) notes.push(NODE_DEBUG_NOTE);
  const options = optionsIn(NODE_OPTIONS ?? '');
  const harmless = NODE_OPTIONS?.includes('"') ? [] : options.filter(isHarmless);
  if (harmless.length < options.length)
    notes.push(nodeOptionsNote(options.filter((one) => !harmless.includes(one))));
  return { env: { ...rest, ...(harmless.length > 0 && { NODE_OPTIONS: harmless.join(' ') }) }, notes };
}

const HARMLESS = new Set([
  ...['max-old-space-size', 'max-semi-space-size', 'stack-trace-limit'],
  ...['dns-result-order', 'no-network-family-autoselection', 'network-family-autoselection-attempt-timeout'],
  ...['no-warnings', 'disable-warning', 'no-deprecation', 'trace-warnings', 'trace-deprecation'],
]);

/** An option with its value, which may stand behind a blank. What is in quotes, Node divides in a way of its own. */
function optionsIn(text: string): string[] {
  return text.match(/-[^\s"]+(?:\s+[^\s"-][^\s"]*)*/g) ?? [];
}

function nameOf(option: string): string {
  return option.replace(/[=\s].*$/s, '').replaceAll('_', '-');
}

function isHarmless(option: string): boolean {
  return HARMLESS.has(nameOf(option).replace(/^--/, ''));
}

/** Their names only: a value may be a path of the school's. */
function nodeOptionsNote(options: readonly string[]): Text {
  const names = [...new Set(options.map(nameOf).filter((name) => /^--?[a-z-]{1,40}$/.test(name)))].join(', ');
  return {
    en: `Note: NODE_OPTIONS is not heeded with ${names}: it could show or keep personal data and secrets.`,
    sv: `Obs: NODE_OPTIONS följs inte för ${names}: det skulle kunna visa eller spara personuppgifter och hemligheter.`,
  };
}

function take(env: Environment, name: string): boolean {
  const value = env[name];
  if (value === undefined) return false;
  delete env[name];
  return value !== '';
}
