import type { EventRecorder } from '../ports/kube.ts';
import type { Log } from '../ports/log.ts';
import type { PublicationMetrics, StorageMetrics } from '../ports/metrics.ts';

function nothing(): void {
  // A dry run reports by its result alone.
}

export const SILENT_LOG: Log = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  child: () => SILENT_LOG,
};

export const NO_EVENTS: EventRecorder = { record: nothing };

export const NO_METRICS: PublicationMetrics & Pick<StorageMetrics, 'recordRotation'> = {
  ledgersRecovered: nothing,
  forget: nothing,
  recordRotation: nothing,
};
