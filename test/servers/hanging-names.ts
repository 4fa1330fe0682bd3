import dns from 'node:dns/promises';
import { syncBuiltinESMExports } from 'node:module';

/**
 * For `--import` of an operator's process: names below `hangs.test` are never answered, as by a DNS server that is
 * silent, and each look-up keeps one of the threads that libuv gives to look-ups; all others wait for what is left of
 * these in one line. A model of libuv, as a silent DNS server cannot be given to one process alone.
 */
const poolSize = Number(process.env['UV_THREADPOOL_SIZE'] ?? 4);
let free = Math.floor((poolSize + 1) / 2);
const line: (() => void)[] = [];
const systemLookup = dns.lookup.bind(dns) as (...args: readonly unknown[]) => Promise<unknown>;

async function lookup(host: string, options: unknown): Promise<unknown> {
  if (free === 0) await new Promise<void>((resolve) => line.push(resolve));
  else free--;
  if (host.endsWith('.hangs.test')) {
    process.stderr.write(`${JSON.stringify({ message: 'look-up hangs', host })}\n`);
    return new Promise(() => undefined);
  }
  try {
    return await systemLookup(host, options);
  } finally {
    const next = line.shift();
    if (next === undefined) free++;
    else next();
  }
}

Object.assign(dns, { lookup });
syncBuiltinESMExports();
