import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../', import.meta.url));

/** What the program reads at run time and tsc does not copy to `dist/`. */
const READ_AT_RUN_TIME = ['src/adapters/spar/wsdl', 'fixtures/school', 'fixtures/population.json'];

it('the package holds every file that the program reads at run time, and nothing of the tests', () => {
  const listed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const packed: { readonly files: readonly { readonly path: string }[] }[] = JSON.parse(listed);
  const paths = (packed[0]?.files ?? []).map(({ path }) => path);
  const needed = READ_AT_RUN_TIME.flatMap((path) =>
    path.includes('.')
      ? [path]
      : readdirSync(`${ROOT}${path}`, { recursive: true, withFileTypes: true })
          .filter((item) => item.isFile())
          .map((item) => `${item.parentPath}/${item.name}`.slice(ROOT.length)),
  );
  expect(needed.length).toBeGreaterThan(READ_AT_RUN_TIME.length);
  expect(paths).toEqual(expect.arrayContaining(needed));
  expect(paths.filter((path) => /^(?:test|bench)\/|\.ts$/.test(path))).toEqual([]);
});
