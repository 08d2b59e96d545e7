import { describe, expect, it } from 'vitest';
import { resolveEndUser } from '../../../src/adapters/config/end-user.ts';
import { SparSyncError } from '../../../src/errors.ts';

const world = (env: Record<string, string> = {}, username = 'anna') => ({
  env,
  userInfo: () => ({ username }),
});

describe('resolveEndUser', () => {
  it.each<[string, string, Record<string, string>, string]>([
    ['a fixed text', 'rektor Skolan', { SUDO_USER: 'bo' }, 'rektor Skolan'],
    ['the account', 'spar-sync {user}', {}, 'spar-sync anna'],
    ['the person behind sudo', '{user}', { SUDO_USER: 'bo' }, 'bo'],
    ['the person behind doas', '{user}', { DOAS_USER: 'bo' }, 'bo'],
    ['the account where SUDO_USER is empty', '{user}', { SUDO_USER: '' }, 'anna'],
    ['every place', '{user}/{user}', {}, 'anna/anna'],
    ['a name with $ in it', '{user}', { SUDO_USER: '$&' }, '$&'],
  ])('fills in %s', (_, template, env, result) => {
    expect(resolveEndUser(template, world(env))).toBe(result);
  });

  it('names the responsible person in an automatic run, also behind sudo', () => {
    expect(resolveEndUser('nightly {user}', { ...world({ SUDO_USER: 'bo' }), responsible: 'rektor' })).toBe(
      'nightly rektor',
    );
  });

  it.each<[string, string, string]>([
    ['too long', '{user}', 'x'.repeat(257)],
    ['a line break', '{user}', 'anna\n'],
    ['only blanks', '{user}', '  '],
    ['no name', '{user}', ''],
  ])('refuses %s', (_, template, username) => {
    const call = () => resolveEndUser(template, world({}, username));
    expect(call).toThrow(SparSyncError);
    expect(call).toThrow(/^spar\.slutAnvandarId/);
  });

  it('asks for the account only where it is needed', () => {
    const userInfo = () => {
      throw new Error('no such account');
    };
    expect(resolveEndUser('rektor', { env: {}, userInfo })).toBe('rektor');
    expect(() => resolveEndUser('{user}', { env: {}, userInfo })).toThrow(/has no name/);
  });
});
