import { Gauge, type Registry } from 'prom-client';
import type { EndpointTurns } from '../ports/metrics.ts';

/** Gauges of the turns of each store that was probed lately, read at each scrape. */
export function createProbeTurnMetrics(registry: Registry, turns: () => readonly EndpointTurns[]): void {
  const gauges = {
    byob_probe_endpoint_limit: ['Probes that may run at the endpoint at the same time.', 'limit'],
    byob_probe_endpoint_running: ['Probes that run at the endpoint.', 'busy'],
    byob_probe_endpoint_waiting: ['Probes that wait for their turn at the endpoint.', 'waiting'],
  } as const;
  for (const [name, [help, field]] of Object.entries(gauges)) {
    new Gauge({
      name,
      help,
      labelNames: ['endpoint'],
      registers: [registry],
      collect() {
        this.reset();
        for (const { endpoint, [field]: value } of turns()) this.set({ endpoint }, value);
      },
    });
  }
}
