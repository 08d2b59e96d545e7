import type { Freshness } from '../../domain/calendar-date.ts';
import type { Pricing, SpendingLimits } from '../../domain/cost.ts';
import type { UpdateRules } from '../../domain/field-rules.ts';
import type { SafetyLimits } from '../../domain/plan-safety.ts';
import type { PersonType } from '../../domain/roster.ts';
import type { Language } from '../../domain/text.ts';
import type { ColumnNames, LinkColumn, PeopleColumn } from '../roster/columns.ts';
import type { CsvDelimiter } from '../roster/csv/csv-dialect.ts';
import type { CsvEncoding } from '../roster/csv/csv-encoding.ts';

/** A file of the configuration: where it is, and what the person wrote, which is what people are shown. */
export interface ConfiguredFile {
  /** Absolute. */
  readonly path: string;
  /** As written in the configuration. */
  readonly name: string;
}

/** Everything that `config.json` says, with defaults filled in and paths made absolute. */
export interface Config {
  /** When false, every command that would ask SPAR refuses. */
  readonly active: boolean;
  readonly spar: SparConfig;
  readonly freshness: Freshness;
  readonly update: UpdateConfig;
  readonly guardians: GuardiansConfig;
  readonly automatic: AutomaticConfig;
  readonly roster: RosterConfig;
  /** The local SQLite file. */
  readonly state: ConfiguredFile;
  readonly limits: SpendingLimits & SafetyLimits;
  readonly pricing: Pricing;
  readonly retention: { readonly cacheDays: number };
  readonly language: Language;
}

export type SparEnvironment = 'simulator' | 'test' | 'production';

export type SparSchema = '2021.1' | '2023.1';

/** Extended permissions as the decision names them. */
export type ExtendedPermission = 'Relationer' | 'Medborgarskap' | 'Taxering' | 'Sekretess';

/** The Swedish keys are those on the decision receipt, so that they can be copied from it. */
export interface SparConfig {
  readonly environment: SparEnvironment;
  /** `https:`; overrides the address of the environment. */
  readonly url?: string;
  readonly schema: SparSchema;
  readonly kundNrLeveransMottagare: number;
  readonly kundNrSlutkund: number;
  readonly uppdragId: number;
  /** Ten digits without a hyphen. */
  readonly orgNrSlutkund?: string;
  /** Template; `{user}` is filled in by `resolveEndUser`. */
  readonly slutAnvandarId: string;
  readonly utokadBehorighet: readonly ExtendedPermission[];
  /** Always there unless the environment is `simulator`. */
  readonly certificate?: CertificateConfig;
  readonly ca?: ConfiguredFile;
  readonly concurrency: number;
  readonly requestsPerSecond: number;
  readonly timeoutSeconds: number;
  readonly retries: number;
  /** Missing when not configured: the command decides (0, or 10 in `nightly`). */
  readonly waitMinutes?: number;
}

/** Where a passphrase is kept; never the passphrase. `key` is its JSON path, for complaints. */
export type PassphraseSource =
  | { readonly kind: 'file'; readonly file: ConfiguredFile; readonly key: string }
  | { readonly kind: 'environment'; readonly variable: string; readonly key: string };

export type CertificateConfig =
  | { readonly kind: 'pkcs12'; readonly file: ConfiguredFile; readonly passphrase: PassphraseSource }
  | {
      readonly kind: 'pem';
      readonly cert: ConfiguredFile;
      readonly key: ConfiguredFile;
      /** Missing for a key without a passphrase. */
      readonly passphrase?: PassphraseSource;
    };

export interface UpdateConfig extends UpdateRules {
  readonly types: readonly PersonType[];
}

export interface GuardiansConfig {
  /** The lowest grade that may write a personnummer onto a guardian without one. */
  readonly assign: 'certain' | 'probable' | 'never';
  readonly protected: 'review' | 'create';
}

/** What `nightly` does. */
export type AutomaticConfig = {
  readonly types: readonly PersonType[];
  readonly guardians: boolean;
} & (
  | { readonly enabled: false; readonly responsible?: string }
  /** `responsible`: whom `{user}` names in an automatic run. */
  | { readonly enabled: true; readonly responsible: string }
);

export type RosterConfig = CsvRosterConfig | SqliteRosterConfig;

export interface CsvRosterConfig {
  readonly kind: 'csv';
  readonly files: readonly CsvFileConfig[];
  readonly links?: ConfiguredFile & { readonly columns?: ColumnNames<LinkColumn> };
  readonly newGuardian?: NewGuardianConfig;
}

export interface CsvFileConfig extends ConfiguredFile {
  /** Missing: the file has a column that says so. */
  readonly type?: PersonType;
  readonly columns?: ColumnNames<PeopleColumn>;
  /** Missing: detected. */
  readonly encoding?: CsvEncoding;
  readonly delimiter?: CsvDelimiter;
}

export interface SqliteRosterConfig extends ConfiguredFile {
  readonly kind: 'sqlite';
  readonly people: readonly PeopleTableConfig[];
  readonly links?: { readonly table: string; readonly columns?: ColumnNames<LinkColumn> };
  readonly newGuardian?: NewGuardianConfig;
}

export interface PeopleTableConfig {
  readonly table: string;
  /** Missing: the table has a column that says so. */
  readonly type?: PersonType;
  readonly columns?: ColumnNames<PeopleColumn>;
}

export interface NewGuardianConfig {
  /** Index into `files` or `people`; missing when only one place can take a guardian, or nothing was said. */
  readonly target?: number;
  /** Missing: `number` where all ids are whole numbers, else `uuid`. */
  readonly idStyle?: 'uuid' | 'number';
  /** The roster's own column to what a new row holds in it. */
  readonly values: Readonly<Record<string, string>>;
}
