import type { ForgetReport } from '../../../app/forget/forget-report.ts';
import { maskGiven } from '../../../domain/person-id.ts';
import { PERSON_TYPES, type RowKey } from '../../../domain/roster.ts';
import { maskNumbers } from '../printable.ts';
import {
  joinSections,
  maskedShort,
  openScreenWithoutReport,
  reasonLines,
  type Screen,
  type ScreenOptions,
  shownId,
} from '../report-sections.ts';
import { forgetTextsOf } from './forget-texts.ts';

/** A screen holds so many; `--json` holds all. */
const SHOWN = 40;

/** What `forget` erased, and of whom it did not or not all. */
export function renderForget(
  report: ForgetReport,
  options: ScreenOptions & { readonly departed: boolean },
): string {
  const screen = openScreenWithoutReport(options);
  const { paint } = screen;
  const words = forgetTextsOf(options.language);
  const { people, answers, journalValues, keptProtected, stillInRoster, unknown } = report;
  if (options.departed && people === 0) return `${words.nobodyHasLeft}\n`;
  const isAnything = answers + journalValues > 0;
  const heading = report.dryRun ? words.wouldErase(people) : words.erased(people);
  return joinSections([
    isAnything
      ? [paint.bold(heading), `  ${words.amount(answers, journalValues)}`, ...erasedLines(report, screen)]
      : [words.nothing],
    keptProtected.length === 0 ? [] : reasonLines(words.keptProtected, keptProtected, screen),
    stillInRoster.length === 0 ? [] : reasonLines(words.stillInRoster, stillInRoster, screen),
    unknown.length === 0
      ? []
      : [words.unknown(unknown.slice(0, SHOWN).map((name) => maskedShort(maskGiven(name), 40)))],
    isAnything ? [paint.dim(words.logStays)] : [],
  ]);

  function erasedLines({ erased }: ForgetReport, { texts }: Screen): string[] {
    const shown = erased.slice(0, SHOWN);
    const rows = shown.filter((one): one is RowKey => 'id' in one);
    const numbers = shown.flatMap((one) => ('number' in one ? [one.number] : []));
    const ofTypes = PERSON_TYPES.map((type) => rows.filter((row) => row.type === type)).filter(
      (ofType) => ofType.length > 0,
    );
    return [
      ...ofTypes.map(
        (ofType) => `  ${texts.types[ofType[0]?.type ?? 'student']} ${ofType.map(shownId).join(', ')}`,
      ),
      ...(numbers.length === 0 ? [] : [`  ${words.noRow(numbers)}`]),
      ...(erased.length > SHOWN
        ? [paint.dim(`  ${texts.morePeople(erased.length - SHOWN)}; ${texts.allElsewhere}`)]
        : []),
    ];
  }
}

/** The report as one JSON object, in its order, and a final newline. */
export function renderForgetJson(report: ForgetReport): string {
  const row = ({ id, type }: RowKey) => ({ id, type });
  const { command, dryRun, people, answers, journalValues, brake } = report;
  const ordered = {
    command,
    dryRun,
    people,
    answers,
    journalValues,
    erased: report.erased.map((one) => ('id' in one ? row(one) : { number: one.number })),
    keptProtected: report.keptProtected.map(row),
    stillInRoster: report.stillInRoster.map(row),
    unknown: report.unknown.map((name) => maskNumbers(maskGiven(name))),
    ...(brake && { brake }),
  };
  return `${JSON.stringify(ordered, null, 2)}\n`;
}
