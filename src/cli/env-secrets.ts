import { parseEnv } from 'node:util';
import type { KubeObject } from '../api/object.ts';
import { ALLOW_LABEL } from '../api/resources.ts';

/**
 * Secrets from lines `SECRET/KEY=value` or `NAMESPACE/SECRET/KEY=value`, for keys that are in no manifest, such as in
 * CI. They carry the label that allows their use. `wrong` holds the numbers of lines of another form: what
 * stands there in place of a name may be a part of a key.
 */
export function secretsIn(content: string): {
  readonly secrets: readonly KubeObject[];
  readonly wrong: readonly number[];
} {
  const entries = Object.entries(parseEnv(content)).map(([name, value = '']) => ({
    name,
    parts: name.split('/'),
    value,
  }));
  const isRight = ({ parts }: { readonly parts: readonly string[] }): boolean =>
    (parts.length === 2 || parts.length === 3) && parts.every((part) => part !== '');
  const bySecret = Map.groupBy(entries.filter(isRight), ({ parts }) => parts.slice(0, -1).join('/'));
  const secrets = [...bySecret].map(([id, keys]) => {
    const [name = '', namespace] = id.split('/').reverse();
    const stringData = Object.fromEntries(keys.map(({ parts, value }) => [parts.at(-1) ?? '', value]));
    const labels = { [ALLOW_LABEL]: 'true' };
    const metadata = { name, labels, ...(namespace !== undefined && { namespace }) };
    return { apiVersion: 'v1', kind: 'Secret', metadata, stringData };
  });
  const lines = content.split('\n').map((line) => line.trim().replace(/^export\s+/, ''));
  const lineOf = (name: string): number => lines.findIndex((line) => line.startsWith(name)) + 1;
  return { secrets, wrong: entries.filter((entry) => !isRight(entry)).map(({ name }) => lineOf(name)) };
}
