import type { LookupOutcome } from '../../../app/ports.ts';
import { SparSyncError } from '../../../errors.ts';

type Unavailable = Extract<LookupOutcome, { readonly kind: 'unavailable' }>;

/** How a call ended without an answer. */
export interface TransportFailure {
  /** Node's or OpenSSL's code; `TLS_ALERT_` with a number, `deadline` and `cut` are ours. */
  readonly code: string;
  /** A kept-alive connection was used, and nothing of an answer had come on it. */
  readonly deadSocket: boolean;
  /** The question had gone out whole. */
  readonly sent?: boolean;
}

/**
 * Alerts by which a server says no to the client's certificate: handshake_failure, those about certificates,
 * unknown_ca, access_denied, decrypt_error and certificate_required (RFC 5246 and 8446). Others, such as
 * protocol_version, are plain TLS trouble. In TLS 1.3 Node gives them a name; in TLS 1.2, which SPAR speaks,
 * it says EPROTO, and `https-channel.ts` finds the alert's number.
 */
const CERTIFICATE_ALERT =
  /^ERR_SSL_\w*ALERT_\w*(?:CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED|HANDSHAKE_FAILURE|DECRYPT_ERROR)|^TLS_ALERT_(?:4[0-6]|48|49|51|116)$/;

/** Reasons for which the server's own certificate does not hold. Source: node:tls, X509 certificate error codes. */
const UNVERIFIED_SERVER: ReadonlyMap<string, readonly [en: string, sv: string]> = new Map([
  ['DEPTH_ZERO_SELF_SIGNED_CERT', ['it is self-signed', 'det är självsignerat']],
  ['SELF_SIGNED_CERT_IN_CHAIN', ['its issuer is not trusted', 'utfärdaren är inte betrodd']],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', ['its issuer is not known', 'utfärdaren är okänd']],
  ['UNABLE_TO_GET_ISSUER_CERT', ['its issuer is not known', 'utfärdaren är okänd']],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', ['its issuer is not known', 'utfärdaren är okänd']],
  ['CERT_HAS_EXPIRED', ['it has expired', 'det har gått ut']],
  ['CERT_NOT_YET_VALID', ['it is not valid yet', 'det gäller inte ännu']],
  ['CERT_REVOKED', ['it has been revoked', 'det är återkallat']],
  ['CERT_UNTRUSTED', ['it is not trusted', 'det är inte betrott']],
  ['CERT_REJECTED', ['it is not meant for this', 'det är inte avsett för detta']],
  ['CERT_SIGNATURE_FAILURE', ['its signature is wrong', 'signaturen stämmer inte']],
  ['CERT_CHAIN_TOO_LONG', ['its chain is too long', 'certifikatkedjan är för lång']],
  ['INVALID_CA', ['its issuer may not issue certificates', 'utfärdaren får inte utfärda certifikat']],
  ['INVALID_PURPOSE', ['it is not meant for servers', 'det är inte avsett för servrar']],
  ['HOSTNAME_MISMATCH', ['it belongs to another host', 'det tillhör en annan server']],
  ['ERR_TLS_CERT_ALTNAME_INVALID', ['it belongs to another host', 'det tillhör en annan server']],
]);

/** Whether it was we who broke off, because the server's own certificate does not hold. */
export function isDistrust(code: string): boolean {
  return UNVERIFIED_SERVER.has(code);
}

/**
 * What a failed call becomes (CONTRACT section 6): SPAR refusing our certificate stops the run, everything
 * else between here and SPAR may pass.
 */
export function explainFailure(failure: TransportFailure): Unavailable | SparSyncError {
  const explained = explainCode(failure);
  const isLost = failure.sent === true && !(explained instanceof SparSyncError);
  return isLost ? { ...explained, sent: true } : explained;
}

function explainCode({ code, deadSocket }: TransportFailure): Unavailable | SparSyncError {
  if (CERTIFICATE_ALERT.test(code)) return certificateRejected(code);
  const flaw = UNVERIFIED_SERVER.get(code);
  if (flaw !== undefined) {
    return {
      kind: 'unavailable',
      detail: {
        en: `the server's certificate cannot be trusted: ${flaw[0]} (${code}); check spar.url, and spar.ca if its issuer is none that comes with Node (NODE_EXTRA_CA_CERTS is not heeded)`,
        sv: `serverns certifikat går inte att lita på: ${flaw[1]} (${code}); kontrollera spar.url, och spar.ca om utfärdaren inte är en som följer med Node (NODE_EXTRA_CA_CERTS följs inte)`,
      },
    };
  }
  if (code === 'deadline') {
    return {
      kind: 'unavailable',
      detail: { en: 'SPAR did not answer in time', sv: 'SPAR svarade inte i tid' },
    };
  }
  if (code === 'cut') {
    return { kind: 'unavailable', detail: { en: 'the answer was cut off', sv: 'svaret bröts av' } };
  }
  return {
    kind: 'unavailable',
    detail: { en: `no connection with SPAR (${code})`, sv: `ingen kontakt med SPAR (${code})` },
    ...(deadSocket ? { deadSocket: true } : {}),
  };
}

function certificateRejected(code: string): SparSyncError {
  return new SparSyncError(
    'spar-rejected',
    { en: `SPAR does not accept the certificate (${code})`, sv: `SPAR godtar inte certifikatet (${code})` },
    {
      en: 'see with "spar-sync check" that it is the organisation certificate that SPAR has coupled to the customer number, and that it has not expired',
      sv: 'se med "spar-sync check" att det är organisationscertifikatet som SPAR har kopplat till kundnumret och att det inte har gått ut',
    },
  );
}
