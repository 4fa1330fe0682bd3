import type { TeamStorage } from '../../src/api/resources.ts';
import { err, ok } from '../../src/domain/result.ts';
import type { KubeClient, KubeFailure } from '../../src/ports/kube.ts';

type Status = NonNullable<TeamStorage['status']>;

/** The status subresource of one object as an API server keeps it: any UID is taken, and only the newest version. */
export class FakeStatusServer {
  /** What is stored now; `undefined` when it was deleted. */
  stored: TeamStorage | undefined;
  /** Every status that was sent, refused ones included. */
  readonly sent: TeamStorage[] = [];
  /** Why a status is not taken. */
  refuses: (status: Status) => KubeFailure | undefined = () => undefined;
  private version = 1;

  constructor(object: TeamStorage) {
    this.stored = this.versioned(object);
  }

  /** Somebody changes the object, or puts another in its place. */
  put(object: TeamStorage): TeamStorage {
    return (this.stored = this.versioned(object));
  }

  client(): Pick<KubeClient, 'applyStatus'> {
    return {
      applyStatus: (_type, object) => {
        const sent = object as unknown as TeamStorage;
        this.sent.push(sent);
        const { stored } = this;
        if (stored === undefined) return Promise.resolve(err({ status: 404, reason: 'NotFound', message: '' }));
        const refusal = this.refuses(sent.status ?? {});
        if (refusal !== undefined) return Promise.resolve(err(refusal));
        const { resourceVersion } = sent.metadata;
        if (resourceVersion !== undefined && resourceVersion !== stored.metadata.resourceVersion) {
          return Promise.resolve(err({ status: 409, reason: 'Conflict', message: 'the object has been modified' }));
        }
        this.put({ ...stored, ...(sent.status !== undefined && { status: sent.status }) });
        return Promise.resolve(ok(this.stored as never));
      },
    };
  }

  private versioned(object: TeamStorage): TeamStorage {
    return { ...object, metadata: { ...object.metadata, resourceVersion: String(this.version++) } };
  }
}
