/** Versions of the Personsök interface, by the name of SPAR's schema. */
export type SparSchema = '2021.1' | '2023.1';

const HOSTS = {
  test: 'test-personsok.statenspersonadressregister.se',
  production: 'personsok.statenspersonadressregister.se',
} as const;

/**
 * Where SPAR answers, when `spar.url` does not say otherwise. Source: SPAR's reference implementation in PHP
 * (2021.1); the path of 2023.1 follows the same pattern and is not confirmed.
 */
export function endpointOf(environment: keyof typeof HOSTS, schema: SparSchema): string {
  return `https://${HOSTS[environment]}/${schema}/`;
}
