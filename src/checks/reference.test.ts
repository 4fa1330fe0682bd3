import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { renderChecksReference } from './reference.ts';

it('renders the page that readers have', () => {
  expect(renderChecksReference()).toBe(readFileSync('docs/reference/checks.md', 'utf8'));
});
