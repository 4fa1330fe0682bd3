import { expect, it } from '@jest/globals';
import { fileStoresFilling } from './file-stores-filling.ts';
import { MAX_FILE_STORES_BYTES } from './file-stores.ts';

it.each([
  [0, undefined],
  [0.7499, undefined],
  [0.7501, '75 %'],
  [0.841, '80 %'],
  [1, '100 %'],
] as const)('at %s of the limit it says %s', (share, reportedShare) => {
  const condition = fileStoresFilling(Math.round(share * MAX_FILE_STORES_BYTES));
  if (reportedShare === undefined) expect(condition).toBeUndefined();
  else
    expect(condition).toMatchObject({
      status: 'True',
      message: expect.stringContaining(`take ${reportedShare}`) as unknown,
    });
});
