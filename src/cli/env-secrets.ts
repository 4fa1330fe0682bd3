import { parseEnv } from 'node:util';
import type { KubeObject } from '../api/object.ts';
import { ALLOW_LABEL } from '../api/resources.ts';

/** A line of a file of keys that would give another value than its author means. */
export interface WrongLine {
  /** Counted from 1. What stands there is not told: it may be a part of a key. */
  readonly line: number;
  /** `Cut`: a value without quotes ends at its `#`. */
  readonly why: 'NamesNoKey' | 'Cut';
}

/**
 * Secrets from lines `SECRET/KEY=value` or `NAMESPACE/SECRET/KEY=value`, for keys that are in no manifest, such as in
 * CI. They carry the label that allows their use. `wrong`: the lines of another form, in their order.
 */
export function secretsIn(content: string): {
  readonly secrets: readonly KubeObject[];
  readonly wrong: readonly WrongLine[];
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
  const misnamed = new Set(entries.filter((entry) => !isRight(entry)).map(({ name }) => name));
  const isMisnamed = (line: string): boolean => misnamed.has(line.split('=')[0]?.trim() ?? '');
  const wrong = assignments(lines).flatMap(({ line, text }): readonly WrongLine[] => {
    if (!text.includes('=') || isMisnamed(text)) return [{ line, why: 'NamesNoKey' }];
    return /^[^=]*=\s*[^\s"'`#][^#]*(?<=\S)#/.test(text) ? [{ line, why: 'Cut' }] : [];
  });
  return { secrets, wrong };
}

/** The lines that begin an assignment: no comments, and not the further lines of a value in quotes. */
function assignments(lines: readonly string[]): readonly { readonly line: number; readonly text: string }[] {
  const found: { readonly line: number; readonly text: string }[] = [];
  let open: string | undefined;
  for (const [index, text] of lines.entries()) {
    if (open !== undefined) {
      if (text.includes(open)) open = undefined;
      continue;
    }
    if (text === '' || text.startsWith('#')) continue;
    found.push({ line: index + 1, text });
    const [, quote = '', rest = ''] = /^[^=]*=\s*(["'`])(.*)$/.exec(text) ?? [];
    if (quote !== '' && !rest.includes(quote)) open = quote;
  }
  return found;
}
