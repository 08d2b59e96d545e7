import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { ProgressEvent } from '../../src/app/ports.ts';
import { canAsk, confirm, createProgress, type StatusLine } from '../../src/cli/terminal.ts';
import { createFakeContext, Sink } from './fake-process.ts';

/** A clock that is set, and the times at which a thousand people were asked about, some each second. */
function createClock() {
  let now = 0;
  return { elapsed: () => now, set: (milliseconds: number) => (now = milliseconds) };
}

const price = { perLookup: 0.4, currency: 'SEK' };

function createTerminal() {
  const stderr = new Sink();
  stderr.isTTY = true;
  const shown: string[] = [];
  const line: StatusLine = { show: (text) => shown.push(text), clear: () => shown.push('') };
  return { stderr, shown, openStatusLine: async () => line };
}

describe('progress without a terminal', () => {
  async function lines(
    events: readonly (readonly [number, ProgressEvent])[],
    changes = {},
  ): Promise<string[]> {
    const { context, stderr, stdout } = createFakeContext(changes);
    const clock = createClock();
    const { progress, stop } = await createProgress(context, { elapsed: clock.elapsed, price });
    for (const [at, event] of events) {
      clock.set(at);
      progress(event);
    }
    stop();
    expect(stdout.text).toBe('');
    return stderr.text.split('\n').slice(0, -1);
  }

  const thousand = Array.from({ length: 1000 }, (_, index): readonly [number, ProgressEvent] => [
    (index + 1) * 100,
    { kind: 'asked', done: index + 1, failed: 0, total: 1000 },
  ]);

  it('is a line every tenth of the way', async () => {
    const said = await lines([[0, { kind: 'reading' }], [0, { kind: 'asking', total: 1000 }], ...thousand]);
    expect(said).toHaveLength(12);
    expect(said.slice(0, 4)).toEqual([
      'Reading the roster',
      'Asking SPAR about 1,000 people',
      '100 of 1,000, 10/s, 1 min 30 s left, 40.00 SEK',
      '200 of 1,000, 10/s, 1 min 20 s left, 80.00 SEK',
    ]);
    expect(said.at(-1)).toBe('Questions about 1,000 people sent, 400.00 SEK');
  });

  it('is a line every half minute when SPAR is slow', async () => {
    const slow = [1, 2, 3, 4, 5, 6].map((done): readonly [number, ProgressEvent] => [
      done * 20_000,
      { kind: 'asked', done, failed: 1, total: 100 },
    ]);
    const said = await lines([[0, { kind: 'asking', total: 100 }], ...slow], { language: 'sv' });
    expect(said).toEqual([
      'Frågar SPAR om 100 personer',
      '2 av 100, 1 utan användbart svar, 0,1/s, 32 min 40 s kvar, 0,40 kr',
      '4 av 100, 1 utan användbart svar, 0,1/s, 32 min 0 s kvar, 1,20 kr',
      '6 av 100, 1 utan användbart svar, 0,1/s, 31 min 20 s kvar, 2,00 kr',
    ]);
  });

  it('tells what else happens, on lines of their own', async () => {
    const said = await lines([
      [0, { kind: 'asking', total: 0 }],
      [0, { kind: 'waiting', seconds: 60 }],
      [0, { kind: 'writing' }],
      [0, { kind: 'settled', run: 2, outcome: 'partly' }],
      [0, { kind: 'remark', text: { en: 'the \u001B[31mclock\nis wrong', sv: '' } }],
    ]);
    expect(said).toEqual([
      'SPAR does not answer; trying again in 1 min 0 s',
      'Writing to the roster',
      'Run 2 had been cut off; part of what it had planned is in the roster.',
      'Note: the clock is wrong',
    ]);
  });

  it('is silent with --quiet, save for what somebody should know', async () => {
    const said = await lines(
      [
        [0, { kind: 'settled', run: 2, outcome: 'applied' }],
        [0, { kind: 'reading' }],
        [0, { kind: 'asking', total: 1000 }],
        [0, { kind: 'remark', text: { en: 'the certificate expires', sv: '' } }],
        ...thousand,
        [0, { kind: 'waiting', seconds: 60 }],
        [0, { kind: 'writing' }],
      ],
      { quiet: true },
    );
    expect(said).toEqual([
      'Run 2 had been cut off; all that it had planned is in the roster.',
      'Note: the certificate expires',
    ]);
  });
});

