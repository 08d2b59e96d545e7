import type { Config } from '../../adapters/config/config.ts';
import { maskNumbers } from '../../adapters/report/printable.ts';
import { type CheckFinding, renderCheck } from '../../adapters/report/render-check.ts';
import { refuseOtherEnvironment } from '../../app/same-environment.ts';
import {
  endUserOf,
  openProvedState,
  openWay,
  remarkOnState,
  shakeHandsWithSpar,
  type WayToSpar,
} from '../../compose.ts';
import type { RosterProblem } from '../../domain/roster.ts';
import type { Text } from '../../domain/text.ts';
import { SparSyncError } from '../../errors.ts';
import { checkRoster, inBoth } from '../check-roster.ts';
import type { CommandContext } from '../context.ts';
import { EXIT_CODES, EXIT_FINISHED, strongestExitCode } from '../exit-codes.ts';
import type { CheckOptions } from '../options.ts';
import { findConfig } from '../world.ts';

/**
 * Looks at everything that a run needs, and goes on after what is wrong, so that all of it is seen at once.
 * Asks about nobody and writes nothing.
 */
export async function run(options: CheckOptions, context: CommandContext): Promise<number> {
  const found = await findConfig(context);
  const { config } = found;
  const findings: CheckFinding[] = [{ what: 'config', status: 'ok', text: inBoth(found.path) }];
  const problems: RosterProblem[] = [];
  if (!config.active) findings.push(switchedOff());
  const failures: SparSyncError[] = [];
  /** Looks at one thing; what is wrong with it does not hide the next. */
  const attempt = async (what: CheckFinding['what'], look: () => Promise<void>): Promise<void> => {
    try {
      await look();
    } catch (error) {
      if (!(error instanceof SparSyncError)) throw error;
      failures.push(error);
      findings.push({ what, status: 'error', text: error.text, ...(error.hint && { hint: error.hint }) });
    }
  };

  await attempt('config', async () => void endUserOf(config, context));
  if (config.automatic.enabled) {
    await attempt('config', async () => void findings.push(aboutNights(config, context)));
  }
  let way: WayToSpar | undefined;
  try {
    await attempt('certificate', async () => {
      way = await openWay({ found, env: context.env });
      findings.push(...aboutCertificate(way, config));
    });
    if (options.online) await attempt('connection', async () => void findings.push(await connect(way)));
  } finally {
    await way?.close();
  }
  await attempt('roster', () => checkRoster(config, context.asOf, { findings, problems }));
  await attempt('state', async () => void findings.push(...(await checkState(config))));

  const ok = failures.length === 0;
  context.stdout.write(
    context.json
      ? `${JSON.stringify({ command: 'check', ok, checks: findings.map(toJson(context)), problems }, null, 2)}\n`
      : renderCheck(findings, problems, context.language),
  );
  return ok ? EXIT_FINISHED : strongestExitCode(failures.map((error) => EXIT_CODES[error.code]));
}

const OUR_CERTIFICATE_HINT: Text = {
  en: 'The certificate must be the organisation certificate that SPAR has coupled to the customer number, and it must not have expired; SPAR customer service knows which one that is.',
  sv: 'Certifikatet måste vara det organisationscertifikat som SPAR har kopplat till kundnumret och får inte ha gått ut; SPAR:s kundtjänst vet vilket det är.',
};

type Unavailable = Extract<Awaited<ReturnType<typeof shakeHandsWithSpar>>, { readonly kind: 'unavailable' }>;

const UNAVAILABLE_HINTS: Readonly<Record<Unavailable['why'], Text>> = {
  'not-reached': {
    en: 'Can this machine reach the internet, and does a firewall let it out to SPAR on port 443?',
    sv: 'Når den här datorn internet, och släpper brandväggen ut den till SPAR på port 443?',
  },
  'not-trusted': {
    en: "Something answers, and nothing was sent to it. Put the issuer of SPAR's server certificate into the file that spar.ca names; do so only if spar.url is right and no proxy stands in between.",
    sv: 'Något svarar, och inget skickades dit. Lägg utfärdaren av SPAR:s servercertifikat i filen som spar.ca anger, men bara om spar.url stämmer och ingen proxy står emellan.',
  },
  closed: {
    en: `Something answers and hangs up when it is to take our certificate, or a firewall does in between. ${OUR_CERTIFICATE_HINT.en}`,
    sv: `Något svarar men lägger på när det ska godta vårt certifikat, eller så gör en brandvägg däremellan det. ${OUR_CERTIFICATE_HINT.sv}`,
  },
};

