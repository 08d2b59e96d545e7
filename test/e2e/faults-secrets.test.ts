import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pLimit from 'p-limit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildProgram } from '../support/built-program.ts';
import { testCertificates } from '../support/certificates.ts';
import { type FaultSchool, type FaultSpar, openFaultSpar, PASSPHRASE } from '../support/fault-school.ts';
import { recordRuns } from '../support/recorded-runs.ts';

const UPDATE = ['update', '--json'];
const BREAK = fileURLToPath(new URL('../support/break-library.mjs', import.meta.url));
const SECRET = `Melvin Strandh, Skolgatan 5, 20150803-2396, 201508032396, ${PASSPHRASE}`;
const TIMEOUT = 60_000;
const inTurn = pLimit(2);
const runs = recordRuns();
let spar: FaultSpar;
/** Whose certificate nobody has issued whom the program trusts. */
let stranger: FaultSpar;
let final: readonly string[];

beforeAll(async () => {
  await buildProgram();
  spar = await openFaultSpar();
  stranger = await openFaultSpar({ server: testCertificates().stranger });
  const school = spar.createSchool('csv');
  const { exit, stdout } = await runs.here(UPDATE, school);
  expect(exit, stdout).toBe(0);
  final = school.roster();
  school.remove();
}, TIMEOUT);
afterAll(async () => {
  await spar.close();
  await stranger.close();
});

/** A run in a process of its own, whose environment Node sees before any code of the program does. */
function inProcess<T>(
  school: FaultSchool,
  env: Record<string, string>,
  look: (ended: Awaited<ReturnType<typeof runs.program>>) => Promise<T> | T,
  node: readonly string[] = [],
): Promise<T> {
  return inTurn(async () => {
    try {
      return await look(await runs.program(UPDATE, { cwd: school.dir, env, node }));
    } finally {
      school.remove();
    }
  });
}

describe.concurrent('the environment opens no hole', () => {
  it(
    'by DEBUG, NODE_DEBUG, NODE_OPTIONS, SSLKEYLOGFILE or a proxy',
    () => {
      const school = spar.createSchool('csv');
      const env = {
        DEBUG: '*',
        NODE_DEBUG: 'https,tls,http,net,stream',
        NODE_DEBUG_NATIVE: 'tls',
        NODE_OPTIONS: `--trace-warnings --tls-keylog=${school.path('keys.log')} --trace-tls --unhandled-rejections=warn`,
        SSLKEYLOGFILE: school.path('ssl.log'),
        HTTPS_PROXY: 'http://127.0.0.1:9',
        https_proxy: 'http://127.0.0.1:9',
        ALL_PROXY: 'http://127.0.0.1:9',
      };
      return inProcess(school, env, ({ exit, stderr }) => {
        expect(exit, stderr).toBe(0);
        expect(stderr).toContain('DEBUG is set and is not heeded');
        expect(stderr).toContain('NODE_DEBUG is set and is not heeded');
        expect(stderr).toContain(
          'NODE_OPTIONS is not heeded with --tls-keylog, --trace-tls, --unhandled-rejections:',
        );
        expect(existsSync(school.path('keys.log'))).toBe(false);
        expect(existsSync(school.path('ssl.log'))).toBe(false);
        expect(school.roster()).toEqual(final);
      });
    },
    TIMEOUT,
  );

  it(
    'by a debugger: the process that works has none',
    () => {
      const school = spar.createSchool('csv');
      return inProcess(school, { NODE_OPTIONS: '--inspect=0' }, ({ exit, stderr }) => {
        expect(exit, stderr).toBe(0);
        expect(stderr.match(/Debugger listening/g)).toHaveLength(1);
        expect(stderr).toContain('NODE_OPTIONS is not heeded with --inspect');
      });
    },
    TIMEOUT,
  );

  it(
    'by NODE_TLS_REJECT_UNAUTHORIZED: a server that cannot be verified is told nothing',
    () => {
      const school = stranger.createSchool('csv');
      const before = school.roster();
      return inProcess(school, { NODE_TLS_REJECT_UNAUTHORIZED: '0' }, ({ exit, json, stderr }) => {
        expect([exit, json.error?.code], stderr).toEqual([10, 'spar-unreachable']);
        expect(json.error?.message).toContain('cannot be trusted');
        expect(stderr).toContain('NODE_TLS_REJECT_UNAUTHORIZED is set and is not heeded');
        expect(stranger.questions).toEqual([]);
        expect(school.roster()).toEqual(before);
      });
    },
    TIMEOUT,
  );

  it(
    'by NODE_EXTRA_CA_CERTS: whom to trust stands in the configuration alone',
    () => {
      const school = spar.createSchool('csv', { spar: { ca: undefined } });
      const env = { NODE_EXTRA_CA_CERTS: school.path('ca.pem') };
      return inProcess(school, env, ({ exit, json, stderr }) => {
        expect([exit, json.error?.code], stderr).toEqual([10, 'spar-unreachable']);
        expect(json.error?.message).toContain('spar.ca');
        expect(json.error?.message).toContain('NODE_EXTRA_CA_CERTS is not heeded');
        expect(stderr).not.toContain('NODE_EXTRA_CA_CERTS');
        expect(spar.askedBy(school)).toEqual([]);
      });
    },
    TIMEOUT,
  );
});

describe.concurrent('an error that nobody has thought of, with everything in it', () => {
  it.each([
    ['is thrown', 'throw', {}],
    ['is thrown in a timer', 'timer', { DEBUG: '*' }],
    ['is a promise that nobody looks after', 'rejection', {}],
    ['is no error at all', 'text', {}],
    ['comes from the database', 'database', {}],
  ] as const)(
    'ends as a bug without any of it, where it %s',
    (_, how, env) => {
      const school = spar.createSchool('csv');
      const before = school.roster();
      return inProcess(
        school,
        { ...env, BREAK: how, SECRET },
        async ({ exit, json, stderr }) => {
          expect([exit, json.error?.code], stderr).toEqual([1, 'bug']);
          expect(json.error?.message).toContain('This is a bug in spar-sync');
          expect(json.error?.hint).toContain('they hold nothing personal');
          expect(school.roster()).toEqual(before);
          const { answered } = school.state();
          const asked = spar.askedBy(school).length;
          const again = await runs.here(UPDATE, school);
          expect(again.exit, again.stdout).toBe(0);
          expect(
            spar
              .askedBy(school)
              .slice(asked)
              .filter((id) => answered.includes(id)),
          ).toEqual([]);
          expect(school.roster()).toEqual(final);
        },
        ['--import', BREAK],
      );
    },
    TIMEOUT,
  );
});

it('says nothing of people or secrets in any of these runs', () => {
  expect(runs.count()).toBeGreaterThan(12);
  expect(runs.leaks()).toEqual([]);
});
