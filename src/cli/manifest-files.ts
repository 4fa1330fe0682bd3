import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { InputError } from './input-error.ts';
import { parseManifests, type ParsedManifests } from '../manifests/parse-manifests.ts';

export interface FileFlags {
  readonly filename: readonly string[];
  readonly recursive: boolean;
}

const MANIFEST = /\.(ya?ml|json)$/;

/**
 * Reads manifests from files, from folders (their `*.yaml`, `*.yml` and `*.json`), and from standard input (`-`), as
 * `kubectl apply -f` does.
 */
export async function readManifests({ filename, recursive }: FileFlags): Promise<ParsedManifests> {
  const files = (await Promise.all(filename.map((name) => filesOf(name, recursive)))).flat();
  const parsed = await Promise.all(
    [...new Set(files)].map(async (file) => parseManifests(await textOf(file), file === '-' ? 'stdin' : file)),
  );
  return {
    manifests: parsed.flatMap(({ manifests }) => manifests),
    unreadable: parsed.flatMap(({ unreadable }) => unreadable),
  };
}

async function filesOf(name: string, recursive: boolean): Promise<readonly string[]> {
  if (name === '-' || !(await readable(name, stat(name))).isDirectory()) return [name];
  const entries = await readable(name, readdir(name, { recursive, withFileTypes: true }));
  return entries
    .filter((entry) => entry.isFile() && MANIFEST.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** The text of a file; `-` is the standard input. */
export function textOf(file: string): Promise<string> {
  return file === '-' ? text(process.stdin) : readable(file, readFile(file, 'utf8'));
}

/** A file as messages name it. */
export function nameOfFile(file: string): string {
  return file === '-' ? 'the standard input' : file;
}

const CAUSES: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
};

/** Reads or writes a file that the user names; a failure is reported as one of the input. */
export async function readable<T>(file: string, reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (cause) {
    const { code } = cause as { readonly code?: unknown };
    const why = typeof code === 'string' ? (CAUSES[code] ?? code) : 'unknown error';
    throw new InputError(`cannot use ${file}: ${why}`, { cause });
  }
}
