import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

const FOLDER = '.github/ISSUE_TEMPLATE';

interface Field {
  readonly type: string;
  readonly id?: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

interface Form {
  readonly file: string;
  readonly name: string;
  readonly description: string;
  readonly body: readonly Field[];
}

const read = (file: string): Record<string, unknown> => parse(readFileSync(join(FOLDER, file), 'utf8')) as never;
const FORMS = readdirSync(FOLDER)
  .filter((file) => file !== 'config.yml')
  .map((file) => ({ file, ...read(file) }) as unknown as Form);

/** What GitHub needs of each type of field. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  markdown: ['value'],
  input: ['label'],
  textarea: ['label'],
  dropdown: ['label', 'options'],
  checkboxes: ['label', 'options'],
};

describe('the issue forms', () => {
  it.each(FORMS)('$file has what GitHub needs of a form', ({ name, description, body }) => {
    expect([name, description].every((text) => text.length > 3)).toBe(true);
    for (const { type, attributes } of body) {
      expect(Object.keys(NEEDED)).toContain(type);
      expect(Object.keys(attributes)).toEqual(expect.arrayContaining([...(NEEDED[type] ?? [])]));
    }
    const ids = body.flatMap(({ id }) => id ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    expect(body.some(({ type }) => type !== 'markdown')).toBe(true);
  });

  it('send the reader to pages that are there', () => {
    const links = (read('config.yml')['contact_links'] as readonly { readonly url: string }[]).map(({ url }) => url);
    const ours = links.flatMap((url) => /\/(?:blob|tree)\/main\/(.+)$/.exec(url)?.[1] ?? []);
    expect(ours.length).toBeGreaterThan(0);
    expect(ours.filter((path) => !existsSync(path))).toEqual([]);
  });
});
