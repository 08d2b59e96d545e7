import { describe, expect, it } from 'vitest';
import { COMMAND_HELP } from '../../src/cli/help-texts.ts';
import { LAZY_COMMANDS } from '../../src/cli/lazy-commands.ts';
import { main } from '../../src/cli/main.ts';
import { createFakeProcess } from './fake-process.ts';

async function help(argv: readonly string[], lang: string): Promise<string> {
  const process = createFakeProcess({ LANG: lang });
  const exit = await main([...argv, '--help'], process);
  expect({ exit, err: process.stderr.text }).toEqual({ exit: 0, err: '' });
  return process.stdout.text;
}

describe('help', () => {
  it.each([
    ['en', 'C.UTF-8'],
    ['sv', 'sv_SE.UTF-8'],
  ])('reads as a person should read it: %s', async (language, lang) => {
    const pages: string[] = [];
    for (const argv of [[], ...Object.keys(COMMAND_HELP).map((name) => name.split(' '))]) {
      pages.push(`$ ${['spar-sync', ...argv, '--help'].join(' ')}\n${await help(argv, lang)}`);
    }
    await expect(pages.join('\n')).toMatchFileSnapshot(`help.${language}.txt`);
  });

  it('is there for every command', () => {
    expect(Object.keys(COMMAND_HELP).sort()).toEqual(Object.keys(LAZY_COMMANDS).sort());
  });

  it('says the version', async () => {
    const process = createFakeProcess();
    expect(await main(['--version'], process)).toBe(0);
    expect(process.stdout.text).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('says in each command what is true everywhere', async () => {
    for (const name of Object.keys(COMMAND_HELP)) {
      const page = await help(name.split(' '), 'en_GB.UTF-8');
      for (const flag of [
        '--config',
        '--json',
        '--quiet',
        '--no-color',
        '--as-of',
        '--help',
        'Examples:',
        'Exit codes:',
      ]) {
        expect(page).toContain(flag);
      }
    }
  });
});
