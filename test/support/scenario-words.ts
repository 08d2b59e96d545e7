/**
 * Makes text the same in every run: new ids become `<id 1>`, `<id 2>` in the order in which they are first seen,
 * times `<time>`, digests `<check>`.
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
      .replace(/#[0-9a-f]{16,}/g, '#<check>');
}
