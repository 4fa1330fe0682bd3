import type { TeamStorage } from '../../../src/api/resources.ts';
import { err, ok, type Result } from '../../../src/base/result.ts';
import type { KubeClient, KubeFailure } from '../../../src/ports/kube.ts';

type Status = NonNullable<TeamStorage['status']>;

/** The status subresource of one object as an API server keeps it: any UID is taken, and only the newest version. */
export class FakeStatusServer {
  /** What is stored now; `undefined` when it was deleted. */
  stored: TeamStorage | undefined;
  /** Every status that was sent, refused ones included. */
  readonly sent: TeamStorage[] = [];
  /** Why a status is not taken. */
  refuses: (status: Status) => KubeFailure | undefined = () => undefined;
  /** Its answers take a turn of the event loop, in which a watch may be faster. */
  answersLater = false;
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
      applyStatus: async (_type, object) => {
        const answer = this.answer(object as unknown as TeamStorage);
        if (this.answersLater) await new Promise((resolve) => setImmediate(resolve));
        return answer as never;
      },
    };
  }

  private answer(sent: TeamStorage): Result<TeamStorage, KubeFailure> {
    this.sent.push(sent);
    const refusal = this.refuses(sent.status ?? {});
    const { stored } = this;
    if (stored === undefined) return err({ status: 404, reason: 'NotFound', message: '' });
    if (refusal !== undefined) return err(refusal);
    const { resourceVersion } = sent.metadata;
    if (resourceVersion !== undefined && resourceVersion !== stored.metadata.resourceVersion) {
      return err({ status: 409, reason: 'Conflict', message: 'the object has been modified' });
    }
    return ok(this.put({ ...stored, ...(sent.status !== undefined && { status: sent.status }) }));
  }

  private versioned(object: TeamStorage): TeamStorage {
    return { ...object, metadata: { ...object.metadata, resourceVersion: String(this.version++) } };
  }
}
