import { expect, it } from '@jest/globals';
import { err } from '../base/result.ts';
import { readOrFail } from './opened-cluster.ts';

it.each([
  [
    'no answer names its cause and what to look at',
    { status: 0, reason: 'ECONNREFUSED', message: 'the API server did not answer' },
    'cannot read the storages: the API server did not answer (ECONNREFUSED); kubectl cluster-info shows which cluster the kubeconfig names, and whether it answers',
  ],
  [
    'a refusal says what the API server says',
    { status: 403, reason: 'Forbidden', message: 'teamstorages is forbidden' },
    'cannot read the storages: teamstorages is forbidden (403)',
  ],
])('%s', async (_, failure, message) => {
  await expect(readOrFail(Promise.resolve(err(failure)), 'the storages')).rejects.toThrow(message);
});
