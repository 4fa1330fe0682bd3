import { parseAllDocuments } from 'yaml';
import { asJsonObject, own, text, type JsonObject } from '../domain/spec/json.ts';
import { err, ok, type Result } from '../base/result.ts';
import { inWords } from '../manifests/parse-manifests.ts';
import { nameOfFile } from './manifest-files.ts';

/** The documents of a text in YAML or JSON, without empty ones; lists are taken apart. */
export function readDocuments(source: string, file: string): Result<readonly JsonObject[], string> {
  // A warning of the parser would repeat a part of the text, too.
  const documents = parseAllDocuments(source, { logLevel: 'error' });
  const found: JsonObject[] = [];
  for (const document of documents) {
    // The message would repeat a part of the text, which may be a secret.
    const [error] = document.errors;
    if (error !== undefined) {
      return err(
        `${nameOfFile(file)} is no valid YAML: ${inWords(error.code)} in line ${error.linePos?.[0].line ?? '?'}.`,
      );
    }
    const value = asJsonObject(document.toJS());
    if (value !== undefined) found.push(...itemsOf(value));
  }
  return ok(found);
}

function itemsOf(value: JsonObject): readonly JsonObject[] {
  const items = own(value, 'items');
  if (text(value, 'kind')?.endsWith('List') !== true || !Array.isArray(items)) return [value];
  return items.map(asJsonObject).filter((item) => item !== undefined);
}
