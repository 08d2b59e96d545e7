import { type FoundConfig, readConfig } from '../adapters/config/read-config.ts';
import { openWorld, openWorldToRead, type World } from '../compose.ts';
import type { CommandContext } from './context.ts';
import { createProgress } from './terminal.ts';

/** Reads the configuration that the command line means, and goes on in its language. */
export async function findConfig(context: CommandContext): Promise<FoundConfig> {
  const { env, cwd, language, configPath } = context;
  const found = await readConfig({
    env,
    cwd,
    language,
    ...(configPath !== undefined && { option: configPath }),
  });
  context.speak(found.config.language);
  return found;
}

/**
 * Runs a command in its world, opened for writing, and closes it however the command ends. `calm` takes the
 * progress display off the screen, before something else is shown there.
 */
export async function inWorld(
  command: string,
  found: FoundConfig,
  context: CommandContext,
  work: (world: World, calm: () => void) => Promise<number>,
): Promise<number> {
  return inOpenedWorld(openWorld, command, found, context, work);
}

/** The same where nobody sits at the computer. */
export async function inUnattendedWorld(
  command: string,
  found: FoundConfig,
  context: CommandContext,
  work: (world: World, calm: () => void) => Promise<number>,
): Promise<number> {
  const open: typeof openWorld = (around) => openWorld({ ...around, unattended: true });
  return inOpenedWorld(open, command, found, context, work);
}

/** The same for a command that gets on where the roster cannot be opened. */
export async function inWorldWithoutRoster(
  command: string,
  found: FoundConfig,
  context: CommandContext,
  work: (world: World, calm: () => void) => Promise<number>,
): Promise<number> {
  const open: typeof openWorld = (around) => openWorld({ ...around, withoutRoster: true });
  return inOpenedWorld(open, command, found, context, work);
}

/** The same for a command that only looks; works beside a run that writes. */
export async function inWorldToRead(
  command: string,
  found: FoundConfig,
  context: CommandContext,
  work: (world: World, calm: () => void) => Promise<number>,
): Promise<number> {
  return inOpenedWorld(openWorldToRead, command, found, context, work);
}

async function inOpenedWorld(
  open: typeof openWorld,
  command: string,
  found: FoundConfig,
  context: CommandContext,
  work: (world: World, calm: () => void) => Promise<number>,
): Promise<number> {
  const { env, asOf } = context;
  const { perLookup, currency } = found.config.pricing;
  const display = await createProgress(context, {
    elapsed: () => performance.now(),
    price: { perLookup, currency },
  });
  try {
    const { progress } = display;
    const world = await open({ found, command, env, progress, ...(asOf !== undefined && { asOf }) });
    try {
      return await work(world, display.stop);
    } finally {
      await world.close();
    }
  } finally {
    display.stop();
  }
}
