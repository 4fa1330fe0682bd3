import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** One file of an image. */
export interface ImageFile {
  /** From the root, with a slash. */
  readonly path: string;
  readonly bytes: number;
  /** Seconds since the epoch. */
  readonly modified: number;
  readonly linksTo?: string;
}

/** All files below a folder, sorted by path. */
export function filesOf(root: string, below = '/'): readonly ImageFile[] {
  return readdirSync(join(root, below), { withFileTypes: true })
    .flatMap((entry): readonly ImageFile[] => {
      const path = join(below, entry.name);
      if (entry.isDirectory()) return filesOf(root, path);
      const { size, mtimeMs } = lstatSync(join(root, path));
      const link = entry.isSymbolicLink() ? { linksTo: readlinkSync(join(root, path)) } : {};
      return [{ path, bytes: size, modified: Math.floor(mtimeMs / 1000), ...link }];
    })
    .sort((left, right) => (left.path < right.path ? -1 : 1));
}

/** Whether the Dockerfile adds the file to the base image. */
export function isOurs({ path }: ImageFile): boolean {
  return path.startsWith('/app/') || path === '/usr/local/bin/node';
}
