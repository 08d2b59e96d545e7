import { mkdir } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { writeFileAtomically } from '../../adapters/atomic-write.ts';
import { SAMPLE_CUSTOMER, type Simulator, startSimulator } from '../../adapters/spar/simulator/server.ts';
import { SparSyncError } from '../../errors.ts';
import type { CommandContext } from '../context.ts';
import { EXIT_FINISHED } from '../exit-codes.ts';
import type { SimulatorOptions } from '../options.ts';

/**
 * SPAR on loopback until the run is interrupted. Writes its certificates into a folder and shows the `spar`
 * section that uses them.
 *
 * @throws SparSyncError `usage` when the port is taken or the folder cannot be written to.
 */
export async function run(options: SimulatorOptions, context: CommandContext): Promise<number> {
  const folder = resolve(context.cwd, options.dir);
  const simulator = await startOnPort(options.port);
  try {
    await writeCertificates(folder, simulator);
    context.stdout.write(announce(simulator, folder, context));
    await aborted(context.signal);
  } finally {
    await simulator.close();
  }
  return EXIT_FINISHED;
}

async function startOnPort(port: number | undefined): Promise<Simulator> {
  try {
    return await startSimulator(port === undefined ? {} : { port });
  } catch (error) {
    const code = codeOf(error);
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
    throw new SparSyncError(
      'usage',
      { en: `Port ${port} cannot be used (${code}).`, sv: `Port ${port} går inte att använda (${code}).` },
      { en: 'Name another, or leave --port out.', sv: 'Ange en annan, eller utelämna --port.' },
    );
  }
}

async function writeCertificates(folder: string, simulator: Simulator): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFileAtomically(join(folder, 'ca.pem'), simulator.ca, { mode: 0o600 });
    await writeFileAtomically(join(folder, 'client-cert.pem'), simulator.clientCert, { mode: 0o600 });
    await writeFileAtomically(join(folder, 'client-key.pem'), simulator.clientKey, { mode: 0o600 });
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    throw new SparSyncError(
      'usage',
      {
        en: `The certificates cannot be written to ${folder} (${code}).`,
        sv: `Certifikaten kan inte skrivas till ${folder} (${code}).`,
      },
      { en: 'Name another folder after --dir.', sv: 'Ange en annan mapp efter --dir.' },
    );
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function announce(simulator: Simulator, folder: string, context: CommandContext): string {
  const shown = (name: string): string => `./${relative(context.cwd, join(folder, name))}`;
  const spar = {
    environment: 'test',
    url: `${simulator.url}/2021.1/`,
    kundNrLeveransMottagare: SAMPLE_CUSTOMER.kundNr,
    kundNrSlutkund: SAMPLE_CUSTOMER.kundNr,
    uppdragId: SAMPLE_CUSTOMER.uppdragId,
    slutAnvandarId: '{user}',
    utokadBehorighet: SAMPLE_CUSTOMER.granted,
    certificate: { cert: shown('client-cert.pem'), key: shown('client-key.pem') },
    ca: shown('ca.pem'),
  };
  if (context.json) return `${JSON.stringify({ url: simulator.url, spar }, null, 2)}\n`;
  const text = {
    en: ['SPAR is being simulated at', 'Paste this into config.json in this folder:', 'Ctrl-C ends it.'],
    sv: ['SPAR simuleras på', 'Klistra in detta i config.json i den här mappen:', 'Ctrl-C avslutar.'],
  }[context.language];
  const [simulated, paste, end] = text;
  const section = JSON.stringify({ spar }, null, 2).split('\n').slice(1, -1).join('\n');
  return `${simulated} ${simulator.url}\n\n${paste}\n\n${section}\n\n${end}\n`;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
