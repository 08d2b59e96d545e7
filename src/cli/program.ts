import { Command, CommanderError, Help, type Option } from 'commander';
import type { Language } from '../domain/text.ts';
import type { CommandContext } from './context.ts';
import { EXIT_FINISHED, EXIT_MEANINGS } from './exit-codes.ts';
import { COMMAND_HELP, type CommandHelp, PROGRAM_HELP, PROGRAM_SUMMARY } from './help-texts.ts';
import type { Commands } from './lazy-commands.ts';
import { HEADINGS, OPTION_TEXTS } from './option-texts.ts';
import type { CommonOptions } from './options.ts';
import {
  parseApplyOptions,
  parseAuditOptions,
  parseCommonOptions,
  parseCostOptions,
  parseExportOptions,
  parseForgetOptions,
  parseGuardiansOptions,
  parseNightlyOptions,
  parseRun,
  parseSimulatorOptions,
  parseTableOptions,
  parseUpdateOptions,
  type RawOptions,
} from './parse-options.ts';

export interface ProgramSetting {
  readonly language: Language;
  readonly version: string;
  /** Columns to wrap help at; 80 where unknown. */
  readonly columns: number | undefined;
  readonly commands: Commands;
  readonly createContext: (options: CommonOptions) => CommandContext;
  readonly writeOut: (text: string) => void;
  readonly writeError: (text: string) => void;
}

/**
 * Names, flags and help; runs the command that the arguments name and resolves to its exit code.
 *
 * @throws CommanderError for help, version and a command line that is wrong; SparSyncError `usage`.
 */
