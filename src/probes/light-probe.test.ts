import { describe, expect, it } from '@jest/globals';
import { PREFIX, setUpProber, verdicts } from '../../test/support/fakes/probing.ts';

describe('a light probe', () => {
  it('sends two requests and writes nothing', async () => {
    const { store, probe } = setUpProber();
    const seen = await probe({ mode: 'Light' });
    expect(store.calls.map(({ action, key }) => `${action} ${key}`)).toEqual([
      'list teams/omega/',
      `GET ${PREFIX}id-1`,
    ]);
    expect(seen.presigned?.GET).toEqual({ ok: true, value: { httpStatus: 404 } });
    expect(store.keys()).toEqual([]);
  });

  it('takes a refusal for no evidence: who may list a path alone is refused absent keys', async () => {
    const { store, probe } = setUpProber();
    store.hidesAbsence = true;
    expect((await probe({ mode: 'Light' })).presigned).toEqual({});
  });

  it('takes the 404 of a gateway for absence, after the store was listed', async () => {
    const { store, probe } = setUpProber();
    store.isBehindGateway = true;
    expect((await probe({ mode: 'Light' })).presigned?.GET).toEqual({ ok: true, value: { httpStatus: 404 } });
  });

  it('does not believe a success for a key that cannot exist', async () => {
    const { store, probe } = setUpProber();
    store.put(`${PREFIX}id-1`, 'whatever');
    expect((await probe({ mode: 'Light' })).presigned?.GET).toMatchObject({
      ok: false,
      error: { kind: 'NotAnObjectStore' },
    });
  });

  it('reports a store that does not answer', async () => {
    const { store, probe } = setUpProber();
    store.failures.set('list', { kind: 'ConnectionRefused' });
    expect(verdicts(await probe({ mode: 'Light' }))).toMatchObject({ EndpointReachable: 'ConnectionRefused' });
    expect(store.calls).toHaveLength(1);
  });
});