async function connect(way: WayToSpar | undefined): Promise<CheckFinding> {
  if (way === undefined) {
    return {
      what: 'connection',
      status: 'warning',
      text: { en: 'not tried without a certificate', sv: 'prövades inte utan certifikat' },
    };
  }
  const handshake = await shakeHandsWithSpar(way).catch((error: unknown) => {
    // The hint that every command gives says to run `check`.
    if (!(error instanceof SparSyncError) || error.code !== 'spar-rejected') throw error;
    throw new SparSyncError(error.code, error.text, OUR_CERTIFICATE_HINT);
  });
  if (handshake.kind === 'unavailable') {
    const { detail, why } = handshake;
    throw new SparSyncError(
      'spar-unreachable',
      { en: `SPAR cannot be reached: ${detail.en}`, sv: `SPAR går inte att nå: ${detail.sv}` },
      UNAVAILABLE_HINTS[why],
    );
  }
  const { host, protocol, server } = handshake;
  return {
    what: 'connection',
    status: 'ok',
    text: {
      en: `${host} answers (${protocol}) and takes our certificate; its own is valid to ${server.notAfter}`,
      sv: `${host} svarar (${protocol}) och godtar vårt certifikat; dess eget gäller till ${server.notAfter}`,
    },
  };
}

function aboutCertificate({ certificate, remarks }: WayToSpar, { spar }: Config): CheckFinding[] {
  if (certificate === undefined) {
    return [
      {
        what: 'certificate',
        status: 'ok',
        text: { en: 'the simulator makes its own', sv: 'simulatorn gör sitt eget' },
      },
    ];
  }
  const owner = certificate.organisation ?? certificate.commonName ?? '–';
  const number = certificate.organisationNumber ?? '–';
  const findings: CheckFinding[] = [
    {
      what: 'certificate',
      status: 'ok',
      text: {
        en: `${owner}, organisation number ${number}, valid to ${certificate.notAfter}`,
        sv: `${owner}, organisationsnummer ${number}, gäller till ${certificate.notAfter}`,
      },
    },
  ];
  // With two customer numbers the certificate is the supplier's, whose number is another.
  const isOurOwn = spar.kundNrLeveransMottagare === spar.kundNrSlutkund;
  if (isOurOwn && spar.orgNrSlutkund !== undefined && spar.orgNrSlutkund !== certificate.organisationNumber) {
    findings.push({
      what: 'certificate',
      status: 'warning',
      text: {
        en: `the certificate is for organisation number ${number}, but spar.orgNrSlutkund is ${spar.orgNrSlutkund}`,
        sv: `certifikatet gäller organisationsnummer ${number}, men spar.orgNrSlutkund är ${spar.orgNrSlutkund}`,
      },
    });
  }
  for (const text of remarks) findings.push({ what: 'certificate', status: 'warning', text });
  return findings;
}

async function checkState(config: Config): Promise<CheckFinding[]> {
  const { count, oldest, newest } = await summaryOfState(config);
  const isSpan = oldest !== undefined && newest !== undefined;
  const span = {
    en: isSpan ? `, from ${oldest} to ${newest}` : '',
    sv: isSpan ? `, från ${oldest} till ${newest}` : '',
  };
  const findings: CheckFinding[] = [
    {
      what: 'state',
      status: 'ok',
      text: {
        en: `${config.state.name}: ${count} ${count === 1 ? 'answer' : 'answers'} kept${span.en}`,
        sv: `${config.state.name}: ${count} ${count === 1 ? 'sparat' : 'sparade'} svar${span.sv}`,
      },
    },
  ];
  const exposed = await remarkOnState(config);
  if (exposed !== undefined) findings.push({ what: 'state', status: 'warning', text: exposed });
  return findings;
}

async function summaryOfState(config: Config) {
  const state = await openProvedState(config);
  try {
    await refuseOtherEnvironment(state, config.spar.environment, config.state.name);
    return await state.snapshots.summary();
  } finally {
    await state.close();
  }
}

/** What `nightly` would do, and whom SPAR would log. */
function aboutNights(config: Config, { env }: CommandContext): CheckFinding {
  const { types, guardians } = config.automatic;
  const user = endUserOf(config, { env, unattended: true });
  const commands = [
    ...(types.length > 0 ? [`\`update\` (${types.join(', ')})`] : []),
    ...(guardians ? ['`guardians`'] : []),
  ];
  return {
    what: 'config',
    status: 'ok',
    text: {
      en: `\`nightly\` runs ${commands.join(', then ')}; SPAR logs ${user}`,
      sv: `\`nightly\` kör ${commands.join(', sedan ')}; SPAR loggar ${user}`,
    },
  };
}

function switchedOff(): CheckFinding {
  return {
    what: 'config',
    status: 'warning',
    text: {
      en: '`active` is false: SPAR will not be asked',
      sv: '`active` är false: SPAR kommer inte att frågas',
    },
  };
}

function toJson({ language }: CommandContext) {
  return ({ what, status, text, hint }: CheckFinding) => ({
    what,
    status,
    message: maskNumbers(text[language]),
    ...(hint && { hint: maskNumbers(hint[language]) }),
  });
}
