import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CertificateConfig, SparConfig } from '../../../src/adapters/config/config.ts';
import { openWayToSpar } from '../../../src/adapters/spar/way-to-spar.ts';
import { addDays, type CalendarDate } from '../../../src/domain/calendar-date.ts';
import { makeCertificate, makePkcs12 } from '../../support/certificates.ts';

const certificate = makeCertificate({
  commonName: 'spar.provskolan.test',
  validFromDays: -400,
  validToDays: 400,
});
let folder: string;
let lastDay: CalendarDate;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'spar-sync-way-'));
  write('skolan.p12', makePkcs12(certificate, [], 'x'), 0o600);
  write('cert.pem', certificate.cert, 0o644);
  write('key.pem', certificate.key, 0o600);
  lastDay = (await remarksOn(P12, '2000-01-01' as CalendarDate, true)).lastDay;
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, content: string | Buffer, mode: number): void {
  rmSync(join(folder, name), { force: true });
  writeFileSync(join(folder, name), content, { mode });
}

const file = (name: string) => ({ path: join(folder, name), name });
const passphrase = { kind: 'environment', key: 'spar.certificate.passphraseEnv', variable: 'FRAS' } as const;
const P12 = () => ({ kind: 'pkcs12', file: file('skolan.p12'), passphrase }) as CertificateConfig;
const PEM = () => ({ kind: 'pem', cert: file('cert.pem'), key: file('key.pem') }) as CertificateConfig;

async function remarksOn(configured: () => CertificateConfig, today: CalendarDate, isEarly = false) {
  const spar = {
    environment: 'production',
    schema: '2021.1',
    concurrency: 1,
    timeoutSeconds: 1,
    certificate: configured(),
  } as SparConfig;
  const day = isEarly ? (new Date().toISOString().slice(0, 10) as CalendarDate) : today;
  const way = await openWayToSpar(spar, { FRAS: 'x' }, day);
  await way.close();
  return { remarks: way.remarks, lastDay: way.certificate?.notAfter ?? day };
}

describe('what is to be said of the certificate', () => {
  it.each([
    [31, 0],
    [30, 1],
    [1, 1],
    [0, 1],
  ])('%i days before its last one, in both languages', async (days, remarks) => {
    const found = await remarksOn(P12, addDays(lastDay, -days));
    expect(found.remarks).toHaveLength(remarks);
    for (const { en, sv } of found.remarks) {
      expect(en).toContain(`expires on ${lastDay}`);
      expect(sv).toContain(`går ut ${lastDay}`);
    }
  });

  it('refuses one whose last day is past', async () => {
    await expect(remarksOn(P12, addDays(lastDay, 1))).rejects.toMatchObject({ code: 'config' });
  });

  it.skipIf(process.platform === 'win32').each([
    [0o600, []],
    [0o640, ['key']],
    [0o604, ['key']],
  ])('where others can read the key: mode %o', async (mode, said) => {
    write('skolan.p12', makePkcs12(certificate, [], 'x'), mode);
    write('key.pem', certificate.key, mode);
    const today = addDays(lastDay, -100);
    const ofPkcs12 = (await remarksOn(P12, today)).remarks;
    const ofPem = (await remarksOn(PEM, today)).remarks;
    expect(ofPkcs12.map(({ en }) => en)).toEqual(
      said.map(
        () => 'spar.certificate.file: others on this machine can read that file; chmod 600 closes it.',
      ),
    );
    expect(ofPem.map(({ sv }) => sv)).toEqual(
      said.map(() => 'spar.certificate.key: andra på den här datorn kan läsa filen; chmod 600 stänger den.'),
    );
  });
});
