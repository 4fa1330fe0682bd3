/** The results of one run. */
export interface Figures {
  readonly objects: number;
  readonly cores: number;
  readonly date: string;
  readonly seconds: number;
  readonly floorSeconds: number;
  readonly ratio: number;
  readonly storeRequests: number;
  readonly floorStoreRequests: number;
  readonly statusWrites: number;
  readonly instanceStatusWrites: number;
  readonly eventWrites: number;
  readonly outputWrites: number;
  readonly readyP50: number;
  readonly readyP99: number;
  readonly listeningSeconds: number;
  readonly cpuSeconds: number;
  readonly floorCpuSeconds: number;
  readonly peakRssMb: number;
  readonly restingRssMb: number;
  readonly restingHeapMb: number;
  readonly restingWrites: number;
  readonly eventLoopLagMaxMs: number;
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** Prints the figures as a table, with their targets. */
export function printTable(figures: Figures): void {
  const f = figures;
  const rows: readonly (readonly [string, string, string?])[] = [
    ['objects, on so many cores', `${f.objects} + 1 on ${f.cores}`],
    ['operator start to all Ready', `${f.seconds.toFixed(1)} s`],
    ['floor', `${f.floorSeconds.toFixed(1)} s`],
    ['ratio', f.ratio.toFixed(2), '<= 1.5'],
    ['operator start to Ready, p50 and p99', `${f.readyP50.toFixed(1)} s, ${f.readyP99.toFixed(1)} s`],
    ['store requests per object (floor)', `${f.storeRequests.toFixed(1)} (${f.floorStoreRequests.toFixed(1)})`],
    ['status writes per TeamStorage', f.statusWrites.toFixed(3), '1'],
    ['status writes of the InstanceStorage', String(f.instanceStatusWrites)],
    ['events per object', f.eventWrites.toFixed(3)],
    ['writes of ledger and outputs, in all', String(f.outputWrites)],
    ['writes at rest', String(f.restingWrites), '0'],
    ['start to listening', `${f.listeningSeconds.toFixed(2)} s`, '< 0.5 s'],
    ['CPU until all Ready (floor)', `${f.cpuSeconds.toFixed(1)} s (${f.floorCpuSeconds.toFixed(1)} s)`],
    ['longest block of the event loop', `${f.eventLoopLagMaxMs.toFixed(0)} ms`],
    ['peak RSS', `${f.peakRssMb.toFixed(0)} MB`],
    ['resting RSS', `${f.restingRssMb.toFixed(0)} MB`, '< 120 MB'],
    ['heap in use at rest', `${f.restingHeapMb.toFixed(0)} MB`],
  ];
  for (const [what, value, aim = ''] of rows) {
    console.log(`${what.padEnd(40)}${value.padEnd(24)}${aim}`.trimEnd());
  }
}
