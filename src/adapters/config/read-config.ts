import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Language, Text } from '../../domain/text.ts';
import { SparSyncError } from '../../errors.ts';
import { configError, showPath } from './complaints.ts';
import type { Config } from './config.ts';
import { readJson } from './json-text.ts';
import { parseConfig } from './parse-config.ts';

export interface ConfigRequest {
  /** What `--config` says. */
  readonly option?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** When the configuration names none: a guess from the environment. */
  readonly language: Language;
}

export interface FoundConfig {
  readonly config: Config;
  /** Absolute path of the file. */
  readonly path: string;
  /** See `ParsedConfig`: a saved plan is refused when this text has changed. */
  readonly planSections: string;
}

/** Where the configuration is looked for: `--config`, else `SPAR_SYNC_CONFIG`, else `config.json`. */
export function configPath(request: Pick<ConfigRequest, 'option' | 'env' | 'cwd'>): string {
  return resolve(request.cwd, request.option || request.env['SPAR_SYNC_CONFIG'] || 'config.json');
}

/** Finds, reads and checks the configuration. Throws `config` with every complaint at once. */
export async function readConfig(request: ConfigRequest): Promise<FoundConfig> {
  const path = configPath(request);
  const read = readJson(decode(await readBytes(path), path));
  if (read.kind === 'broken') {
    const { line, column, text } = read;
    throw new SparSyncError('config', {
      en: `${path} is not valid JSON, line ${line}, column ${column}: ${text.en}.`,
      sv: `${path} är inte giltig JSON, rad ${line}, kolumn ${column}: ${text.sv}.`,
    });
  }
  const parsed = await parseConfig(read.value, { folder: dirname(path), language: request.language });
  const repeated = read.repeated.map((key) => ({
    path: showPath(key.path),
    text: { en: `stands twice (again on line ${key.line})`, sv: `står två gånger (igen på rad ${key.line})` },
  }));
  const complaints = [...repeated, ...(parsed.kind === 'complaints' ? parsed.complaints : [])];
  if (parsed.kind === 'complaints' || complaints.length > 0) throw configError(path, complaints);
  return { config: parsed.config, path, planSections: parsed.planSections };
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw unreadable(path, error instanceof Error && 'code' in error ? error.code : undefined);
  }
}

function unreadable(path: string, code: unknown): SparSyncError {
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new SparSyncError(
      'config',
      { en: `There is no configuration at ${path}.`, sv: `Det finns inga inställningar i ${path}.` },
      {
        en: '`spar-sync init` writes a first one by asking; `--config FILE` or SPAR_SYNC_CONFIG names another.',
        sv: '`spar-sync init` skriver en första genom att fråga; `--config FIL` eller SPAR_SYNC_CONFIG anger en annan.',
      },
    );
  }
  const why: Text =
    code === 'EISDIR'
      ? { en: 'it is a folder', sv: 'det är en mapp' }
      : code === 'EACCES' || code === 'EPERM'
        ? { en: 'this account may not read it', sv: 'kontot får inte läsa den' }
        : { en: `the system says ${String(code)}`, sv: `systemet svarar ${String(code)}` };
  return new SparSyncError('config', {
    en: `The configuration ${path} cannot be read: ${why.en}.`,
    sv: `Inställningarna i ${path} kan inte läsas: ${why.sv}.`,
  });
}

/** UTF-8 with or without a byte order mark; what Windows editors write otherwise is named. */
function decode(bytes: Buffer, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new SparSyncError(
      'config',
      {
        en: `${path} is not in UTF-8, as JSON must be.`,
        sv: `${path} är inte sparad i UTF-8, vilket JSON ska vara.`,
      },
      { en: 'Save it again as UTF-8.', sv: 'Spara om den som UTF-8.' },
    );
  }
}
