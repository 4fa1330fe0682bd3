import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { html, onlyPretends, refuses } from './acts.ts';
import type { FaultBehaviour, Fault } from './fault.ts';
import { startFaultServer, type FaultServer, type StoreKind } from './server.ts';
import { cutsShort, drips, endless, hangs, resets } from './wire.ts';

/** Acts that go by a name; codes are given as `403 AccessDenied`. */
const ACTS: Readonly<Record<string, FaultBehaviour>> = {
  hangs,
  resets,
  drips,
  'cuts short': cutsShort,
  endless: endless(200),
  page: html(200),
  'bad gateway': html(502),
  'only confirms': onlyPretends,
};

const KEYS = { s3: 'any access key', gcs: 'a key file of any service account', azure: 'any account key' } as const;

/** A fault server of a kind, broken and mended by requests to a second port. */
export async function startFaultServerByHand(
  kind: string | undefined = 's3',
): Promise<{ readonly says: string; stop(): Promise<void> }> {
  if (!isKind(kind)) throw new Error(`there is no fault server "${kind}": ${Object.keys(KEYS).join(', ')}`);
  const server = await startFaultServer({ kind });
  const control = createServer((request, response) => {
    const text = decodeURIComponent((request.url ?? '/').slice(1)).replaceAll('+', ' ');
    const fault = text === 'mend' ? undefined : faultOf(text);
    if (text !== 'mend' && fault === undefined) {
      response.writeHead(400).end(`use /mend, or /<operation>/<fault>\n`);
      return;
    }
    server.breakWith(fault);
    response.end(`${fault === undefined ? 'mended' : `broken: ${text}`}\n`);
  });
  control.listen(0, '127.0.0.1');
  await once(control, 'listening');
  const { port } = control.address() as AddressInfo;
  return {
    says: usage({ server, kind, control: `http://127.0.0.1:${port}` }),
    async stop() {
      control.close();
      await server.stop();
    },
  };
}

function usage({ server, kind, control }: { server: FaultServer; kind: StoreKind; control: string }): string {
  return [
    `A ${kind} store at http://127.0.0.1:${server.port}, bucket ${server.bucket}, ${KEYS[kind]}.`,
    `Break it:  curl '${control}/create/403+AccessDenied'   (or '${control}/list/hangs')`,
    `Mend it:   curl ${control}/mend`,
    'Operations: anonymous list (the first contact), list, region, owner, create, read, remove, anonymous GET, start upload, upload part, complete upload,',
    '  preflight GET|HEAD|PUT, presigned PUT|GET|HEAD|DELETE, everything.',
    `Faults: a status with a code of the provider, or ${Object.keys(ACTS).join(', ')}.`,
  ].join('\n');
}

/** `create/403 AccessDenied`, `presigned PUT/hangs`. */
function faultOf(text: string): Fault | undefined {
  const [meets = '', does = ''] = text.split('/');
  const [, status, code] = /^(\d{3}) (\S+)$/.exec(does) ?? [];
  const act = code === undefined ? (Object.hasOwn(ACTS, does) ? ACTS[does] : undefined) : refuses(Number(status), code);
  return act === undefined ? undefined : { meets: meets as 'everything', does: act };
}

function isKind(kind: string): kind is StoreKind {
  return Object.hasOwn(KEYS, kind);
}
