import type { KubeConnection } from './connection.ts';

/**
 * A connection over which writes go only while `mayWrite` says so. A leader that
 * was stopped or cut off for longer than its lease wakes up in the middle of its
 * work: what it sends then must not undo what its successor wrote. Such a write
 * fails with the code `NotLeading`.
 */
export function createFencedConnection(connection: KubeConnection, mayWrite: () => boolean): KubeConnection {
  return {
    request: (request) => connection.request(request.method === 'GET' ? request : { ...request, maySend: mayWrite }),
    close: () => connection.close(),
  };
}
