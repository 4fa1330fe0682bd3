import { expect, it } from '@jest/globals';
import { FakeConnection } from '../../test/support/fakes/connection.ts';
import { CONFIG_MAPS } from '../api/resources.ts';
import { createKubeClient } from './client.ts';

const NOT_A_LIST = {
  ok: false,
  error: { status: 0, reason: 'NotAList', message: 'the answer of the API server is not a list' },
};

it.each(['{}', '{"metadata":{}}', '{"items":[]}', '{"metadata":{"resourceVersion":""},"items":[]}'])(
  'a list is no list of nothing where a proxy answers %s',
  async (body) => {
    const kube = createKubeClient(new FakeConnection([{ chunks: [body] }]));
    expect(await kube.list(CONFIG_MAPS, 'ns')).toEqual(NOT_A_LIST);
  },
);

it('a kind is not taken for gone where a proxy answers the discovery', async () => {
  const kube = createKubeClient(new FakeConnection([{ chunks: ['{}'] }]));
  expect(await kube.servedVerbs(CONFIG_MAPS)).toEqual(NOT_A_LIST);
});
