import { describe, expect, it } from 'vitest';
import { disarmStart } from '../../src/cli/environment.ts';

const HOME = { HOME: '/home' };

describe('what Node heeds before the program begins', () => {
  it.each([
    [{}, undefined, []],
    [{ NODE_OPTIONS: '' }, undefined, []],
    [{ NODE_OPTIONS: '--max-old-space-size=512' }, '--max-old-space-size=512', []],
    [
      { NODE_OPTIONS: '--max_old_space_size 512  --no-warnings' },
      '--max_old_space_size 512 --no-warnings',
      [],
    ],
    [{ NODE_OPTIONS: '--tls-keylog=/k' }, undefined, ['--tls-keylog']],
    [
      { NODE_OPTIONS: '--no-warnings --tls-keylog /k --trace-warnings' },
      '--no-warnings --trace-warnings',
      ['--tls-keylog'],
    ],
    [{ NODE_OPTIONS: '--inspect=0.0.0.0:9229' }, undefined, ['--inspect']],
    [{ NODE_OPTIONS: '--inspect-brk --inspect-brk' }, undefined, ['--inspect-brk']],
    [{ NODE_OPTIONS: '-r ./spy.cjs' }, undefined, ['-r']],
    [{ NODE_OPTIONS: '--import=./spy.mjs' }, undefined, ['--import']],
    [
      { NODE_OPTIONS: '--use-system-ca --report-uncaught-exception' },
      undefined,
      ['--use-system-ca', '--report-uncaught-exception'],
    ],
    // What is in quotes, Node divides in its own way: nothing of it is kept.
    [{ NODE_OPTIONS: '--no-warnings "--tls-keylog=/k"' }, undefined, ['--no-warnings', '--tls-keylog']],
  ])('%j', (env, kept, told) => {
    const disarmed = disarmStart({ ...HOME, ...env });
    expect(disarmed.env).toEqual({ ...HOME, ...(kept !== undefined && { NODE_OPTIONS: kept }) });
    expect(disarmed.notes).toHaveLength(told.length > 0 ? 1 : 0);
    for (const { en, sv } of disarmed.notes) {
      expect(en).toContain(`not heeded with ${told.join(', ')}:`);
      expect(sv).toContain(`följs inte för ${told.join(', ')}:`);
      expect(en).not.toContain('/k');
    }
  });

  it('names NODE_DEBUG too, and takes it out', () => {
    for (const name of ['NODE_DEBUG', 'NODE_DEBUG_NATIVE']) {
      const { env, notes } = disarmStart({ ...HOME, [name]: 'tls' });
      expect(env).toEqual(HOME);
      expect(notes.map(({ en }) => en)).toEqual([
        expect.stringContaining('NODE_DEBUG is set and is not heeded'),
      ]);
    }
  });
});
