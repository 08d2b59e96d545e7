// Compiles dist/ after `npm ci`. With --omit=dev there is no compiler: then a dist/ that came with the
// package is used as it is, and `npm ci` must not fail for want of tsc.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const tsc = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url));

if (!existsSync(tsc)) {
  console.log('spar-sync: no compiler here (--omit=dev): dist/ is left as it is');
} else {
  const done = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], {
    cwd: root,
    stdio: 'inherit',
  });
  process.exitCode = done.status ?? 1;
}
