import type { Styles } from '../terminal.ts';
import { wrapped } from '../wrapped.ts';
import type { Page } from './page.ts';

/** A page as text: the title, a column of labels, and the names that belong to it. */
export function renderPage({ title, fields, parts }: Page, { style }: Styles): string {
  const shown = fields.filter(([, text]) => text !== '');
  const labels = Math.max(0, ...shown.map(([label]) => label.length)) + 2;
  const names = Math.max(0, ...parts.map(([name]) => name.length)) + 2;
  const line = (label: string, width: number, text: string): string =>
    `  ${style('bold', label.padEnd(width))}${wrapped(text, width + 2)}`;
  return [
    style('bold', title),
    '',
    ...shown.map(([label, text]) => line(label, labels, text)),
    ...(parts.length === 0 ? [] : ['', 'Its reasons:', ...parts.map(([name, text]) => line(name, names, text))]),
    '',
  ].join('\n');
}
