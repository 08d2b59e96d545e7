import { open } from 'node:fs/promises';

/**
 * The headers of a CSV file, for proposals only: `undefined` where there is no such file or nothing that
 * looks like headers. The roster's own reader decides later what the file really is.
 */
export async function readCsvHeaders(path: string): Promise<readonly string[] | undefined> {
  try {
    return await headersOf(await firstBytes(path, 64 * 1024));
  } catch {
    return undefined;
  }
}

async function firstBytes(path: string, length: number): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function headersOf(bytes: Buffer): Promise<readonly string[] | undefined> {
  const [{ parse }, text] = await Promise.all([import('csv-parse/sync'), decode(bytes)]);
  const line = /^[^\r\n]*/.exec(text)?.[0] ?? '';
  const count = (delimiter: string) => line.split(delimiter).length;
  const delimiter = [',', ';', '\t'].sort((a, b) => count(b) - count(a))[0] ?? ',';
  const [headers] = parse(line, { delimiter, to: 1, trim: true });
  return headers;
}

async function decode(bytes: Buffer): Promise<string> {
  try {
    // The last character may have been cut in two: `stream` forgives that.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
  } catch {
    const { default: iconv } = await import('iconv-lite');
    return iconv.decode(bytes, 'windows-1252');
  }
}
