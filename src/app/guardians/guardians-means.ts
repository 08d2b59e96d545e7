import { SparSyncError } from '../../errors.ts';
import type { GuardianWorld } from './guardians.ts';
import { demandColumnsOf } from './plan-guardians.ts';

/**
 * Refuses when guardians could be neither asked for nor written: permission, links, a place for new rows, and
 * the columns there (CONTRACT section 7).
 *
 * @throws SparSyncError `config`
 */
export function refuseWithoutMeans({ roster, settings }: Pick<GuardianWorld, 'roster' | 'settings'>): void {
  if (!settings.granted.includes('relations')) {
    throw new SparSyncError(
      'config',
      {
        en: 'Guardians need the extended permission `Relationer`, and `spar.utokadBehorighet` does not list it.',
        sv: 'Vårdnadshavare kräver den utökade behörigheten `Relationer`, och `spar.utokadBehorighet` anger den inte.',
      },
      {
        en: 'If the decision from SPAR grants it, add "Relationer" to `spar.utokadBehorighet`.',
        sv: 'Om beslutet från SPAR medger den, lägg till "Relationer" i `spar.utokadBehorighet`.',
      },
    );
  }
  if (roster.linksName === undefined) {
    throw new SparSyncError(
      'config',
      {
        en: 'Guardians need `roster.links`: the file or table that says whose guardian is whose.',
        sv: 'Vårdnadshavare kräver `roster.links`: filen eller tabellen som anger vem som är vårdnadshavare för vem.',
      },
      {
        en: 'Name it in the configuration; it has at least the columns student_id and guardian_id.',
        sv: 'Ange den i inställningarna; den har minst kolumnerna student_id och guardian_id.',
      },
    );
  }
  if (roster.newGuardians === undefined) {
    throw new SparSyncError(
      'config',
      {
        en: 'It is not clear where new guardians are to be put: none, or several, of the places in `roster` can take guardians.',
        sv: 'Det framgår inte var nya vårdnadshavare ska läggas in: ingen, eller flera, av platserna i `roster` kan ta emot vårdnadshavare.',
      },
      {
        en: 'Name the file or table under `roster.newGuardian`.',
        sv: 'Ange filen eller tabellen under `roster.newGuardian`.',
      },
    );
  }
  demandColumnsOf(roster, roster.newGuardians.source);
}
