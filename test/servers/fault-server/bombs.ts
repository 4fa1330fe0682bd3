import { gzipSync } from 'node:zlib';
import { answers } from './acts.ts';
import type { FaultBehaviour } from './fault.ts';

/** Small answers that grow in whoever reads them carelessly. All stay below the cap of a body. */

const XML = { 'content-type': 'application/xml' };

let bomb: Buffer | undefined;

/** As much as passes the cap of a body: 60 MiB of nothing. */
export function gzipBomb(status: number): FaultBehaviour {
  return () => {
    bomb ??= gzipSync(Buffer.alloc(60 * 1024 * 1024));
    return { status, headers: { ...XML, 'content-encoding': 'gzip' }, body: bomb };
  };
}

/** Ten entities, each ten times the one before: ten thousand million laughs. */
export function xmlBomb(status: number, root: string): FaultBehaviour {
  const entities = Array.from({ length: 10 }, (_, level) => {
    const text = level === 0 ? 'lol' : `&l${level - 1};`.repeat(10);
    return `<!ENTITY l${level} "${text}">`;
  });
  const body = `<?xml version="1.0"?><!DOCTYPE ${root} [${entities.join('')}]><${root}><Code>&l9;</Code><Name>&l9;</Name><Message>&l9;</Message></${root}>`;
  return answers({ status, headers: XML, body });
}

/** Elements within elements, as many as fit. */
export function deepXml(status: number, root: string): FaultBehaviour {
  const depth = 9000;
  const body = `<?xml version="1.0"?><${root}>${'<a>'.repeat(depth)}${'</a>'.repeat(depth)}</${root}>`;
  return answers({ status, headers: XML, body });
}

/** Lists within lists, as many as fit. */
export function deepJson(status: number): FaultBehaviour {
  const depth = 32_000;
  const body = `${'['.repeat(depth)}${']'.repeat(depth)}`;
  return answers({ status, headers: { 'content-type': 'application/json' }, body });
}

/** An element without end and a thousand attributes: what makes backtracking expressions slow. */
export function ambiguousXml(status: number): FaultBehaviour {
  const body = `<Error><Code>${'a'.repeat(30_000)}<Message>${'<Region>'.repeat(3000)}`;
  return answers({ status, headers: XML, body });
}
