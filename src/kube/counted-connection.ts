import type { RuntimeMetrics } from '../ports/metrics.ts';
import type { KubeConnection } from './connection.ts';

/** The same connection, with every request counted by its answer. */
export function createCountedConnection(
  connection: KubeConnection,
  metrics: Pick<RuntimeMetrics, 'kubeRequest'>,
): KubeConnection {
  return {
    async request(request) {
      try {
        const response = await connection.request(request);
        metrics.kubeRequest(request.method, String(response.statusCode));
        return response;
      } catch (error) {
        metrics.kubeRequest(request.method, '<error>');
        throw error;
      }
    },
    close: () => connection.close(),
  };
}
