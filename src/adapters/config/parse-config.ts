import { isAbsolute, resolve } from 'node:path';
import { parseFreshness } from '../../domain/calendar-date.ts';
import { PERSON_TYPES, type PersonType } from '../../domain/roster.ts';
import type { Language } from '../../domain/text.ts';
import { type Complaint, complaintsOf } from './complaints.ts';
import type {
  AutomaticConfig,
  CertificateConfig,
  Config,
  ConfiguredFile,
  NewGuardianConfig,
  PassphraseSource,
  RosterConfig,
  SparConfig,
} from './config.ts';
import type { WrittenConfig } from './config-schema.ts';
import { crossComplaints } from './cross-rules.ts';

/** Where the configuration lies, and what goes for what it does not say. */
export interface ConfigSurroundings {
  /** Absolute; paths in the configuration are seen from here. */
  readonly folder: string;
  /** When the configuration names none. */
  readonly language: Language;
}

export type ParsedConfig =
  | {
      readonly kind: 'config';
      readonly config: Config;
      /**
       * The sections that a saved plan rests on (`roster`, `update`, `guardians`), with defaults, as JSON
       * with sorted keys: equal when they mean the same.
       */
      readonly planSections: string;
    }
  | { readonly kind: 'complaints'; readonly complaints: readonly Complaint[] };

/** Takes anything that JSON can hold; answers with the configuration or with every complaint at once. */
export async function parseConfig(raw: unknown, surroundings: ConfigSurroundings): Promise<ParsedConfig> {
  // zod takes some 70 ms to load, which `--help` need not pay.
  const { configSchema, keyPlaces, ENCODINGS, normaliseOrganisationNumber } = await import(
    './config-schema.ts'
  );
  const parsed = configSchema.safeParse(raw);
  const fromSchema = parsed.success ? [] : complaintsOf(parsed.error.issues, raw, keyPlaces());
  const complaints = onePerPath([...fromSchema, ...crossComplaints(raw, surroundings.folder)]);
  if (!parsed.success || complaints.length > 0) return { kind: 'complaints', complaints };

  const written = parsed.data;
  const file = (name: string): ConfiguredFile => ({
    path: isAbsolute(name) ? name : resolve(surroundings.folder, name),
    name,
  });
  const update = { ...written.update, types: inOrder(written.update.types) };
  const freshness = parseFreshness(written.freshness);
  if (freshness === undefined) throw new Error('the schema has let an unknown freshness through');
  const config: Config = {
    active: written.active,
    spar: sparConfig(written.spar, file, normaliseOrganisationNumber),
    freshness,
    update,
    guardians: written.guardians,
    automatic: automaticConfig(written.automatic, update.types),
    roster: rosterConfig(written.roster, file, ENCODINGS),
    state: file(written.state),
    limits: written.limits,
    pricing: written.pricing,
    retention: written.retention,
    language: written.language ?? surroundings.language,
  };
  const planSections = canonicalJson({ roster: written.roster, update, guardians: written.guardians });
  return { kind: 'config', config, planSections };
}

/** One complaint about one thing: the first says what matters. */
function onePerPath(complaints: readonly Complaint[]): readonly Complaint[] {
  const said = new Set<string>();
  return complaints.filter(({ path }) => {
    // Unknown keys that are not shown share a path, and each is to be complained of.
    if (path.endsWith('[…]')) return true;
    const isFirst = !said.has(path);
    said.add(path);
    return isFirst;
  });
}

type ToFile = (name: string) => ConfiguredFile;

function inOrder(types: readonly PersonType[]): readonly PersonType[] {
  return PERSON_TYPES.filter((type) => types.includes(type));
}

function sparConfig(
  written: WrittenConfig['spar'],
  file: ToFile,
  normaliseOrganisationNumber: (text: string) => string | undefined,
): SparConfig {
  const { url, orgNrSlutkund, certificate, ca, waitMinutes, ...rest } = written;
  const organisation = orgNrSlutkund === undefined ? undefined : normaliseOrganisationNumber(orgNrSlutkund);
  return {
    ...rest,
    ...(url === undefined ? {} : { url }),
    ...(organisation === undefined ? {} : { orgNrSlutkund: organisation }),
    ...(certificate === undefined ? {} : { certificate: certificateConfig(certificate, file) }),
    ...(ca === undefined ? {} : { ca: file(ca) }),
    ...(waitMinutes === undefined ? {} : { waitMinutes }),
  };
}

