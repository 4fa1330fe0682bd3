import { isProven } from '../../../src/checks/roll-up.ts';
import { createAddressPolicy } from '../../../src/net/address-policy.ts';
import { createGuardedHttp } from '../../../src/net/guarded-http.ts';
import type { Fault } from '../../servers/fault-server/fault.ts';
import { startFaultServer, type Certificate } from '../../servers/fault-server/server.ts';
import { createFakeClock } from '../../support/fakes/clock.ts';
import { PROBE_LIMITS } from '../../../src/probes/prober.ts';
import { APP, probeBucket, type Outcome } from '../probe-outcome.ts';
import { BUCKET, KIND_OF, OWNER, placeOf, REGION, type Provider } from './places.ts';

/** Browsers let a plain front end speak to a plain store. */
const PLAIN_APP = APP.replace('https:', 'http:');

/** How the operator comes to the store, where that is what is wrong. */
export interface Way {
  readonly resolve?: (host: string) => Promise<readonly string[]>;
  /** `host:port` of an HTTP proxy, for http and https. */
  readonly proxy?: string;
  readonly deniedCidrs?: readonly string[];
  readonly connectTimeoutMs?: number;
  /** Another port than that of the store. */
  readonly port?: number;
  /** Another name for the bucket. */
  readonly name?: string;
  readonly caBundle?: string;
}

export interface ScriptedStore {
  readonly port: number;
  readonly provider: Provider;
  readonly tls: boolean;
  readonly operations: readonly string[];
  /** Keys that are in the bucket. */
  keys(): readonly string[];
  readonly breakWith: (fault: Fault | undefined) => void;
  readonly present: (certificate: Certificate) => void;
  /** Probes it as the operator does, and judges what was seen. */
  probe(way?: Way, mode?: 'Full' | 'Light'): Promise<Outcome & { readonly isProven: boolean }>;
  readonly stop: () => Promise<void>;
}

/**
 * A store of a provider's kind. Time is the test's: it stands still, and reaches
 * the deadline of a call as soon as a fault that answers nothing has been met.
 */
export async function startScriptedStore(provider: Provider, certificate?: Certificate): Promise<ScriptedStore> {
  const clock = createFakeClock(Date.now());
  const server = await startFaultServer({
    kind: KIND_OF[provider],
    bucket: BUCKET,
    region: REGION,
    owner: OWNER,
    ...(certificate !== undefined && { certificate }),
    onSilence: () => clock.advance(PROBE_LIMITS.callDeadlineMs),
  });

  async function probe(way: Way = {}, mode: 'Full' | 'Light' = 'Full') {
    const net = createGuardedHttp({
      policy: createAddressPolicy({
        allowedEndpoints: way.deniedCidrs === undefined ? ['127.0.0.0/8'] : [],
        deniedCidrs: way.deniedCidrs ?? [],
        apiServerAddresses: [],
      }),
      proxy: way.proxy === undefined ? {} : { httpProxy: way.proxy, httpsProxy: way.proxy },
      resolve: way.resolve ?? (() => Promise.resolve(['127.0.0.1'])),
      ...(way.connectTimeoutMs !== undefined && { connectTimeoutMs: way.connectTimeoutMs }),
    });
    try {
      const place = placeOf(provider, {
        port: way.port ?? server.port,
        tls: certificate !== undefined,
        ...(way.caBundle !== undefined && { caBundle: way.caBundle }),
        ...(way.name !== undefined && { name: way.name }),
      });
      const outcome = await probeBucket(place, {
        net,
        clock,
        mode,
        ...(certificate === undefined && { appOrigin: PLAIN_APP }),
      });
      return { ...outcome, isProven: isProven(outcome.results) };
    } finally {
      await net.close();
    }
  }

  return {
    port: server.port,
    provider,
    tls: certificate !== undefined,
    operations: server.operations,
    keys: () => server.objects.keys(''),
    breakWith: server.breakWith,
    present: server.present,
    probe,
    stop: server.stop,
  };
}
