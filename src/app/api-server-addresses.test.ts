import { describe, expect, it } from '@jest/globals';
import { createFakeClock } from '../../test/support/fakes/clock.ts';
import { settle } from '../../test/support/fakes/settle.ts';
import { createApiServerAddresses } from './api-server-addresses.ts';

function world(urls: readonly string[]) {
  const names: Record<string, readonly string[]> = {};
  const state = { announced: [] as readonly string[], names };
  const clock = createFakeClock(0);
  const addresses = createApiServerAddresses({
    urls,
    announced: () => Promise.resolve(state.announced),
    resolve: (host) => {
      if (/^[\da-f.:]+$/.test(host)) return Promise.resolve([host]);
      return names[host] === undefined ? Promise.reject(new Error('ENOTFOUND')) : Promise.resolve(names[host]);
    },
    clock,
  });
  return { state, clock, addresses, list: () => [...addresses].map(({ address, port }) => `${address} ${port}`) };
}

describe('the addresses of the API server', () => {
  it('are those of the kubeconfig and of the environment from the start', async () => {
    const { addresses, list, state } = world([
      'https://api.acme.example:6443',
      'https://[fd00::1]',
      'https://10.96.0.1',
    ]);
    state.names['api.acme.example'] = ['10.0.0.1', '10.0.0.2'];
    await addresses.start();
    expect(list().sort()).toEqual(['10.0.0.1 6443', '10.0.0.2 6443', '10.96.0.1 443', 'fd00::1 443']);
    await addresses.stop();
  });

  it('are also those that the API server announces, by name too', async () => {
    const { addresses, list, state } = world(['https://10.96.0.1']);
    state.announced = ['192.168.0.5:6443', 'ip-10-0-0-9.internal:443', 'not an address'];
    state.names['ip-10-0-0-9.internal'] = ['10.0.0.9'];
    await addresses.refresh();
    expect(list().sort()).toEqual(['10.0.0.9 443', '10.96.0.1 443', '192.168.0.5 6443']);
  });

  it('follow the name, and keep the address that it had', async () => {
    const { addresses, list, state, clock } = world(['https://api.acme.example']);
    state.names['api.acme.example'] = ['10.0.0.1'];
    await addresses.start();
    state.names['api.acme.example'] = ['10.0.0.2'];
    clock.advance(60_000);
    await settle();
    expect(list()).toEqual(['10.0.0.1 443', '10.0.0.2 443']);
    await addresses.stop();
  });

  it('are kept while the look-up fails', async () => {
    const { addresses, list, state } = world(['https://api.acme.example']);
    state.names['api.acme.example'] = ['10.0.0.1'];
    await addresses.refresh();
    delete state.names['api.acme.example'];
    await addresses.refresh();
    expect(list()).toEqual(['10.0.0.1 443']);
  });

  it('are 64 at most, the latest', async () => {
    const { addresses, list, state } = world(['https://api.acme.example']);
    for (let turn = 0; turn < 70; turn++) {
      state.names['api.acme.example'] = [`10.0.0.${turn}`];
      await addresses.refresh();
    }
    expect([list().length, list().at(0), list().at(-1)]).toEqual([64, '10.0.0.6 443', '10.0.0.69 443']);
  });
});
