import { it } from '@jest/globals';
import { tellStories } from './tell.ts';

it('keeps P1 to P7 of publication, whatever happens in whatever order', () => tellStories(1), 24 * 3_600_000);
