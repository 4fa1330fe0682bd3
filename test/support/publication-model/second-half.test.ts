import { it } from '@jest/globals';
import './packed-at-once.ts';

const { tellStories } = await import('./tell.ts');

it('keeps P1 to P7 of publication, whatever happens in whatever order', () => tellStories(2), 24 * 3_600_000);
