import type { Observations } from '../../../src/domain/observations/observations.ts';
import type { Prober, ProbeRequest } from '../../../src/probes/prober.ts';
import { settle } from './settle.ts';

/** A probe that a test ends when it likes. */
export interface FakeProbe {
  readonly request: ProbeRequest;
  readonly signal: AbortSignal;
  end(seen: Observations): Promise<void>;
  fail(error: Error): Promise<void>;
}

/** Keeps every probe waiting until the test ends it. */
export class FakeProber implements Prober {
  readonly probes: FakeProbe[] = [];

  run(request: ProbeRequest, signal: AbortSignal): Promise<Observations> {
    return new Promise((resolve, reject) => {
      this.probes.push({
        request,
        signal,
        end(seen) {
          resolve(seen);
          return settle();
        },
        fail(error) {
          reject(error);
          return settle();
        },
      });
    });
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }

  get last(): FakeProbe {
    const last = this.probes.at(-1);
    if (last === undefined) throw new Error('nothing was probed');
    return last;
  }
}
