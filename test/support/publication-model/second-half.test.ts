import { it } from '@jest/globals';
import { checkStories } from './check-stories.ts';

it('keeps P1 to P7 of publication, whatever happens in whatever order', () => checkStories(2), 24 * 3_600_000);
