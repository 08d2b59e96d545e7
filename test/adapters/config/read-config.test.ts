import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CertificateConfig } from '../../../src/adapters/config/config.ts';
import { readPassphrase } from '../../../src/adapters/config/passphrase.ts';
import { readConfig } from '../../../src/adapters/config/read-config.ts';
import { SparSyncError } from '../../../src/errors.ts';

const MINIMAL = JSON.stringify({
  spar: {
    environment: 'simulator',
    kundNrLeveransMottagare: 500001,
    kundNrSlutkund: 500001,
    uppdragId: 1,
    slutAnvandarId: '{user}',
  },
  freshness: 'week',
  roster: { kind: 'csv', files: [{ path: 'people.csv' }] },
});

let cwd: string;

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'spar-sync-config-'));
});

afterEach(() => {
  rmSync(cwd, { recursive: true });
});

function read(more: { option?: string; env?: Record<string, string> } = {}) {
  return readConfig({ env: {}, cwd, language: 'sv', ...more });
}

async function failureOf(promise: Promise<unknown>): Promise<SparSyncError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof SparSyncError) return error;
  throw new Error(`expected a SparSyncError, got ${String(error)}`);
}

describe('readConfig', () => {
  it('takes --config before SPAR_SYNC_CONFIG before config.json', async () => {
    for (const name of ['a.json', 'b.json', 'config.json']) writeFileSync(join(cwd, name), MINIMAL);
    const env = { SPAR_SYNC_CONFIG: 'b.json' };
    expect((await read({ option: 'a.json', env })).path).toBe(join(cwd, 'a.json'));
    expect((await read({ env })).path).toBe(join(cwd, 'b.json'));
    expect((await read({ env: { SPAR_SYNC_CONFIG: '' } })).path).toBe(join(cwd, 'config.json'));
  });

  it('sees paths from the folder of the file', async () => {
    mkdirSync(join(cwd, 'etc'));
    writeFileSync(join(cwd, 'etc', 'c.json'), MINIMAL);
    const { config } = await read({ option: 'etc/c.json' });
    expect(config.roster).toMatchObject({
      files: [{ path: join(cwd, 'etc', 'people.csv'), name: 'people.csv' }],
    });
    expect(config.language).toBe('sv');
  });

  it('forgives a byte order mark', async () => {
    writeFileSync(join(cwd, 'config.json'), `\uFEFF${MINIMAL}`);
    expect((await read()).config.freshness).toEqual({ kind: 'days', days: 7 });
  });

  it('says what to do when there is none', async () => {
    const error = await failureOf(read());
    expect([error.code, error.text.en]).toEqual([
      'config',
      `There is no configuration at ${join(cwd, 'config.json')}.`,
    ]);
    expect(error.hint?.en).toContain('spar-sync init');
  });

  it('names a folder as one', async () => {
    expect((await failureOf(read({ option: '.' }))).message).toMatch(/it is a folder/);
  });

  it('names line and column of broken JSON, and quotes nothing of it', async () => {
    writeFileSync(join(cwd, 'config.json'), '{\n  "spar": { "passphrase": "hunter2" },\n  hunter2\n}');
    const error = await failureOf(read());
    expect(error.text.en).toBe(
      `${join(cwd, 'config.json')} is not valid JSON, line 3, column 3: keys and texts stand in double quotation marks (").`,
    );
  });

  it('names another encoding', async () => {
    writeFileSync(join(cwd, 'config.json'), Buffer.from('{"a":"förnamn"}', 'latin1'));
    expect((await failureOf(read())).hint?.sv).toBe('Spara om den som UTF-8.');
  });

  it('lists every complaint, repeated keys too', async () => {
    writeFileSync(join(cwd, 'config.json'), MINIMAL.replace('{', '{"active": 1, "active": true, "x": 1,'));
    expect((await failureOf(read())).text.en.split('\n')).toEqual([
      `${join(cwd, 'config.json')} cannot be used, 2 complaints:`,
      '  active: stands twice (again on line 1)',
      expect.stringMatching(/^ {2}x: is not a known key\. Known here: \$schema, active/),
    ]);
  });

  it('tells the first hundred complaints, and how many more there are', async () => {
    const keys = Array.from({ length: 5000 }, (_, n) => `"k${n}": 1,`).join('');
    writeFileSync(join(cwd, 'config.json'), MINIMAL.replace('{', `{${keys}`));
    const lines = (await failureOf(read())).text.en.split('\n');
    expect(lines).toHaveLength(102);
    expect(lines[0]).toContain('5000 complaints');
    expect(lines.at(-1)).toBe('  … and 4900 more');
  });

  it('knows keys that are called like JavaScript, and lets none of them through', async () => {
    for (const key of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      writeFileSync(join(cwd, 'config.json'), MINIMAL.replace('{', `{"${key}": {"polluted": true},`));
      expect((await failureOf(read())).text.en).toContain(`${key}: is not a known key`);
    }
    expect('polluted' in {}).toBe(false);
  });

  it('is told of a path that no file can have', async () => {
    expect(await failureOf(read({ option: 'a\0b' }))).toMatchObject({ code: 'config' });
  });
});

