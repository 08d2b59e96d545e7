import {
  chmod,
  chown,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { errnoOf, isErrno, writeAll, writeFileAtomically } from '../../src/adapters/atomic-write.ts';

describe('writing a file atomically', () => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'spar-sync-atomic-'));
    path = join(folder, 'plan.json');
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function mode(): Promise<number> {
    return (await stat(path)).mode & 0o777;
  }

  it('makes a new file for its owner only', async () => {
    await writeFileAtomically(path, 'å');
    expect(await readFile(path, 'utf8')).toBe('å');
    expect(await mode()).toBe(0o600);
    expect(await readdir(folder)).toEqual(['plan.json']);
  });

  it('keeps the mode of a file that it replaces, unless told another', async () => {
    await writeFile(path, 'old');
    await chmod(path, 0o664);
    await writeFileAtomically(path, Buffer.from('new'));
    expect([await mode(), await readFile(path, 'utf8')]).toEqual([0o664, 'new']);
    await writeFileAtomically(path, 'newer', { mode: 0o600 });
    expect([await mode(), await readFile(path, 'utf8')]).toEqual([0o600, 'newer']);
  });

  it('keeps the owner where this account may give files away', async (context) => {
    if (process.geteuid?.() !== 0) return context.skip('only root may give files away');
    await writeFile(path, 'old');
    await chown(path, 1234, 5678);
    await writeFileAtomically(path, 'new');
    const { uid, gid } = await stat(path);
    expect({ uid, gid }).toEqual({ uid: 1234, gid: 5678 });
  });

  it('follows a symbolic link', async () => {
    await writeFile(join(folder, 'real.json'), 'old');
    await symlink('real.json', path);
    await writeFileAtomically(path, 'new');
    expect((await lstat(path)).isSymbolicLink()).toBe(true);
    expect(await readFile(join(folder, 'real.json'), 'utf8')).toBe('new');
  });

  it('leaves nothing beside when it fails', async () => {
    await mkdir(path);
    const error = await writeFileAtomically(path, 'new').then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(isErrno(error, 'EISDIR', 'ENOTEMPTY', 'EEXIST')).toBe(true);
    expect(await readdir(folder)).toEqual(['plan.json']);
  });

  it("throws the system's own error", async () => {
    const missing = join(folder, 'no', 'such', 'folder.json');
    await expect(writeFileAtomically(missing, 'x')).rejects.toMatchObject({ code: 'ENOENT' });
    expect(errnoOf(new Error('x'))).toBeUndefined();
  });

  it('writes on after a short write', async () => {
    const written: Buffer[] = [];
    const stingy = {
      write(bytes: Uint8Array, offset: number, length: number) {
        const bytesWritten = Math.min(3, length);
        written.push(Buffer.from(bytes.subarray(offset, offset + bytesWritten)));
        return Promise.resolve({ bytesWritten });
      },
    };
    await writeAll(stingy, Buffer.from('0123456789'));
    expect(Buffer.concat(written).toString()).toBe('0123456789');
  });
});
