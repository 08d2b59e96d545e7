import { describe, expect, it } from 'vitest';
import { isExposed } from '../../src/adapters/exposed-file.ts';

const self = process.geteuid?.() ?? 0;
const other = self + 1;

describe.skipIf(process.platform === 'win32')('a file with secrets', () => {
  it.each([
    [0o600, self, false],
    [0o400, self, false],
    [0o700, self, false],
    [0o640, self, true],
    [0o620, self, true],
    [0o604, self, true],
    [0o602, self, true],
    [0o644, self, true],
    [0o604, other, true],
  ])('of mode %o is exposed or not', (mode, uid, exposed) => {
    expect(isExposed({ mode: 0o100000 | mode, uid })).toBe(exposed);
  });

  it('of root is not, where its group is how the account was let in', () => {
    const isRoot = self === 0;
    if (isRoot) process.seteuid?.(65534);
    try {
      expect(isExposed({ mode: 0o100640, uid: 0 })).toBe(false);
      expect(isExposed({ mode: 0o100644, uid: 0 })).toBe(true);
      expect(isExposed({ mode: 0o100640, uid: process.geteuid?.() ?? 0 })).toBe(true);
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });

  it.runIf(self === 0)('of another is, where an administrator looks, whom nobody has to let in', () => {
    expect(isExposed({ mode: 0o100640, uid: 65534 })).toBe(true);
  });
});
