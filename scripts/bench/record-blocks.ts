/**
 * Loaded into a measured operator (`--import`): when it ends, writes the blocks of its event loop to the file that
 * `BYOB_BENCH_BLOCKS` names.
 */
import { writeFileSync } from 'node:fs';
import { watchBlocks } from './longest-block.ts';

/** Often enough for blocks of 50 ms, and too seldom to cost anything. */
const EVERY_MS = 10;

const watched = watchBlocks(EVERY_MS);
process.on('exit', () => writeFileSync(process.env['BYOB_BENCH_BLOCKS'] ?? '', JSON.stringify(watched.stop())));
