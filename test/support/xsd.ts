import { readFileSync } from 'node:fs';
import { XmlDocument, XsdValidator } from 'libxml2-wasm';
import { xmlRegisterFsInputProviders } from 'libxml2-wasm/lib/nodejs.mjs';

let registered = false;

/** A check of documents against the schema in a file; gives what is wrong, and nothing for a valid document. */
export function openXsd(file: string): (document: string) => string | undefined {
  if (!registered) xmlRegisterFsInputProviders();
  registered = true;
  const schema = XmlDocument.fromString(readFileSync(file, 'utf8'), { url: file });
  const validator = XsdValidator.fromDoc(schema);
  return (text) => {
    const document = XmlDocument.fromString(text);
    try {
      validator.validate(document);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    } finally {
      document.dispose();
    }
  };
}
