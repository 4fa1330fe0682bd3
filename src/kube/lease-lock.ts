import { ok } from '../base/result.ts';
import type { KubeObject, ObjectKey, ResourceType } from '../api/object.ts';
import type { KubeClient } from '../ports/kube.ts';
import type { LeaseLock, LeaseRecord } from '../ports/lease.ts';
import { microTime } from './micro-time.ts';

interface LeaseObject extends KubeObject {
  readonly spec?: {
    readonly holderIdentity?: string;
    readonly leaseDurationSeconds?: number;
    readonly acquireTime?: string;
    readonly renewTime?: string;
    readonly leaseTransitions?: number;
  };
}

const LEASES: ResourceType<LeaseObject> = {
  group: 'coordination.k8s.io',
  version: 'v1',
  plural: 'leases',
  kind: 'Lease',
};

/** A Lease of the API server, written with optimistic concurrency. */
export function createLeaseLock(kube: KubeClient, key: ObjectKey): LeaseLock {
  return {
    async read() {
      const found = await kube.get(LEASES, key);
      if (found.ok) return ok(recordOf(found.value));
      return found.error.status === 404 ? ok(undefined) : found;
    },
    async write(record, version) {
      const object = {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: { ...key, ...(version !== undefined && { resourceVersion: version }) },
        spec: {
          holderIdentity: record.holder,
          leaseDurationSeconds: Math.ceil(record.durationMs / 1000),
          acquireTime: microTime(record.acquiredAt),
          renewTime: microTime(record.renewedAt),
          leaseTransitions: record.transitions,
        },
      };
      const written = await (version === undefined ? kube.create(LEASES, object) : kube.replace(LEASES, object));
      return written.ok ? ok(recordOf(written.value)) : written;
    },
  };
}

function recordOf({ metadata, spec = {} }: LeaseObject): LeaseRecord {
  return {
    holder: spec.holderIdentity ?? '',
    durationMs: (spec.leaseDurationSeconds ?? 0) * 1000,
    acquiredAt: Date.parse(spec.acquireTime ?? ''),
    renewedAt: Date.parse(spec.renewTime ?? ''),
    transitions: spec.leaseTransitions ?? 0,
    version: metadata.resourceVersion ?? '',
  };
}
