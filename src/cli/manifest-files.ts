import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
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

/** Whether there are folders below the given ones, into which only `--recursive` looks. */
export async function hasUnreadFolders({ filename, recursive }: FileFlags): Promise<boolean> {
  if (recursive) return false;
  const given = filename.filter((name) => name !== '-');
  const lists = await Promise.all(given.map((name) => readdir(name, { withFileTypes: true }).catch(() => [])));
  return lists.flat().some((entry) => entry.isDirectory());
}

/**
 * The text of a file; `-` is the standard input. Another encoding, such as the UTF-16 of older versions of PowerShell,
 * would be read as a text that holds nothing.
 */
export async function textOf(file: string): Promise<string> {
  const bytes = file === '-' ? await buffer(process.stdin) : await readable(file, readFile(file));
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new InputError(`cannot use ${nameOfFile(file)}: it is no text in UTF-8`, { cause });
  }
}

/** A file as messages name it. */
export function nameOfFile(file: string): string {
  return file === '-' ? 'the standard input' : file;
}

const CAUSES: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
  EEXIST: 'it exists already, and is no folder',
  ENOTDIR: 'a part of its path is no folder',
  ENOSPC: 'the disk is full',
};

/** Reads a file that the user names; a failure is reported as one of the input. */
export function readable<T>(file: string, reading: Promise<T>): Promise<T> {
  return namingCause(`cannot use ${file}`, reading, CAUSES);
}

/** Writes a file, or makes a folder, that the user names. */
export function writable<T>(file: string, writing: Promise<T>): Promise<T> {
  return namingCause(`cannot write ${file}`, writing, { ...CAUSES, ENOENT: 'its folder does not exist' });
}

async function namingCause<T>(what: string, work: Promise<T>, causes: typeof CAUSES): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw new InputError(`${what}: ${causeText(cause, causes) ?? codeOf(cause) ?? 'unknown error'}`, { cause });
  }
}

/** Why the system refused to use a file; `undefined` for any other failure. */
export function causeText(cause: unknown, causes = CAUSES): string | undefined {
  return causes[codeOf(cause) ?? ''];
}

function codeOf(cause: unknown): string | undefined {
  const { code } = cause as { readonly code?: unknown };
  return typeof code === 'string' ? code : undefined;
}
