import { describe, expect, it } from 'vitest';
import { readHttpAnswer, readRetryAfter } from '../../../src/adapters/spar/connection/http-answer.ts';
import { explainFailure } from '../../../src/adapters/spar/connection/transport-failure.ts';
import type { LookupOutcome } from '../../../src/app/ports.ts';
import { SparSyncError } from '../../../src/errors.ts';
import { ownMessage, personId } from '../../support/spar-messages.ts';

const EVA = personId('197901049283');
const NOW = '2026-11-23T05:00:00.000Z';

function settle(status: number, body = '', retryAfter?: string): LookupOutcome | SparSyncError {
  try {
    return readHttpAnswer({ status, retryAfter, body: Buffer.from(body) }, EVA, [], NOW);
  } catch (error) {
    if (error instanceof SparSyncError) return error;
    throw error;
  }
}

describe('an HTTP answer', () => {
  const html = `<html><body>Eva Testsson ${EVA}</body></html>`;
  it.each<[status: number, body: string, becomes: object]>([
    [200, ownMessage('child').replaceAll('201301032395', EVA), { kind: 'answered' }],
    [200, html, { kind: 'garbled' }],
    [202, '', { kind: 'garbled' }],
    [204, '', { kind: 'garbled' }],
    [301, html, { code: 'spar-not-understood' }],
    [307, '', { code: 'spar-not-understood' }],
    [400, html, { code: 'spar-not-understood' }],
    [401, html, { code: 'spar-rejected' }],
    [403, html, { code: 'spar-rejected' }],
    [403, ownMessage('soap-fault'), { code: 'spar-rejected' }],
    [404, html, { code: 'spar-not-understood' }],
    [408, html, { kind: 'unavailable' }],
    [410, ownMessage('soap-fault'), { code: 'spar-not-understood' }],
    [429, html, { kind: 'unavailable' }],
    [500, html, { kind: 'unavailable' }],
    [500, '', { kind: 'unavailable' }],
    [500, ownMessage('soap-fault'), { code: 'spar-not-understood' }],
    [503, ownMessage('soap-fault'), { code: 'spar-not-understood' }],
    [
      502,
      ownMessage('exception-general'),
      { kind: 'unavailable', reference: expect.stringMatching(/^0{8}-/) },
    ],
    [503, html, { kind: 'unavailable' }],
    [599, html, { kind: 'unavailable' }],
  ])('with status %i and %.30j', (status, body, becomes) => {
    const settled = settle(status, body);
    expect(settled).toMatchObject(becomes);
    const shown =
      settled instanceof SparSyncError ? settled.message + settled.text.sv : JSON.stringify(settled);
    if (status !== 200) {
      expect(shown).not.toMatch(/Eva|197901049283/);
      if (!shown.includes('garbled')) expect(shown).toContain(String(status));
    }
  });

  it.each([
    ['120', 120],
    [' 0 ', 0],
    ['Mon, 23 Nov 2026 05:01:30 GMT', 90],
    ['Mon, 23 Nov 2026 04:00:00 GMT', 0],
    ['-5', undefined],
    ['soon', undefined],
    ['1.5', undefined],
    ['', undefined],
    [undefined, undefined],
    ['99999999999999', undefined],
  ])('with Retry-After %j waits %j seconds', (header, seconds) => {
    expect(readRetryAfter(header, NOW)).toBe(seconds);
    expect(settle(503, '', header)).toEqual({
      kind: 'unavailable',
      detail: { en: expect.any(String), sv: expect.any(String) },
      ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }),
    });
  });
});

describe('a call without an answer', () => {
  it.each([
    'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
    'ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE',
    'ERR_SSL_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE',
    'ERR_SSL_SSLV3_ALERT_CERTIFICATE_REVOKED',
    'ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED',
    'ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN',
    'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE',
    'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA',
    'ERR_SSL_TLSV1_ALERT_ACCESS_DENIED',
    'ERR_SSL_TLSV1_ALERT_DECRYPT_ERROR',
    'TLS_ALERT_40',
    'TLS_ALERT_42',
    'TLS_ALERT_46',
    'TLS_ALERT_48',
    'TLS_ALERT_49',
    'TLS_ALERT_116',
  ])('is refused with %s', (code) => {
    expect(explainFailure({ code, deadSocket: false })).toMatchObject({ code: 'spar-rejected' });
  });

  it.each([
    'ENOTFOUND',
    'EAI_AGAIN',
    'ECONNREFUSED',
    'ETIMEDOUT',
    'EHOSTUNREACH',
    'ECONNRESET',
    'EPROTO',
    'HPE_INVALID_CONSTANT',
    'ERR_SSL_WRONG_VERSION_NUMBER',
    'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
    'ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR',
    'TLS_ALERT_70',
    'TLS_ALERT_80',
    'ERR_UNKNOWN',
    'deadline',
    'cut',
  ])('may pass with %s', (code) => {
    expect(explainFailure({ code, deadSocket: false })).toEqual({
      kind: 'unavailable',
      detail: { en: expect.any(String), sv: expect.any(String) },
    });
  });

  it.each([
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'not trusted'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'not known'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'another host'],
    ['CERT_HAS_EXPIRED', 'expired'],
  ])('says what is wrong with the server for %s', (code, words) => {
    const explained = explainFailure({ code, deadSocket: false });
    expect(explained).toMatchObject({ kind: 'unavailable' });
    expect(JSON.stringify(explained)).toContain(words);
    expect(JSON.stringify(explained)).toContain('spar.ca');
  });

  it('marks a dead socket', () => {
    expect(explainFailure({ code: 'ECONNRESET', deadSocket: true })).toMatchObject({
      kind: 'unavailable',
      deadSocket: true,
    });
  });
});
