import { expect, it } from '@jest/globals';
import { contextOf, onAzureBlob, onGcs } from '../../../test/support/fakes/observations.ts';
import { failedBy } from '../failures/failure-table.ts';

it.each([
  ['AWS', contextOf(), /^The owner of access key .* may not use the KMS key/, /key policy/],
  ['Google Cloud', onGcs, /^The service agent of Cloud Storage .* may not use the KMS key/, /--authorize-cmek/],
  [
    'Azure',
    onAzureBlob,
    /^The identity of storage account acmewandb may not use the KMS key/,
    /identity of the account/,
  ],
])('names who encrypts when a key is refused: %s', (_, context, says, remedy) => {
  const verdict = failedBy({ kind: 'KmsAccessDenied', httpStatus: 403 }, context);

  expect(verdict.message).toMatch(says);
  expect(verdict.remedy).toMatch(remedy);
});
