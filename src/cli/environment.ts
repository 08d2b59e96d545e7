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

export const NODE_DEBUG_NOTE: Text = {
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

function take(env: Environment, name: string): boolean {
  const value = env[name];
  if (value === undefined) return false;
  delete env[name];
  return value !== '';
}
