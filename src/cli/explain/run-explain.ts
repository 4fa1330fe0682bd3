import { EXIT, type ExitCode } from '../exit-codes.ts';
import { InputError } from '../input-error.ts';
import { stylesFor } from '../terminal.ts';
import { nearestNames } from './nearest-names.ts';
import { EXPLAINED, pagesOf } from './page.ts';
import { renderPage } from './render-page.ts';

/** Prints the pages of a name. */
export function runExplain(name: string): ExitCode {
  const pages = pagesOf(name);
  if (pages.length === 0) throw new InputError(unknown(name));
  const styles = stylesFor(process.stdout, process.env);
  process.stdout.write(pages.map((page) => renderPage(page, styles)).join('\n'));
  return EXIT.Good;
}

function unknown(name: string): string {
  if (name === '') return 'the name is empty. Name one as a status shows it, such as BucketNotFound.';
  const near = nearestNames(name, EXPLAINED);
  const hint =
    near.length === 0
      ? 'Name one as a status shows it, such as BucketNotFound, CanWrite or Published.'
      : `Did you mean ${near.join(' or ')}?`;
  return `no condition, check or reason is named ${name}. ${hint}`;
}
