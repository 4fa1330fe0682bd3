import type { KubeConnection } from './connection.ts';

/**
 * A connection that sends writes only while `mayWrite` returns true. A leader that
 * was paused or disconnected for longer than its lease resumes in the middle of its
 * work: its writes must not undo those of its successor. Such a write fails with
 * the code `NotLeading`.
 */
export function createFencedConnection(connection: KubeConnection, mayWrite: () => boolean): KubeConnection {
  return {
    request: (request) => connection.request(request.method === 'GET' ? request : { ...request, maySend: mayWrite }),
    close: () => connection.close(),
  };
}
