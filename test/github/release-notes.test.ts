import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { namedVersions, objections, sectionOf } from '../../scripts/release-notes/notes.ts';

const CHANGELOG = `# Changelog

## [Unreleased]

## [1.2.3] - 2026-01-02

### Added

- One thing.

## [1.2.2] - 2026-01-01

- Before.
`;
const at = (version: string) => [{ place: 'package.json', version }];

describe('the notes of a release', () => {
  it('are the section of its version, without the heading', () => {
    expect(sectionOf(CHANGELOG, '1.2.3')).toBe('### Added\n\n- One thing.');
    expect(sectionOf(CHANGELOG, 'Unreleased')).toBeUndefined();
    expect(sectionOf(CHANGELOG, '1.2')).toBeUndefined();
  });

  it('are given for a tag that agrees with the tree and the changelog', () => {
    expect(objections('v1.2.3', CHANGELOG, at('1.2.3'))).toEqual([]);
  });

  it('are refused when a file has another version', () => {
    expect(objections('v1.2.3', CHANGELOG, at('1.2.2'))).toEqual([
      'package.json has version 1.2.2, and the tag is v1.2.3.',
    ]);
  });

  it('are refused without a section', () => {
    expect(objections('v1.3.0', CHANGELOG, at('1.3.0'))).toEqual([expect.stringContaining('"## [1.3.0]"')]);
  });

  it.each(['1.2.3', 'v1.2', 'v1.2.3+build', ''])('are refused for the tag "%s"', (tag) => {
    expect(objections(tag, CHANGELOG, at('1.2.3'))).toEqual([expect.stringContaining('semantic version')]);
  });
});

it('every place that names the version of this tree names the same one', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string };

  expect(namedVersions().filter((one) => one.version !== version)).toEqual([]);
});
