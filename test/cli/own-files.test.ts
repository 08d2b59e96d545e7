import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/adapters/config/read-config.ts';
import { REPORT_FILES } from '../../src/adapters/report/write-report.ts';
import { prepareFiles } from '../../src/cli/asking.ts';
import { refuseOwnFile } from '../../src/cli/own-files.ts';
import { refusal } from '../support/refusal.ts';
import { createFakeContext } from './fake-process.ts';

const CONFIG = {
  active: true,
  spar: {
    environment: 'simulator',
    kundNrLeveransMottagare: 500243,
    kundNrSlutkund: 500243,
    uppdragId: 637,
    slutAnvandarId: 'test',
  },
  freshness: 'month',
  roster: { kind: 'csv', files: [{ path: 'people.csv' }], links: { path: 'links.csv' } },
};

describe('a result is never written over', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'spar-sync-own-'));
    await writeFile(join(folder, 'config.json'), JSON.stringify(CONFIG));
    await writeFile(join(folder, 'people.csv'), 'id,type,first_name\n');
    await symlink('people.csv', join(folder, 'alias.csv'));
    // Neither links.csv nor the state is there yet.
    await symlink('links.csv', join(folder, 'dangling.csv'));
    await symlink('.', join(folder, 'same'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const found = () => readConfig({ env: {}, cwd: folder, language: 'en' });

  it.each([
    'people.csv',
    'links.csv',
    'config.json',
    'spar-sync.db',
    'spar-sync.db-wal',
    'spar-sync.db-lock',
    'spar-sync.db-lock-journal',
    'spar-sync.db-lock.json',
    'spar-sync.db-lock.json.new',
    'spar-sync.db.v1-backup',
    'alias.csv',
    'dangling.csv',
    'same/spar-sync.db',
    './people.csv',
  ])('%s', async (file) => {
    const config = await found();
    const error = await refusal(refuseOwnFile(file, folder, config));
    expect([error.code, error.text.en.includes(file)]).toEqual(['usage', true]);
  });

  it('and another file is nobody’s', async () => {
    const config = await found();
    await refuseOwnFile('export.csv', folder, config);
    await refuseOwnFile('spar-sync.db.csv', folder, config);
    await refuseOwnFile('people.csv-lock', folder, config);
    await refuseOwnFile(undefined, folder, config);
  });

  it.each([
    { file: 'client.p12', passphraseFile: 'secrets/passphrase' },
    { cert: 'cert.pem', key: 'key.pem', passphraseFile: 'secrets/passphrase' },
  ])('any file of the certificate %o', async (certificate) => {
    const spar = { ...CONFIG.spar, environment: 'test', certificate, ca: 'ca.pem' };
    await writeFile(join(folder, 'config.json'), JSON.stringify({ ...CONFIG, spar }));
    const config = await found();
    for (const file of [...Object.values(certificate), 'ca.pem']) {
      expect((await refusal(refuseOwnFile(file, folder, config))).code).toBe('usage');
    }
  });

  describe('nor is a file of the report', () => {
    const KINDS = ['update', 'guardians'] as const;

    it.each(KINDS.flatMap((kind) => REPORT_FILES[kind].map((name) => [kind, name] as const)))(
      'of %s: %s',
      async (kind, name) => {
        const roster = { kind: 'csv', files: [{ path: `register/${name}` }] };
        await writeFile(join(folder, 'config.json'), JSON.stringify({ ...CONFIG, roster }));
        await mkdir(join(folder, 'register'));
        await writeFile(join(folder, 'register', name), 'id,type\n');
        const { context } = createFakeContext({ cwd: folder });
        const config = await found();
        const error = await refusal(prepareFiles(kind, { report: 'register' }, config, context));
        expect([error.code, error.text.en.includes(join('register', name))]).toEqual(['usage', true]);
        await prepareFiles(kind, { report: 'report' }, config, context);
        expect(await readdir(join(folder, 'report'))).toEqual([]);
      },
    );

    it('and the usual names of a roster are not among them', () => {
      const names = KINDS.flatMap((kind): readonly string[] => REPORT_FILES[kind]);
      expect(names).not.toContain('links.csv');
      expect(names).not.toContain('guardians.csv');
    });
  });
});
