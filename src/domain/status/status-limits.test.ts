import { expect, it } from '@jest/globals';
import { STATUS_BOUNDS } from '../../api/generated/status-bounds.ts';
import { withinBounds } from './status-limits.ts';

const most = STATUS_BOUNDS['TeamStorage']?.['bucket'] ?? 0;
const PAIR = '\u{1f4a5}';

it.each([
  ['a text of the longest length stays', 'x'.repeat(most), 'x'.repeat(most)],
  ['a longer one is cut', 'x'.repeat(most + 1), `${'x'.repeat(most - 1)}…`],
  ['characters count, not UTF-16 units', PAIR.repeat(most), PAIR.repeat(most)],
  ['half a pair is what the API server makes of it', `a${PAIR.slice(0, 1)}`, 'a\ufffd'],
])('%s', (_what, bucket, expected) => {
  expect(most).toBeGreaterThan(1);
  expect(withinBounds('TeamStorage', { bucket })).toEqual({ bucket: expected });
});
