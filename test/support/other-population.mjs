// Loaded into the program with `node --import`: the built-in simulator reads its population together with the
// posts of these files (OTHER_POPULATION, joined by `:`), which stand instead of those of the same number.
// So SPAR can know something else from one run to the next.
import { promises, readFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const { readFile } = promises;
promises.readFile = async (path, ...rest) => {
  const content = await readFile(path, ...rest);
  if (!/fixtures[\\/]population\.json$/.test(String(path))) return content;
  const posts = new Map(JSON.parse(content).map((post) => [post.IdNummer, post]));
  for (const file of (process.env.OTHER_POPULATION ?? '').split(':')) {
    for (const post of JSON.parse(readFileSync(file, 'utf8'))) posts.set(post.IdNummer, post);
  }
  return JSON.stringify([...posts.values()]);
};
syncBuiltinESMExports();
