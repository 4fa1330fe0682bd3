import { join } from 'node:path';
import type { Target } from './target.ts';

/** The file of the texts that were found for a target: a list in JSON. */
export function corpusFile({ name }: Pick<Target, 'name'>): string {
  return join(import.meta.dirname, 'corpus', `${name}.json`);
}