describe('readPassphrase', () => {
  const inFile = (name: string): CertificateConfig => ({
    kind: 'pkcs12',
    file: { path: join(cwd, 'a.p12'), name: 'a.p12' },
    passphrase: {
      kind: 'file',
      file: { path: join(cwd, name), name },
      key: 'spar.certificate.passphraseFile',
    },
  });
  const inVariable: CertificateConfig = {
    kind: 'pem',
    cert: { path: '/c', name: 'c' },
    key: { path: '/k', name: 'k' },
    passphrase: { kind: 'environment', variable: 'hunter2', key: 'spar.certificate.passphraseEnv' },
  };

  it.each<[string, string]>([
    ['hemligt', 'hemligt'],
    ['hemligt\n', 'hemligt'],
    ['hemligt\r\n', 'hemligt'],
    [' hem ligt \n\n', ' hem ligt \n'],
  ])('reads %j as %j', async (content, passphrase) => {
    writeFileSync(join(cwd, 'p.txt'), content, { mode: 0o600 });
    expect(await readPassphrase(inFile('p.txt'), {})).toEqual({ passphrase });
  });

  it.skipIf(process.platform === 'win32')('remarks upon a file that everybody can read', async () => {
    writeFileSync(join(cwd, 'p.txt'), 'hemligt');
    chmodSync(join(cwd, 'p.txt'), 0o644);
    const { remark } = await readPassphrase(inFile('p.txt'), {});
    expect(remark?.en).toMatch(/others on this machine can read/);
  });

  it('reads a variable, and needs none for a key without passphrase', async () => {
    const { passphrase: _, ...bare } = inVariable;
    expect(await readPassphrase(inVariable, { hunter2: 'hemligt' })).toEqual({ passphrase: 'hemligt' });
    expect(await readPassphrase(bare, {})).toEqual({ passphrase: undefined });
  });

  it('names the key and never what stands there', async () => {
    writeFileSync(join(cwd, 'empty.txt'), '\n');
    for (const certificate of [inFile('hunter2'), inFile('empty.txt'), inVariable]) {
      const { code, text, hint } = await failureOf(readPassphrase(certificate, {}));
      expect([code, text.en]).toEqual([
        'config',
        expect.stringMatching(/^spar\.certificate\.passphrase(File|Env): /),
      ]);
      expect(JSON.stringify([text, hint])).not.toContain('hunter2');
    }
  });
});

describe('config.example.json', () => {
  const root = join(import.meta.dirname, '..', '..', '..');

  it('is valid and says every default as it is', async () => {
    const { config } = await readConfig({
      option: 'config.example.json',
      env: {},
      cwd: root,
      language: 'en',
    });
    expect(config.active).toBe(true);
    expect(config.limits).toMatchObject({ maxChangedShare: 0.5, maxMissingShare: 0.3, minPeople: 20 });
  });

  it('has every key, and config.schema.json is made of the same definitions (vitest -u writes it anew)', async () => {
    const { configJsonSchema } = await import('../../../src/adapters/config/config-schema.ts');
    const schema = configJsonSchema();
    await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(
      join(root, 'config.schema.json'),
    );
    const example: unknown = JSON.parse(readFileSync(join(root, 'config.example.json'), 'utf8'));
    expect(missingKeys(schema, example, '')).toEqual([]);
  });
});

/** Keys of the schema that the example lacks. Of several forms, only the one that the example has counts. */
function missingKeys(schema: unknown, example: unknown, path: string): string[] {
  const { properties, anyOf, oneOf, items } = schema as Record<string, unknown>;
  const forms = (anyOf ?? oneOf) as unknown[] | undefined;
  if (forms !== undefined) {
    return forms.map((form) => missingKeys(form, example, path)).sort((a, b) => a.length - b.length)[0] ?? [];
  }
  if (items !== undefined && Array.isArray(example)) return missingKeys(items, example[0], `${path}[0]`);
  return Object.entries((properties ?? {}) as Record<string, unknown>).flatMap(([key, inner]) => {
    const here = `${path}.${key}`;
    // One of the two says where the passphrase is; the first file of the example is for everybody.
    if (key === 'passphraseEnv' || here === '.roster.files[0].type') return [];
    const value = (example as Record<string, unknown> | undefined)?.[key];
    return value === undefined ? [here] : missingKeys(inner, value, here);
  });
}
