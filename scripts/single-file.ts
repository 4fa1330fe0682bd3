/**
 * Builds `byob` as one executable file for this machine, Node.js included: `npm run single-file`, or with another file
 * than dist/single/byob as argument.
 */
import { buildSingleFile } from './single-file/single-file.ts';

const file = process.argv[2] ?? 'dist/single/byob';
await buildSingleFile(file);
console.log(`built ${file}`);
