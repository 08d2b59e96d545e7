import { parseFreshness } from '../../domain/calendar-date.ts';
import { type Answers, isDatabase, isPkcs12, isYes, rosterPaths, type Surroundings } from './first-config.ts';
import { proposeLinkColumns, proposePeopleColumns } from './header-words.ts';

/** The text of a first `config.json`; what is not in it has its default. */
export function firstConfigText(answers: Answers, around: Surroundings): string {
  const answer = (id: string) => answers.get(id) ?? '';
  const optional = (key: string, value: unknown) =>
    value === undefined || value === '' ? {} : { [key]: value };
  const freshness = parseFreshness(answer('freshness'));
  const days = freshness?.kind === 'days' ? freshness.days : 0;
  const passphrase = optional('passphraseFile', answer('passphraseFile'));
  const certificate = isPkcs12(answer('certificate'))
    ? { file: answer('certificate'), ...passphrase }
    : { cert: answer('certificate'), key: answer('key'), ...passphrase };
  const config = {
    active: isYes(answer('active')),
    spar: {
      environment: answer('environment'),
      kundNrLeveransMottagare: Number(answer('kundNrLeveransMottagare')),
      kundNrSlutkund: Number(answer('kundNrSlutkund')),
      uppdragId: Number(answer('uppdragId')),
      ...optional('orgNrSlutkund', answer('orgNrSlutkund')),
      slutAnvandarId: answer('slutAnvandarId'),
      utokadBehorighet: isYes(answer('relations')) ? ['Relationer'] : [],
      ...(answers.has('certificate') ? { certificate } : {}),
    },
    freshness: answer('freshness'),
    roster: rosterSection(answers, around),
    // The cache must outlast freshness; where the default does not, this does.
    ...(days >= 400 ? { retention: { cacheDays: days + 35 } } : {}),
    language: answer('language'),
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

function rosterSection(answers: Answers, around: Surroundings): object {
  const files = rosterPaths(answers);
  const links = answers.get('links') ?? '';
  const columns = (proposed: object) => (Object.keys(proposed).length === 0 ? {} : { columns: proposed });
  if (isDatabase(files[0])) {
    return {
      kind: 'sqlite',
      path: files[0],
      people: { table: answers.get('table') },
      ...(links === '' ? {} : { links: { table: links } }),
    };
  }
  return {
    kind: 'csv',
    files: files.map((path) => {
      const type = answers.get(`type ${path}`);
      const proposed = proposePeopleColumns(around.headers.get(path) ?? []);
      return { path, ...(type === undefined || type === 'column' ? {} : { type }), ...columns(proposed) };
    }),
    ...(links === ''
      ? {}
      : { links: { path: links, ...columns(proposeLinkColumns(around.headers.get(links) ?? [])) } }),
  };
}
