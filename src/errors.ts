import type { Text } from './domain/text.ts';

/** Why a run stops. `cli/exit-codes.ts` gives each its exit code; `--json` prints it as `error.code`. */
export type ErrorCode =
  | 'usage'
  | 'config'
  | 'not-active'
  | 'plan-unusable'
  | 'decisions-unusable'
  | 'brake'
  | 'plan-outdated'
  | 'roster-unreadable'
  | 'roster-unwritable'
  | 'spar-unreachable'
  | 'spar-rejected'
  | 'spar-not-understood'
  | 'state-unusable'
  | 'state-newer'
  | 'state-locked'
  | 'report-unwritable'
  | 'interrupted';

/**
 * What stops a run: something that the person who runs it can act on. Everything that concerns one person
 * only is data in the plan instead. Anything else that is thrown is a bug and is reported as one.
 *
 * Neither `text` nor `hint` may hold a name, an address or an unmasked personnummer, and there is no
 * `cause`: errors of the SOAP and TLS libraries carry the passphrase and the request in their properties.
 */
export class SparSyncError extends Error {
  override readonly name = 'SparSyncError';
  readonly code: ErrorCode;
  readonly text: Text;
  readonly hint: Text | undefined;
  /** SPAR's UUID of the answer that led to it, for the ledger. */
  readonly reference: string | undefined;

  constructor(code: ErrorCode, text: Text, hint?: Text, reference?: string) {
    super(text.en);
    this.code = code;
    this.text = text;
    this.hint = hint;
    this.reference = reference;
  }
}
