import { err } from '../domain/result.ts';
import type { KubeCall, KubeClient, KubeFailure } from '../ports/kube.ts';

const NOT_LEADING: KubeFailure = {
  status: 0,
  reason: 'NotLeading',
  message: 'this process does not lead and must not write',
};

/**
 * A client that writes only while `mayWrite` says so. A leader that was stopped
 * or cut off for longer than its lease wakes up in the middle of its work: what
 * it writes then must not undo what its successor wrote.
 */
export function createFencedClient(client: KubeClient, mayWrite: () => boolean): KubeClient {
  function fenced<T>(write: () => KubeCall<T>): KubeCall<T> {
    return mayWrite() ? write() : Promise.resolve(err(NOT_LEADING));
  }
  return {
    get: (type, key) => client.get(type, key),
    apply: (type, object, options) => fenced(() => client.apply(type, object, options)),
    applyStatus: (type, object, options) => fenced(() => client.applyStatus(type, object, options)),
    create: (type, object) => fenced(() => client.create(type, object)),
    replace: (type, object) => fenced(() => client.replace(type, object)),
    requestToken: (account, wanted) => fenced(() => client.requestToken(account, wanted)),
    delete: (type, key) => fenced(() => client.delete(type, key)),
  };
}
