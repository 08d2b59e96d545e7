import { readdirSync, readFileSync, statSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const SRC = fileURLToPath(new URL('../src', import.meta.url));

/** Which layer may import which; npm and node: stand for packages. The house of ARCHITECTURE, as a table. */
const RULES: Record<string, readonly string[]> = {
  domain: ['domain'],
  app: ['app', 'domain', 'errors'],
  errors: ['domain'],
  adapters: ['adapters', 'app', 'domain', 'errors', 'npm', 'node:'],
  compose: ['adapters', 'app', 'domain', 'errors', 'npm', 'node:'],
  cli: ['cli', 'compose', 'app', 'domain', 'errors', 'adapters', 'npm', 'node:'],
};

/** The cli renders, reads its configuration and starts the simulator; everything else comes through compose. */
const CLI_ADAPTERS = /^adapters\/(report|config|spar\/simulator|atomic-write)/;

const FORBIDDEN_IN_PURE: readonly (readonly [RegExp, string])[] = [
  [/\bnew Date\b|\bDate\.now\b/, 'the clock'],
  [/\bMath\.random\b/, 'chance'],
  [/\bprocess\./, 'the process'],
  [/\bconsole\./, 'the console'],
];

/** SPAR's own terms. Config keys as printed on the decision receipt and words that a roster holds are not among them. */
const SPAR_TERMS =
  /\b(Fornamn|Tilltalsnamn|Mellannamn|Efternamn|Folkbokforingsadress|SarskildPostadress|Utlandsadress|Kontaktadress|Utdelningsadress\d?|PostNr|Postort|CareOf|Hanvisning|AvregistreringsorsakKod|Persondetaljer|Sekretessmarkering|SkyddadFolkbokforing|Relationstyp|AviseringPost|Svarspost|Undantag|SPARPersonsokning\w*)\b/;

function filesIn(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return filesIn(path);
    return name.endsWith('.ts') ? [path] : [];
  });
}

const files = filesIn(SRC).map((path) => {
  const text = readFileSync(path, 'utf8');
  const place = relative(SRC, path);
  const layer = place.includes('/') ? (place.split('/')[0] ?? '') : place.replace(/\.ts$/, '');
  return { path, place, layer, text };
});

function importsOf(text: string): string[] {
  const found = text.matchAll(/(?:from\s+|import\s*\(\s*|^import\s+)'([^']+)'/gm);
  return [...found].map((match) => match[1] ?? '');
}

function targetOf(path: string, specifier: string): { layer: string; place: string } {
  if (specifier.startsWith('.')) {
    const place = relative(SRC, resolve(dirname(path), specifier));
    return { layer: place.includes('/') ? (place.split('/')[0] ?? '') : place.replace(/\.ts$/, ''), place };
  }
  const isNode = specifier.startsWith('node:') || builtinModules.includes(specifier);
  return { layer: isNode ? 'node:' : 'npm', place: specifier };
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
}

describe('the walls of the house', () => {
  it('every file stands in a layer that has a rule', () => {
    expect(files.map((file) => file.layer).filter((layer) => RULES[layer] === undefined)).toEqual([]);
  });

  it('a layer imports only what its rule allows', () => {
    const breaches = files.flatMap((file) =>
      importsOf(file.text).flatMap((specifier) => {
        const target = targetOf(file.path, specifier);
        const allowed = RULES[file.layer]?.includes(target.layer) ?? false;
        return allowed
          ? []
          : [`${file.place} imports ${target.place}: ${file.layer} may import ${RULES[file.layer]}`];
      }),
    );
    expect(breaches).toEqual([]);
  });

  it('the cli reaches the world through compose', () => {
    const breaches = files.flatMap((file) =>
      file.layer !== 'cli'
        ? []
        : importsOf(file.text).flatMap((specifier) => {
            const target = targetOf(file.path, specifier);
            return target.layer === 'adapters' && !CLI_ADAPTERS.test(target.place)
              ? [`${file.place} imports ${target.place}`]
              : [];
          }),
    );
    expect(breaches).toEqual([]);
  });

  it('domain and app ask neither clock, chance, process nor console', () => {
    const breaches = files.flatMap((file) =>
      file.layer !== 'domain' && file.layer !== 'app'
        ? []
        : FORBIDDEN_IN_PURE.flatMap(([pattern, what]) =>
            pattern.test(withoutComments(file.text)) ? [`${file.place} asks ${what}`] : [],
          ),
    );
    expect(breaches).toEqual([]);
  });

  it("SPAR's Swedish is spoken in adapters/spar only", () => {
    const breaches = files.flatMap((file) => {
      if (file.place.startsWith('adapters/spar/')) return [];
      const found = SPAR_TERMS.exec(withoutComments(file.text));
      return found ? [`${file.place} says ${found[0]}`] : [];
    });
    expect(breaches).toEqual([]);
  });

  it('nothing is thrown together in a drawer', () => {
    const drawers = files.filter((file) =>
      /(^|\/)(utils?|helpers?|types|index|common|misc)\.ts$/.test(file.place),
    );
    expect(drawers.map((file) => file.place)).toEqual([]);
  });
});
