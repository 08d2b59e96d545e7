import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

const FOLDER = new URL('../../../../shared/spar/schema-2021.1/granssnitt/personsok/2021.1/', import.meta.url);

/** Whether SPAR's official schema lies beside the project; it may not be copied into it. */
export const HAS_OFFICIAL_SCHEMA = existsSync(FOLDER);

export interface OfficialSchema {
  /** What the schema has against the body of this envelope; empty when it is valid. */
  complaints(envelope: string): string;
}

/** The schema of answers or of questions. */
export async function openOfficialSchema(
  file: 'PersonsokningSvar.xsd' | 'PersonsokningFraga.xsd',
): Promise<OfficialSchema> {
  const { XmlDocument, XsdValidator } = await import('libxml2-wasm');
  const { xmlRegisterFsInputProviders } = await import('libxml2-wasm/lib/nodejs.mjs');
  xmlRegisterFsInputProviders();
  const path = fileURLToPath(new URL(file, FOLDER));
  const validator = XsdValidator.fromDoc(
    XmlDocument.fromBuffer(readFileSync(path), { url: pathToFileURL(path).href }),
  );
  return {
    complaints(envelope) {
      const start = /<S:Body>/.exec(envelope);
      const body = start
        ? envelope.slice(start.index + '<S:Body>'.length, envelope.indexOf('</S:Body>'))
        : envelope;
      const document = XmlDocument.fromString(body);
      try {
        validator.validate(document);
        return '';
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      } finally {
        document.dispose();
      }
    },
  };
}
