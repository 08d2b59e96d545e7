import { readFile, stat } from 'node:fs/promises';
import type { Text } from '../../domain/text.ts';
import { SparSyncError } from '../../errors.ts';
import { exposedText, isExposed } from '../exposed-file.ts';
import type { CertificateConfig, PassphraseSource } from './config.ts';

export interface ReadPassphrase {
  /** `undefined` for a PEM key without one. */
  readonly passphrase: string | undefined;
  /** Something about how it is kept that a person should know. */
  readonly remark?: Text;
}

/**
 * Reads the passphrase from where the configuration says. Throws `config`, which names the key and neither
 * the passphrase nor what stands at the key: somebody may have written the passphrase itself there.
 */
export async function readPassphrase(
  certificate: CertificateConfig,
  env: Readonly<Record<string, string | undefined>>,
): Promise<ReadPassphrase> {
  const source = certificate.passphrase;
  if (source === undefined) return { passphrase: undefined };
  if (source.kind === 'file') return fromFile(source);
  const passphrase = env[source.variable];
  if (passphrase !== undefined && passphrase !== '') return { passphrase };
  throw missing(source, {
    en: 'the environment variable that it names is not set',
    sv: 'miljövariabeln som anges där är inte satt',
  });
}

async function fromFile(source: PassphraseSource & { readonly kind: 'file' }): Promise<ReadPassphrase> {
  const { text, stats } = await readSecret(source);
  const passphrase = text.replace(/^\uFEFF/, '').replace(/\r?\n$/, '');
  if (passphrase === '') throw missing(source, { en: 'the file is empty', sv: 'filen är tom' });
  return { passphrase, ...(isExposed(stats) && { remark: exposedText(source.key) }) };
}

async function readSecret(source: PassphraseSource & { readonly kind: 'file' }) {
  try {
    const { path } = source.file;
    return { text: await readFile(path, 'utf8'), stats: await stat(path) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    throw missing(
      source,
      code === 'ENOENT'
        ? { en: 'the file that it names is not there', sv: 'filen som anges där finns inte' }
        : { en: 'the file that it names cannot be read', sv: 'filen som anges där kan inte läsas' },
    );
  }
}

function missing(source: PassphraseSource, why: Text): SparSyncError {
  return new SparSyncError(
    'config',
    {
      en: `${source.key}: the passphrase of the certificate cannot be read: ${why.en}.`,
      sv: `${source.key}: certifikatets lösenfras kan inte läsas: ${why.sv}.`,
    },
    source.kind === 'file'
      ? {
          en: 'Put the passphrase alone into that file, readable only by the account that runs spar-sync.',
          sv: 'Lägg lösenfrasen ensam i filen, läsbar bara för kontot som kör spar-sync.',
        }
      : {
          en: 'Set the variable for the account that runs spar-sync, in cron too.',
          sv: 'Sätt variabeln för kontot som kör spar-sync, även i cron.',
        },
  );
}
