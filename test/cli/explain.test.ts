import { describe, expect, it } from '@jest/globals';
import { CHECK_REASONS } from '../../src/checks/catalogue.ts';
import { byob } from './byob.ts';

describe('byob explain as a process', () => {
  it('prints meaning, remedy, class, codes and check of a reason', async () => {
    const { status, stdout } = await byob(['explain', 'bucketnotfound']);
    expect(status).toBe(0);
    const { meaning, remedy } = CHECK_REASONS.BucketNotFound;
    for (const text of [meaning, remedy, 'BucketExists', 'NoSuchBucket', 'external']) expect(stdout).toContain(text);
  });

  it.each(['UnknownField', 'Unreadable', 'Duplicate', 'Manifest'])(
    'knows %s, which byob check reports',
    async (name) => {
      const { status, stdout } = await byob(['explain', name]);
      expect(status).toBe(0);
      expect(stdout).toContain('byob check');
    },
  );

  it('an unknown name ends with 2 and lists similar ones', async () => {
    const { status, stdout, stderr } = await byob(['explain', 'BucketNotFond']);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain('Did you mean BucketNotFound');
    expect((await byob(['explain'])).status).toBe(2);
  });
});
