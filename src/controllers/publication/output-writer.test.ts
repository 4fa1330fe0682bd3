import { describe, expect, it } from '@jest/globals';
import { createApiServer } from '../../../test/support/api-server/server.ts';
import { createFakeClock } from '../../../test/support/fakes/clock.ts';
import { CONFIG_MAPS, SECRETS } from '../../api/resources.ts';
import { createOutputWriter, type OutputWriter, type StandingOutput } from './output-writer.ts';

const IDENTITY = { namespace: 'wandb', name: 'prod', uid: 'uid-prod' };
const KEY = { namespace: 'wandb', name: 'prod-storage' };

/** What stands after a read or a write that succeeds. */
async function standing(result: ReturnType<OutputWriter['read']>): Promise<StandingOutput> {
  const found = await result;
  if (!found.ok || found.value === undefined) throw new Error('nothing stands');
  return found.value;
}

function write(writer: OutputWriter, text: string, over: StandingOutput | undefined) {
  return writer.write('Secret', IDENTITY, { data: { STORES: text }, seal: `seal of ${text}`, over });
}

describe('a write that was planned for another version', () => {
  it.each([
    ['before the watch shows that', false],
    ['after the watch has shown that', true],
  ])('is refused %s', async (_when, isShown) => {
    const api = createApiServer({ clock: createFakeClock() });
    const former = createOutputWriter({ kube: api.client('byob-operator') });
    const successor = createOutputWriter({ kube: api.client('byob-operator') });
    const first = await standing(write(former, 'first', undefined));
    const third = await standing(write(successor, 'third', await standing(successor.read('Secret', IDENTITY))));
    if (isShown) former.invalidate('Secret', KEY, third.resourceVersion);

    const late = await write(former, 'second', first);

    expect(late).toMatchObject({ ok: false, error: { kind: 'Kube', failure: { status: 409 } } });
    const stands = await api.client().get(SECRETS, KEY);
    expect(stands).toMatchObject({ ok: true, value: { data: { STORES: Buffer.from('third').toString('base64') } } });
  });
});

describe('a write that was planned where there was no output', () => {
  const refused = { ok: false, error: { kind: 'Kube', failure: { status: 409 } } };

  it.each(['Secret', 'ConfigMap'] as const)('does not change the %s that the successor has created', async (kind) => {
    const api = createApiServer({ clock: createFakeClock() });
    const former = createOutputWriter({ kube: api.client('byob-operator') });
    const successor = createOutputWriter({ kube: api.client('byob-operator') });
    const written = await successor.write(kind, IDENTITY, { data: { STORES: 'second' }, over: undefined });

    const late = await former.write(kind, IDENTITY, { data: {}, over: undefined });

    expect(written).toMatchObject({ ok: true });
    expect(late).toMatchObject(refused);
    expect((await standing(successor.read(kind, IDENTITY))).data).toEqual({ STORES: 'second' });
  });

  it('does not change an object that someone else has created since', async () => {
    const api = createApiServer({ clock: createFakeClock() });
    const metadata = { namespace: KEY.namespace, name: KEY.name };
    await api.user('kubectl').create(CONFIG_MAPS, { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { a: 'b' } });
    const writer = createOutputWriter({ kube: api.client('byob-operator') });

    const late = await writer.write('ConfigMap', IDENTITY, { data: {}, over: undefined });

    expect(late).toMatchObject(refused);
    expect(await writer.read('ConfigMap', IDENTITY)).toMatchObject({ ok: false, error: { kind: 'NotOurs' } });
  });

  it('creates an output that was deleted since', async () => {
    const api = createApiServer({ clock: createFakeClock() });
    const writer = createOutputWriter({ kube: api.client('byob-operator') });
    const first = await standing(write(writer, 'first', undefined));
    await api.user('kubectl').delete(SECRETS, KEY);

    expect((await standing(write(writer, 'second', first))).data).toEqual({ STORES: 'second' });
  });
});

describe('an edit that the watch shows while an answer is on its way', () => {
  it.each(['read', 'write'] as const)('is read after the answer to a %s', async (request) => {
    const api = createApiServer({ clock: createFakeClock() });
    const kube = api.client('byob-operator');
    const other = createOutputWriter({ kube: api.client('byob-operator') });
    const first = await standing(write(other, 'first', undefined));
    let edit: () => Promise<void> = () => Promise.resolve();
    const late = async <T>(answer: Promise<T>): Promise<T> => {
      const arrived = await answer;
      await edit();
      return arrived;
    };
    const writer = createOutputWriter({
      kube: { ...kube, get: (...asked) => late(kube.get(...asked)), apply: (...asked) => late(kube.apply(...asked)) },
    });
    edit = async () => {
      edit = () => Promise.resolve();
      other.invalidate('Secret', KEY, undefined);
      const edited = await standing(write(other, 'edited', await standing(other.read('Secret', IDENTITY))));
      writer.invalidate('Secret', KEY, edited.resourceVersion);
    };

    await (request === 'read' ? writer.read('Secret', IDENTITY) : write(writer, 'second', first));

    expect((await standing(writer.read('Secret', IDENTITY))).data).toEqual({ STORES: 'edited' });
  });
});