function certificateConfig(
  written: NonNullable<WrittenConfig['spar']['certificate']>,
  file: ToFile,
): CertificateConfig {
  const passphrase = passphraseSource(written, file);
  if ('cert' in written) {
    return {
      kind: 'pem',
      cert: file(written.cert),
      key: file(written.key),
      ...(passphrase === undefined ? {} : { passphrase }),
    };
  }
  if (passphrase === undefined) throw new Error('the rules have let a .p12 without a passphrase through');
  return { kind: 'pkcs12', file: file(written.file), passphrase };
}

function passphraseSource(
  written: { passphraseFile?: string | undefined; passphraseEnv?: string | undefined },
  file: ToFile,
): PassphraseSource | undefined {
  if (written.passphraseFile !== undefined) {
    return { kind: 'file', file: file(written.passphraseFile), key: 'spar.certificate.passphraseFile' };
  }
  return written.passphraseEnv === undefined
    ? undefined
    : { kind: 'environment', variable: written.passphraseEnv, key: 'spar.certificate.passphraseEnv' };
}

function automaticConfig(
  written: WrittenConfig['automatic'],
  updateTypes: readonly PersonType[],
): AutomaticConfig {
  const { enabled, guardians, responsible } = written;
  const types = written.types === undefined ? updateTypes : inOrder(written.types);
  const person = responsible === undefined ? {} : { responsible };
  if (!enabled) return { enabled, types, guardians, ...person };
  if (responsible === undefined)
    throw new Error('the rules have let `automatic` without `responsible` through');
  return { enabled, types, guardians, responsible };
}

type Encodings = typeof import('./config-schema.ts').ENCODINGS;

function rosterConfig(written: WrittenConfig['roster'], file: ToFile, encodings: Encodings): RosterConfig {
  if (written.kind === 'csv') {
    const files = written.files.map(({ path, type, columns, encoding, delimiter }) => ({
      ...file(path),
      ...(type === undefined ? {} : { type }),
      ...(columns === undefined ? {} : { columns: present(columns) }),
      ...(encoding === undefined ? {} : { encoding: encodings[encoding] }),
      ...(delimiter === undefined ? {} : { delimiter }),
    }));
    const { links, newGuardian } = written;
    const place = newGuardian?.file === undefined ? undefined : file(newGuardian.file).path;
    return {
      kind: 'csv',
      files,
      ...(links === undefined
        ? {}
        : {
            links: {
              ...file(links.path),
              ...(links.columns === undefined ? {} : { columns: present(links.columns) }),
            },
          }),
      ...newGuardianPart(
        newGuardian,
        files.findIndex(({ path }) => path === place),
      ),
    };
  }
  const people = (Array.isArray(written.people) ? written.people : [written.people]).map(
    ({ table, type, columns }) => ({
      table,
      ...(type === undefined ? {} : { type }),
      ...(columns === undefined ? {} : { columns: present(columns) }),
    }),
  );
  const { links, newGuardian } = written;
  return {
    kind: 'sqlite',
    ...file(written.path),
    people,
    ...(links === undefined
      ? {}
      : {
          links: {
            table: links.table,
            ...(links.columns === undefined ? {} : { columns: present(links.columns) }),
          },
        }),
    ...newGuardianPart(
      newGuardian,
      people.findIndex(({ table }) => table === newGuardian?.table),
    ),
  };
}

function newGuardianPart(
  written: { idStyle?: 'uuid' | 'number' | undefined; values: Record<string, string | number> } | undefined,
  target: number,
): { newGuardian?: NewGuardianConfig } {
  if (written === undefined) return {};
  const values = Object.fromEntries(
    Object.entries(written.values).map(([column, value]) => [column, String(value)]),
  );
  return {
    newGuardian: {
      ...(target === -1 ? {} : { target }),
      ...(written.idStyle === undefined ? {} : { idStyle: written.idStyle }),
      values,
    },
  };
}

/** Drops the keys whose value is `undefined`, which the schema's types allow and ours do not. */
function present<Key extends string>(columns: { [K in Key]?: string | undefined }): { [K in Key]?: string } {
  const kept: { [K in Key]?: string } = {};
  for (const key in columns) {
    const header = columns[key];
    if (header !== undefined) kept[key] = header;
  }
  return kept;
}

/** JSON in which the order of keys does not depend on how they were written. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