export async function runProgram(argv: readonly string[], setting: ProgramSetting): Promise<number> {
  const { language, commands } = setting;
  let exit: number = EXIT_FINISHED;
  const program = createProgram(setting);

  // Options of the program are taken before and after the command's name.
  function command(name: keyof Commands, syntax: string = name, under: Command = program): Command {
    const help = COMMAND_HELP[name];
    const added = under
      .command(syntax)
      .summary(help.summary[language])
      .description(sentence((help.details ?? help.summary)[language]))
      .helpOption('-h, --help', OPTION_TEXTS.help[language]);
    return added.addHelpText('after', afterHelp(help, language));
  }

  function withContext(run: (context: CommandContext, raw: RawOptions) => Promise<number>) {
    return async (raw: RawOptions): Promise<void> => {
      exit = await run(setting.createContext(parseCommonOptions(program.opts())), raw);
    };
  }

  command('update')
    .option('--type <type...>', OPTION_TEXTS.type[language])
    .option('--id <id...>', OPTION_TEXTS.id[language])
    .option('--dry-run', OPTION_TEXTS.dryRun[language])
    .option('--offline', OPTION_TEXTS.offline[language])
    .option('--refresh', OPTION_TEXTS.refresh[language])
    .option('--plan <file>', OPTION_TEXTS.plan[language])
    .option('--force', OPTION_TEXTS.force[language])
    .option('--yes', OPTION_TEXTS.yes[language])
    .option('--report <dir>', OPTION_TEXTS.report[language])
    .action(withContext((context, raw) => commands.update(parseUpdateOptions(raw), context)));

  command('guardians')
    .option('--id <id...>', OPTION_TEXTS.studentId[language])
    .option('--dry-run', OPTION_TEXTS.dryRun[language])
    .option('--offline', OPTION_TEXTS.offline[language])
    .option('--plan <file>', OPTION_TEXTS.plan[language])
    .option('--force', OPTION_TEXTS.force[language])
    .option('--yes', OPTION_TEXTS.yes[language])
    .option('--report <dir>', OPTION_TEXTS.report[language])
    .action(withContext((context, raw) => commands.guardians(parseGuardiansOptions(raw), context)));

  command('nightly')
    .option('--report <dir>', OPTION_TEXTS.nightlyReport[language])
    .action(withContext((context, raw) => commands.nightly(parseNightlyOptions(raw), context)));

  const duplicates = command('duplicates')
    .option('--format <format>', OPTION_TEXTS.format[language])
    .option('-o, --output <file>', OPTION_TEXTS.output[language])
    .option('--excel', OPTION_TEXTS.excel[language])
    .action(
      withContext((context, raw) => commands.duplicates(parseTableOptions(raw, context.json), context)),
    );
  command('duplicates apply', 'apply', duplicates)
    .argument('<file>', OPTION_TEXTS.decisionsArgument[language])
    .option('--dry-run', OPTION_TEXTS.writeNothing[language])
    .configureHelp({
      ...program.configureHelp(),
      visibleGlobalOptions: () => new Help().visibleOptions(program).filter(isNotHelp),
    })
    .action((file: string, raw: RawOptions) => {
      refuseTableOptions(duplicates.opts());
      return withContext((context) =>
        commands['duplicates apply']({ file, dryRun: raw['dryRun'] === true }, context),
      )(raw);
    });

  command('export')
    .option('-o, --output <file>', OPTION_TEXTS.output[language])
    .option('--type <type...>', OPTION_TEXTS.type[language])
    .option('--with-guardians', OPTION_TEXTS.withGuardians[language])
    .option('--excel', OPTION_TEXTS.excel[language])
    .action(withContext((context, raw) => commands.export(parseExportOptions(raw), context)));

  command('history')
    .argument('[run]', OPTION_TEXTS.runArgument[language])
    .action((run: string | undefined, raw: RawOptions) =>
      withContext((context) => commands.history(run === undefined ? {} : { run: parseRun(run) }, context))(
        raw,
      ),
    );

  command('undo')
    .argument('<run>', OPTION_TEXTS.runArgument[language])
    .option('--dry-run', OPTION_TEXTS.writeNothing[language])
    .action((run: string, raw: RawOptions) =>
      withContext((context) =>
        commands.undo({ run: parseRun(run), dryRun: raw['dryRun'] === true }, context),
      )(raw),
    );

  command('apply', 'apply')
    .argument('<plan>', OPTION_TEXTS.planArgument[language])
    .option('--report <dir>', OPTION_TEXTS.report[language])
    .action((plan: string, raw: RawOptions) =>
      withContext((context) => commands.apply(parseApplyOptions(plan, raw), context))(raw),
    );

  command('status').action(withContext((context) => commands.status({}, context)));

  command('cost')
    .option('--month <YYYY-MM>', OPTION_TEXTS.month[language])
    .action(withContext((context, raw) => commands.cost(parseCostOptions(raw), context)));

  command('audit')
    .option('--id <id>', OPTION_TEXTS.auditId[language])
    .option('--since <YYYY-MM-DD>', OPTION_TEXTS.since[language])
    .option('--format <format>', OPTION_TEXTS.format[language])
    .option('-o, --output <file>', OPTION_TEXTS.output[language])
    .option('--excel', OPTION_TEXTS.excel[language])
    .action(withContext((context, raw) => commands.audit(parseAuditOptions(raw, context.json), context)));

  command('forget')
    .argument('[id...]', OPTION_TEXTS.forgetArgument[language])
    .option('--departed', OPTION_TEXTS.departed[language])
    .option('--dry-run', OPTION_TEXTS.eraseNothing[language])
    .option('--force', OPTION_TEXTS.forceForget[language])
    .action((ids: string[], raw: RawOptions) =>
      withContext((context) => commands.forget(parseForgetOptions(ids, raw), context))(raw),
    );

  command('check')
    .option('--online', OPTION_TEXTS.online[language])
    .action(withContext((context, raw) => commands.check({ online: raw['online'] === true }, context)));

  command('init').action(withContext((context) => commands.init({}, context)));

  command('demo').action(withContext((context) => commands.demo({}, context)));

  command('simulator')
    .option('--port <port>', OPTION_TEXTS.port[language])
    .option('--dir <dir>', OPTION_TEXTS.dir[language])
    .action(withContext((context, raw) => commands.simulator(parseSimulatorOptions(raw), context)));

  refuseHelpAboutNothing(argv, program);
  await program.parseAsync([...argv], { from: 'user' });
  return exit;
}

