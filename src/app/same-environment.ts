import { SparSyncError } from '../errors.ts';
import type { State } from './ports.ts';

/**
 * Refuses to go by answers that are from another of SPAR's environments: the simulator and the customer test
 * environment know made-up people only, whose addresses must never be written onto real ones.
 *
 * @param environment `spar.environment`
 * @param stateName the state file as the configuration names it
 * @throws SparSyncError `config`
 */
export async function refuseOtherEnvironment(
  state: Pick<State, 'environment'>,
  environment: string,
  stateName: string,
): Promise<void> {
  const before = await state.environment.get();
  if (before === undefined || before === environment) return;
  throw new SparSyncError(
    'config',
    {
      en: `The answers in ${stateName} come from "${before}", but spar.environment is "${environment}" now; they must not be used there.`,
      sv: `Svaren i ${stateName} kommer från "${before}", men spar.environment är nu "${environment}"; där får de inte användas.`,
    },
    {
      en: 'Name a new file in the key `state`, or make a folder of its own for each environment. What was written by these answers can be taken back before that, with `undo`.',
      sv: 'Ange en ny fil i nyckeln `state`, eller ha en egen mapp för varje miljö. Det som de här svaren har lett till kan ångras innan dess, med `undo`.',
    },
  );
}
