import { existsSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { metricSum } from '../../../scripts/bench/measured-operator.ts';
import { processUsage } from '../../../scripts/bench/process-usage.ts';
import type { OperatorProcess } from '../../servers/operator.ts';
import { until } from '../../servers/until.ts';

/** What the operator holds at a rest, after a collection of its garbage. */
export interface Sample {
  /** Since the beginning. */
  readonly seconds: number;
  readonly rssMb: number;
  readonly heapMb: number;
  readonly files: number;
  readonly sockets: number;
  readonly timers: number;
}

/** Reads what a process of the operator holds. */
export interface Sampler {
  /** Keys in its queues, and probes that run or wait. */
  work(): Promise<number>;
  /** Requests that it has sent to the API server. */
  requests(): Promise<number>;
  /** Sockets that are connected to one of these ports. */
  socketsTo(ports: ReadonlySet<number>): number;
  sample(): Promise<Omit<Sample, 'seconds'>>;
  /** Writes what is on its heap; the file. */
  snapshotHeap(): Promise<string>;
}

/** `collected`: the file of `collect-garbage.ts`. */
export function createSampler(operator: OperatorProcess, collected: string): Sampler {
  async function collectGarbage(): Promise<void> {
    const count = (): string => (existsSync(collected) ? readFileSync(collected, 'utf8') : '');
    const before = count();
    operator.signal('SIGUSR2');
    await until('the garbage is collected', () => count() !== before);
  }

  return {
    async work() {
      const text = await scrape(operator.metricsUrl);
      const names = ['workqueue_depth', 'byob_probe_endpoint_running', 'byob_probe_endpoint_waiting'];
      const active = metricSum(text, 'controller_runtime_active_workers');
      return active + names.reduce((sum, name) => sum + metricSum(text, name), 0);
    },
    requests: async () => metricSum(await scrape(operator.metricsUrl), 'rest_client_requests_total'),
    socketsTo(ports) {
      const own = new Set(socketsOf(operator.pid));
      return connections(operator.pid).filter(({ inode, port }) => own.has(inode) && ports.has(port)).length;
    },
    async sample() {
      await collectGarbage();
      // Before the scrape, which has a socket too.
      const files = linksOf(operator.pid).length;
      const sockets = socketsOf(operator.pid).length;
      const text = await scrape(operator.metricsUrl);
      return {
        rssMb: hundredths(processUsage(operator.pid).rssMb),
        heapMb: hundredths(metricSum(text, 'nodejs_heap_size_used_bytes') / 2 ** 20),
        files,
        sockets,
        timers: timersIn(text),
      };
    },
    async snapshotHeap() {
      const file = `${collected}.heapsnapshot`;
      writeFileSync(file, '');
      await collectGarbage();
      return file;
    },
  };
}

function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}

function timersIn(text: string): number {
  const [, count = '0'] = /^nodejs_active_resources\{type="Timeout"\} (\d+)$/m.exec(text) ?? [];
  return Number(count);
}

/** With a connection that ends with it, in place of one that is kept. */
function scrape(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
      response.on('error', reject);
    }).on('error', reject);
  });
}

/** Where the descriptors of a process lead; those that are closed meanwhile are left out. */
function linksOf(pid: number): readonly string[] {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).flatMap((name) => {
    try {
      return [readlinkSync(`${folder}/${name}`)];
    } catch {
      return [];
    }
  });
}

/** Inodes of its sockets. */
function socketsOf(pid: number): readonly string[] {
  return linksOf(pid).flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.slice(1) ?? []);
}

/** All TCP connections of the machine: the inode of the socket, and the port of the other end. */
function connections(pid: number): readonly { readonly inode: string; readonly port: number }[] {
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .map((fields) => ({ inode: fields[9] ?? '', port: Number.parseInt(fields[2]?.split(':')[1] ?? '', 16) })),
  );
}
