import type { Text } from '../../domain/text.ts';

const WHY: Readonly<Record<string, Text>> = {
  ENOENT: { en: 'there is no such folder', sv: 'mappen finns inte' },
  EEXIST: { en: 'it is a file, not a folder', sv: 'det är en fil, ingen mapp' },
  ENOTDIR: { en: 'part of the path is a file, not a folder', sv: 'en del av sökvägen är en fil, ingen mapp' },
  EISDIR: { en: 'it is a folder, not a file', sv: 'det är en mapp, ingen fil' },
  EACCES: { en: 'this account may not write there', sv: 'kontot får inte skriva där' },
  EPERM: { en: 'this account may not write there', sv: 'kontot får inte skriva där' },
  EROFS: { en: 'the disk can only be read', sv: 'disken går bara att läsa' },
  ENOSPC: { en: 'the disk is full', sv: 'disken är full' },
};

/** What kept a file from being written, after a colon; the system's own code where we have no words, or nothing. */
export function whyNotWritten(error: unknown): Text {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  if (code === undefined) return { en: '', sv: '' };
  const { en, sv } = WHY[code] ?? { en: code, sv: code };
  return { en: `: ${en}`, sv: `: ${sv}` };
}
