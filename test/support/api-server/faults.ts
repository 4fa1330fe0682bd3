import type { KubeFailure } from '../../../src/ports/kube.ts';
import type { ApiRequest, Verb } from './requests.ts';

/** Requests that go wrong, and how. What is absent matches anything. */
export interface Fault {
  readonly verb?: Verb;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
  /** 0: there is no answer. */
  readonly status: number;
  readonly reason: string;
  /** `before`: refused, and nothing happened. `after`: done, but the answer says otherwise. */
  readonly when: 'before' | 'after';
  readonly times: number;
  readonly retryAfterMs?: number;
}

export interface Faults {
  add(fault: Fault): void;
  clear(): void;
}

/** Faults in the order in which they were added; a request meets at most one, and uses it up by one. */
export function createFaults() {
  let faults: { readonly fault: Fault; left: number }[] = [];

  /** The fault that a request meets. */
  function meet(request: ApiRequest): Fault | undefined {
    const met = faults.find(({ fault, left }) => left > 0 && matches(fault, request));
    if (met === undefined) return undefined;
    met.left -= 1;
    return met.fault;
  }

  return {
    add: (fault: Fault): void => void faults.push({ fault, left: fault.times }),
    clear(): void {
      faults = [];
    },
    meet,
  };
}

function matches(fault: Fault, { verb, kind, key }: ApiRequest): boolean {
  return (
    (fault.verb ?? verb) === verb &&
    (fault.kind ?? kind) === kind &&
    (fault.namespace ?? key.namespace) === key.namespace &&
    (fault.name ?? key.name) === key.name
  );
}

export function failureOfFault({ status, reason, retryAfterMs }: Fault): KubeFailure {
  return {
    status,
    reason,
    message: status === 0 ? 'the API server did not answer' : `a fault of the test: ${reason}`,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}
