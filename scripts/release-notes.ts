/**
 * Prints the section of the changelog for a version: `npm run release-notes -- v1.2.3`.
 * It fails when a file of the repository names another version.
 */
import { readFileSync } from 'node:fs';
import { namedVersions, objections, sectionOf } from './release-notes/notes.ts';

const tag = process.argv[2] ?? '';
const changelog = readFileSync('CHANGELOG.md', 'utf8');
const found = objections(tag, changelog, namedVersions());
for (const objection of found) console.error(objection);
if (found.length > 0) process.exitCode = 1;
else console.log(sectionOf(changelog, tag.slice(1)));
