import { readFileSync } from 'node:fs';

/** Linux reports processor time in hundredths of a second, independently of the kernel's own tick. */
const TICKS = 100;

/** CPU time and memory of a process, from /proc. */
export function processUsage(pid: number): {
  readonly rssMb: number;
  readonly peakRssMb: number;
  readonly cpuSeconds: number;
} {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kilobytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name of the program, in brackets, may hold blanks.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return {
    rssMb: kilobytes('VmRSS') / 1024,
    peakRssMb: kilobytes('VmHWM') / 1024,
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS,
  };
}
