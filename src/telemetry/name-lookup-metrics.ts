import { Gauge, type Registry } from 'prom-client';
import type { LookupCounts } from '../ports/metrics.ts';

/** Gauges of the look-ups of names, read at each scrape. */
export function createNameLookupMetrics(registry: Registry, counts: () => LookupCounts): void {
  const gauges = {
    byob_dns_lookups_running: ['Look-ups of names that hold a thread.', () => counts().running],
    byob_dns_lookups_waiting: ['Names that wait for a thread to be looked up.', () => counts().waiting],
    byob_dns_lookups_limit: ['Look-ups of names that may run at the same time.', () => counts().limit],
    byob_dns_names_hanging: ['Names whose last look-up was not answered within two seconds.', () => counts().hanging],
  } as const;
  for (const [name, [help, value]] of Object.entries(gauges)) {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(value());
      },
    });
  }
}
