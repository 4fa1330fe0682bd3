import { err, ok, type Result } from '../../../src/base/result.ts';
import type { KubeFailure } from '../../../src/ports/kube.ts';
import type { LeaseLock, LeaseRecord } from '../../../src/ports/lease.ts';

/** One Lease in memory that several processes share; each reaches it by a line of its own. */
export class FakeLease {
  record: LeaseRecord | undefined;
  #version = 0;

  /** A line to the Lease. `state` may change at any time. */
  line(state: { outage: 'none' | 'refused' | 'silent' | 'deaf' } = { outage: 'none' }): LeaseLock {
    const reach = async <T>(act: () => Result<T, KubeFailure>): Promise<Result<T, KubeFailure>> => {
      await Promise.resolve();
      if (state.outage === 'refused') return err(unavailable);
      if (state.outage === 'silent') return new Promise(() => undefined);
      const answer = act();
      // The server did it, and its answer was lost.
      return state.outage === 'deaf' ? err(unavailable) : answer;
    };
    return {
      read: () => reach(() => ok(this.record)),
      write: (record, version) =>
        reach(() => {
          if (this.record?.version !== version) return err(conflict);
          this.#version += 1;
          this.record = { ...record, version: String(this.#version) };
          return ok(this.record);
        }),
    };
  }
}

const unavailable: KubeFailure = { status: 503, reason: 'ServiceUnavailable', message: '' };
const conflict: KubeFailure = { status: 409, reason: 'Conflict', message: '' };
