import { chmod, copyFile, lstat, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Language, Text } from '../../domain/text.ts';
import { SparSyncError } from '../../errors.ts';
import type { CommandContext } from '../context.ts';
import { EXIT_FINISHED, EXIT_WITH_GAPS } from '../exit-codes.ts';
import { type Commands, LAZY_COMMANDS } from '../lazy-commands.ts';

/** Name of the folder, and of the file in it that says that this program made it. */
const FOLDER = 'spar-demo';
const MARKER = '.made-by-spar-sync-demo';

/** Where the sample school is, and what brings it up to date. */
export interface DemoParts {
  readonly sample: string;
  readonly update: Commands['update'];
  readonly guardians: Commands['guardians'];
}

const PARTS: DemoParts = {
  sample: fileURLToPath(new URL('../../../fixtures/school/', import.meta.url)),
  update: LAZY_COMMANDS.update,
  guardians: LAZY_COMMANDS.guardians,
};

/**
 * Makes `./spar-demo` with the sample school, or starts one over that it has made before, and runs `update` and
 * `guardians` there.
 *
 * @throws SparSyncError `usage` when there is a `spar-demo` that is not its own.
 */
export async function run(
  _options: Record<never, never>,
  context: CommandContext,
  parts: DemoParts = PARTS,
): Promise<number> {
  const folder = join(context.cwd, FOLDER);
  await clearFolder(folder);
  await copyFolder(parts.sample, folder);
  say(context, {
    en: `A sample school is in ./${FOLDER}. Bringing it up to date with the built-in simulator of SPAR:\n`,
    sv: `En exempelskola finns i ./${FOLDER}. Den uppdateras mot den inbyggda simulatorn av SPAR:\n`,
  });
  const { configPath: _, ...rest } = context;
  const inFolder: CommandContext = {
    ...rest,
    // A spread would freeze the language that the configuration may change.
    get language() {
      return context.language;
    },
    cwd: folder,
    configPath: join(folder, 'config.json'),
  };
  const calm = { dryRun: false, offline: false, force: false, yes: true };
  const exit = await parts.update({ ...calm, refresh: false }, inFolder);
  // With --json, standard output is one object: that of `update`.
  if ((exit !== EXIT_FINISHED && exit !== EXIT_WITH_GAPS) || context.json) return exit;
  say(context, {
    en: '\nNow the guardians, from the answers that were bought just now and a few more:\n',
    sv: '\nNu vårdnadshavarna, med de svar som nyss köptes och några till:\n',
  });
  const guardiansExit = await parts.guardians(calm, inFolder);
  say(context, closing(await readdir(folder), commandIn(context.cwd)));
  return guardiansExit === EXIT_FINISHED ? exit : guardiansExit;
}

/** In this package's own folder npm finds the command itself; elsewhere it would look for one on the internet. */
function commandIn(cwd: string): string {
  const isOutside = relative(PACKAGE, cwd).split(sep)[0] === '..' || isAbsolute(relative(PACKAGE, cwd));
  return isOutside ? 'spar-sync' : 'npx spar-sync';
}

const PACKAGE = fileURLToPath(new URL('../../../', import.meta.url));

const NEXT_STEPS: readonly (readonly [command: string, why: Text])[] = [
  [
    'status',
    {
      en: 'what is fresh, and what the next run would buy',
      sv: 'vad som är aktuellt och vad nästa körning skulle köpa',
    },
  ],
  ['update', { en: 'nothing is bought twice', sv: 'inget köps två gånger' }],
  [
    'duplicates --excel -o duplicates.csv',
    {
      en: 'the pairs to decide about, for a spreadsheet',
      sv: 'paren att ta ställning till, för ett kalkylprogram',
    },
  ],
  ['duplicates apply duplicates.csv', { en: 'carry out what was decided', sv: 'genomför besluten' }],
  ['history', { en: 'what each run wrote', sv: 'vad varje körning skrev' }],
  ['undo 2', { en: 'take back what guardians wrote', sv: 'ångra det som guardians skrev' }],
  ['export --with-guardians', { en: 'students with their guardians', sv: 'elever med sina vårdnadshavare' }],
];

function closing(files: readonly string[], command: string): Text {
  const shown = files.filter((name) => !name.startsWith('.') && !/-(wal|shm)$/.test(name)).sort();
  const list = shown.map((name) => `  ${FOLDER}/${name}`).join('\n');
  const width = Math.max(...NEXT_STEPS.map(([step]) => step.length));
  const steps = (language: Language) =>
    NEXT_STEPS.map(([step, why]) => `  ${command} ${step.padEnd(width)}  ${why[language]}`).join('\n');
  return {
    en: `\nThe files:\n${list}\n\nGo on there:\n  cd ${FOLDER}\n${steps('en')}\n`,
    sv: `\nFilerna:\n${list}\n\nFortsätt där:\n  cd ${FOLDER}\n${steps('sv')}\n`,
  };
}

/** With `--json` standard output belongs to the object that `update` prints. */
function say(context: CommandContext, text: Text): void {
  if (!context.json && !context.quiet) context.stdout.write(text[context.language]);
}

/** Leaves an empty folder with its marker. The folder itself stays where it was: somebody may stand in it. */
async function clearFolder(folder: string): Promise<void> {
  const there = await lstatOrNothing(folder);
  if (there === undefined) {
    await mkdir(folder, { mode: 0o700 });
  } else {
    const marked = there.isDirectory() && (await lstatOrNothing(join(folder, MARKER)))?.isFile();
    if (!marked) throw notOurs();
    for (const name of await readdir(folder)) {
      // The marker goes last or never: whatever ends this half-way, the folder is still known as ours.
      if (name !== MARKER) await rm(join(folder, name), { recursive: true, force: true });
    }
  }
  await writeFile(join(folder, MARKER), '', { mode: 0o600 });
}

async function lstatOrNothing(path: string) {
  try {
    return await lstat(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** An installed package may be read-only; its copies are for playing with. */
async function copyFolder(from: string, to: string): Promise<void> {
  for (const item of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, item.name), join(to, item.name)];
    if (item.isDirectory()) {
      await mkdir(target, { mode: 0o700 });
      await copyFolder(source, target);
    } else {
      await copyFile(source, target);
      await chmod(target, 0o600);
    }
  }
}

function notOurs(): SparSyncError {
  return new SparSyncError(
    'usage',
    {
      en: `There is a ./${FOLDER} here that \`spar-sync demo\` did not make, so it is left alone.`,
      sv: `Här finns en ./${FOLDER} som \`spar-sync demo\` inte har gjort, så den lämnas i fred.`,
    },
    {
      en: 'Move it away, or run the demo in another folder.',
      sv: 'Flytta den, eller kör demot i en annan mapp.',
    },
  );
}