describe('progress on a terminal', () => {
  it('is one line that is drawn anew, and a plain one at the end', async () => {
    const { stderr, shown, openStatusLine } = createTerminal();
    const { context } = createFakeContext({ stderr });
    const clock = createClock();
    const { progress, stop } = await createProgress(context, {
      elapsed: clock.elapsed,
      price,
      openStatusLine,
    });
    progress({ kind: 'asking', total: 4 });
    clock.set(500);
    progress({ kind: 'asked', done: 1, failed: 0, total: 4 });
    clock.set(2000);
    progress({ kind: 'asked', done: 2, failed: 1, total: 4 });
    progress({ kind: 'asked', done: 4, failed: 1, total: 4 });
    stop();
    expect(shown).toEqual([
      'Asking SPAR about 4 people',
      '[#####...............] 1 of 4, 0.40 SEK',
      '[##########..........] 2 of 4, 1 without a usable answer, 1.0/s, 2 s left, 0.40 SEK',
      '',
      '',
    ]);
    expect(stderr.text).toBe('Questions about 4 people sent, 1 without a usable answer, 1.20 SEK\n');
  });
});

describe('progress on a terminal with --quiet', () => {
  it('draws no line', async () => {
    const { stderr, shown, openStatusLine } = createTerminal();
    const { context } = createFakeContext({ stderr, quiet: true });
    const { progress, stop } = await createProgress(context, { elapsed: () => 0, openStatusLine });
    progress({ kind: 'reading' });
    progress({ kind: 'remark', text: { en: 'look', sv: '' } });
    stop();
    expect({ shown, text: stderr.text }).toEqual({ shown: [], text: 'Note: look\n' });
  });
});

describe('progress on a terminal of no width', () => {
  it('is plain lines', async () => {
    const { stderr, shown, openStatusLine } = createTerminal();
    const { context } = createFakeContext({ stderr: Object.assign(stderr, { columns: 0 }) });
    const { progress } = await createProgress(context, { elapsed: () => 0, openStatusLine });
    progress({ kind: 'reading' });
    expect({ shown, text: stderr.text }).toEqual({ shown: [], text: 'Reading the roster\n' });
  });
});

describe('a question', () => {
  it.each([
    ['y\n', 'en', true],
    [' YES \n', 'en', true],
    ['j\n', 'sv', true],
    ['Ja\n', 'sv', true],
    ['\n', 'en', false],
    ['n\n', 'en', false],
    ['yesterday\n', 'en', false],
    ['', 'en', false],
  ] as const)('answered with %j in %s is %s', async (typed, language, yes) => {
    const stdin = new PassThrough();
    const { context, stderr } = createFakeContext({ stdin, language });
    stdin.end(typed);
    expect(await confirm('Buy?', context)).toBe(yes);
    expect(stderr.text).toBe(language === 'sv' ? 'Buy? [j/N] ' : 'Buy? [y/N] ');
  });

  it('can be interrupted', async () => {
    const controller = new AbortController();
    const { context } = createFakeContext({ signal: controller.signal });
    const answer = confirm('Buy?', context);
    controller.abort();
    await expect(answer).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
  });

  it('needs somebody to ask', () => {
    const { stderr } = createTerminal();
    expect(canAsk(createFakeContext({ stderr }).context)).toBe(false);
    const stdin = Object.assign(new PassThrough(), { isTTY: true });
    expect(canAsk(createFakeContext({ stderr, stdin }).context)).toBe(true);
  });
});
