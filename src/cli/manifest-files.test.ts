import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { hasUnreadFolders, textOf, writable } from './manifest-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'byob-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('refuses a file in another encoding than UTF-8, which would be read as one without storages', async () => {
  const file = join(folder, 'storages.yaml');
  writeFileSync(file, '\ufeffkind: TeamStorage\n', 'utf16le');
  await expect(textOf(file)).rejects.toThrow(`cannot use ${file}: it is no text in UTF-8`);
  writeFileSync(file, '\ufeffteam: Zoë\n');
  expect(await textOf(file)).toBe('\ufeffteam: Zoë\n');
});

it('knows of folders below the given ones, into which nobody has looked', async () => {
  const outer = mkdtempSync(join(folder, 'outer-'));
  expect(await hasUnreadFolders({ filename: [outer, '-'], recursive: false })).toBe(false);
  await mkdir(join(outer, 'inner'));
  expect(await hasUnreadFolders({ filename: [outer, '-'], recursive: false })).toBe(true);
  expect(await hasUnreadFolders({ filename: [outer], recursive: true })).toBe(false);
});

it('says why a file or a folder cannot be written', async () => {
  const file = join(folder, 'missing', 'record.json');
  await expect(writable(file, writeFile(file, ''))).rejects.toThrow(`cannot write ${file}: its folder does not exist`);
  const there = join(folder, 'there');
  writeFileSync(there, '');
  const made = writable(there, mkdir(there, { recursive: true }));
  await expect(made).rejects.toThrow(`cannot write ${there}: it exists already, and is no folder`);
});
