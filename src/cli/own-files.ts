import { resolve } from 'node:path';
import { realPathOf } from '../adapters/atomic-write.ts';
import type { CertificateConfig, PassphraseSource } from '../adapters/config/config.ts';
import type { FoundConfig } from '../adapters/config/read-config.ts';
import { SparSyncError } from '../errors.ts';

/**
 * Refuses to write a result over the roster, the configuration, the state or a certificate: a slip of the
 * keyboard must not cost a school its roster.
 *
 * @throws SparSyncError `usage`
 */
export async function refuseOwnFile(
  file: string | undefined,
  cwd: string,
  { config, path }: FoundConfig,
): Promise<void> {
  if (file === undefined) return;
  const { roster, state, spar } = config;
  const { certificate, ca } = spar;
  const own = [
    path,
    ...(roster.kind === 'csv'
      ? [...roster.files.map((each) => each.path), ...(roster.links ? [roster.links.path] : [])]
      : [roster.path]),
    ...(ca ? [ca.path] : []),
    ...(certificate ? filesOf(certificate) : []),
  ];
  const wanted = await truePath(resolve(cwd, file));
  const isWanted = async (each: string, besides: RegExp): Promise<boolean> => {
    const there = await truePath(each);
    return wanted.startsWith(there) && besides.test(wanted.slice(there.length));
  };
  const isOwn = [await isWanted(state.path, BESIDE_STATE)];
  for (const each of own) isOwn.push(await isWanted(each, BESIDE_DATABASE));
  if (!isOwn.includes(true)) return;
  throw new SparSyncError(
    'usage',
    {
      en: `${file} belongs to the roster, the configuration or the state of spar-sync, so nothing is written over it.`,
      sv: `${file} hör till registret, inställningarna eller spar-syncs lokala databas, så den skrivs inte över.`,
    },
    { en: 'Name another file or folder.', sv: 'Ange en annan fil eller mapp.' },
  );
}

/** The file itself, and what SQLite keeps beside a database. */
const BESIDE_DATABASE = /^(?:-wal|-shm|-journal)?$/;

/** The same, with the lock of runs, its note and the copies from before an upgrade. */
const BESIDE_STATE = /^(?:(?:-lock|\.v\d+-backup)?(?:-wal|-shm|-journal)?|-lock\.json(?:\.new)?)$/;

function filesOf(certificate: CertificateConfig): string[] {
  const { passphrase } = certificate;
  return certificate.kind === 'pkcs12'
    ? [certificate.file.path, ...fileOf(passphrase)]
    : [certificate.cert.path, certificate.key.path, ...fileOf(passphrase)];
}

function fileOf(passphrase: PassphraseSource | undefined): string[] {
  return passphrase?.kind === 'file' ? [passphrase.file.path] : [];
}

/** Behind symbolic links. What cannot be looked at cannot be written to either. */
async function truePath(path: string): Promise<string> {
  return realPathOf(path).catch(() => resolve(path));
}