/** Commander itself would show the help of the whole program, and not say why. */
function refuseHelpAboutNothing(argv: readonly string[], program: Command): void {
  const [first, about] = argv.filter((argument) => !argument.startsWith('-'));
  if (first !== 'help' || about === undefined) return;
  if (program.commands.some((command) => command.name() === about)) return;
  throw new CommanderError(1, 'commander.unknownCommand', `error: unknown command '${about}'`);
}

/** The options of the table that another command of the same name writes mean nothing here. */
function refuseTableOptions(options: RawOptions): void {
  const given = Object.keys(TABLE_FLAGS).find((name) => options[name] !== undefined);
  if (given === undefined) return;
  throw new CommanderError(1, 'commander.unknownOption', `error: unknown option '${TABLE_FLAGS[given]}'`);
}

const TABLE_FLAGS: Readonly<Record<string, string>> = {
  format: '--format',
  output: '--output',
  excel: '--excel',
};

function createProgram({ language, version, columns, writeOut, writeError }: ProgramSetting): Command {
  return new Command('spar-sync')
    .description(PROGRAM_SUMMARY[language])
    .version(version, '-V, --version', OPTION_TEXTS.version[language])
    .option('--config <file>', OPTION_TEXTS.config[language])
    .option('--json', OPTION_TEXTS.json[language])
    .option('--quiet', OPTION_TEXTS.quiet[language])
    .option('--no-color', OPTION_TEXTS.noColor[language])
    .option('--as-of <YYYY-MM-DD>', OPTION_TEXTS.asOf[language])
    .helpOption('-h, --help', OPTION_TEXTS.help[language])
    .helpCommand('help [command]', OPTION_TEXTS.help[language])
    .addHelpText('after', afterHelp(PROGRAM_HELP, language))
    .configureHelp({
      showGlobalOptions: true,
      styleTitle: (title) => HEADINGS[title]?.[language] ?? title,
      styleUsage: (usage) => translateSyntax(usage, language),
      styleSubcommandTerm: (term) => translateSyntax(term, language),
      styleOptionTerm: (term) => translateSyntax(term, language),
      styleArgumentTerm: (name) => (language === 'sv' ? IN_SWEDISH[name] : undefined) ?? name,
    })
    .configureOutput({
      writeOut,
      writeErr: writeError,
      // The complaint itself is thrown, and shown by main in the reader's language.
      outputError: () => {},
      getOutHelpWidth: () => columns ?? 80,
      getErrHelpWidth: () => columns ?? 80,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .exitOverride();
}

function isNotHelp({ long }: Option): boolean {
  return long !== '--help';
}

function afterHelp(
  { examples, exits, exitTexts = {} }: Pick<CommandHelp, 'examples' | 'exits' | 'exitTexts'>,
  language: Language,
): string {
  const width = Math.max(...examples.map(([line]) => line.length));
  return [
    '',
    HEADINGS['examples']?.[language],
    ...examples.map(([line, text]) => `  spar-sync ${line.padEnd(width)}  ${text[language]}`),
    '',
    HEADINGS['exits']?.[language],
    ...exits.map(
      (code) => `  ${String(code).padStart(3)}  ${(exitTexts[code] ?? EXIT_MEANINGS[code])[language]}`,
    ),
  ].join('\n');
}

function translateSyntax(syntax: string, language: Language): string {
  if (language === 'en') return syntax;
  return syntax.replace(/(?<=[<[])[A-Za-z-]+(?=(?:\.\.\.)?[\]>])/g, (name) => IN_SWEDISH[name] ?? name);
}

/** What stands for something in brackets. */
const IN_SWEDISH: Readonly<Record<string, string>> = {
  options: 'flaggor',
  command: 'kommando',
  file: 'fil',
  dir: 'mapp',
  run: 'körning',
  type: 'typ',
  'YYYY-MM-DD': 'ÅÅÅÅ-MM-DD',
  'YYYY-MM': 'ÅÅÅÅ-MM',
};

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;
}
