import { chmod, copyFile, lstat, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Text } from '../../domain/text.ts';
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
  say(context, closing(await readdir(folder)));
  return guardiansExit === EXIT_FINISHED ? exit : guardiansExit;
}

function closing(files: readonly string[]): Text {
  const shown = files.filter((name) => !name.startsWith('.') && !/-(wal|shm)$/.test(name)).sort();
  const list = shown.map((name) => `  ${FOLDER}/${name}`).join('\n');
  return {
    en: `
The files:
${list}

Go on there:
  cd ${FOLDER}
  npx spar-sync status                         what is fresh, and what the next run would buy
  npx spar-sync update                         nothing is bought twice
  npx spar-sync duplicates --excel -o d.csv    the pairs to decide about, for a spreadsheet
  npx spar-sync duplicates apply d.csv         carry out what was decided
  npx spar-sync history                        what each run wrote
  npx spar-sync undo 2                         take back what guardians wrote
  npx spar-sync export --with-guardians        students with their guardians
`,
    sv: `
Filerna:
${list}

Fortsätt där:
  cd ${FOLDER}
  npx spar-sync status                         vad som är aktuellt och vad nästa körning skulle köpa
  npx spar-sync update                         inget köps två gånger
  npx spar-sync duplicates --excel -o d.csv    paren att ta ställning till, för ett kalkylprogram
  npx spar-sync duplicates apply d.csv         genomför besluten
  npx spar-sync history                        vad varje körning skrev
  npx spar-sync undo 2                         ångra det som guardians skrev
  npx spar-sync export --with-guardians        elever med sina vårdnadshavare
`,
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
