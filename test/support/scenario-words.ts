/**
 * Makes text the same in every run: new ids become `<id 1>`, `<id 2>` in the order in which they are first seen,
 * times `<time>`, digests `<check>`, and the last day of a certificate that was made for the run `<day>`.
 */
export function createPlainWords(): (text: string) => string {
  const ids = new Map<string, string>();
  return (text) =>
    text
      .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (uuid) => {
        const known = ids.get(uuid) ?? `<id ${ids.size + 1}>`;
        ids.set(uuid, known);
        return known;
      })
      .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, '<time>')
      .replace(/\d{4}-\d\d-\d\d \d\d:\d\d\b/g, '<time>')
      .replace(/(?<=its own is valid to )\d{4}-\d\d-\d\d/g, '<day>')
      .replace(/#[0-9a-f]{16,}/g, '#<check>');
}
