import { expect, it } from '@jest/globals';
import { createApiServer } from '../../../test/support/api-server/server.ts';
import { createFakeClock } from '../../../test/support/fakes/clock.ts';
import { SECRETS } from '../../api/resources.ts';
import { createOutputWriter } from './output-writer.ts';

const IDENTITY = { namespace: 'wandb', name: 'prod', uid: 'uid-prod' };

it('refuses what a former leader sent and what arrives after its successor has written', async () => {
  const api = createApiServer({ clock: createFakeClock() });
  const former = createOutputWriter({ kube: api.client('byob-operator') });
  const successor = createOutputWriter({ kube: api.client('byob-operator') });
  await former.write('Secret', IDENTITY, { data: { STORES: 'first' }, seal: 'seal-1' });
  await successor.read('Secret', IDENTITY);
  await successor.write('Secret', IDENTITY, { data: { STORES: 'third' }, seal: 'seal-3' });

  const late = await former.write('Secret', IDENTITY, { data: { STORES: 'second' }, seal: 'seal-2' });

  expect(late).toMatchObject({ ok: false, error: { kind: 'Kube', failure: { status: 409 } } });
  const stands = await api.client().get(SECRETS, { namespace: 'wandb', name: 'prod-storage' });
  expect(stands).toMatchObject({ ok: true, value: { data: { STORES: Buffer.from('third').toString('base64') } } });
});
