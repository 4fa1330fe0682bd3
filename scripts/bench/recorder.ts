import { createServer, request as forward, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RecordedRequest } from './recorded-request.ts';

/** Headers of the connection or of a signature: whoever sends the request again makes its own. */
const NOT_KEPT =
  /^(host|connection|authorization|content-length|expect|transfer-encoding|user-agent|accept-encoding|x-amz-(date|content-sha256|user-agent)|amz-sdk-.*)$/;
const SIGNATURE =
  /^(x-id|X-Amz-(Algorithm|Content-Sha256|Credential|Date|Expires|Signature|SignedHeaders|Security-Token))$/i;

/** Stands between the operator and a store, changes nothing, and keeps the requests. */
export interface Recorder {
  readonly url: string;
  /** The requests since the last call for one team's bucket, in the order in which they arrived. */
  take(names: { readonly bucket: string; readonly path: string }): readonly RecordedRequest[];
  stop(): Promise<void>;
}

interface Kept {
  readonly message: IncomingMessage;
  readonly chunks: Buffer[];
}

export async function startRecorder(store: string): Promise<Recorder> {
  const { port } = new URL(store);
  let kept: Kept[] = [];
  const uploads = new Set<string>();
  const server = createServer((incoming, outgoing) => {
    const { method = '', url: path = '', headers } = incoming;
    const one: Kept = { message: incoming, chunks: [] };
    kept.push(one);
    const sent = forward({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const body = Buffer.concat(chunks);
        const [, upload] = /<UploadId>([^<]+)<\/UploadId>/.exec(body.toString('latin1')) ?? [];
        if (upload !== undefined) uploads.add(upload);
        outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders as unknown as OutgoingHttpHeaders).end(body);
      });
    });
    sent.on('error', () => outgoing.destroy());
    incoming.on('data', (chunk: Buffer) => {
      one.chunks.push(chunk);
      sent.write(chunk);
    });
    incoming.on('end', () => sent.end());
    incoming.on('error', () => sent.destroy());
    incoming.on('close', () => {
      if (!incoming.complete) sent.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    take(names) {
      const all = kept;
      kept = [];
      return all.map((one) => recorded(one, names, uploads));
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function recorded(
  { message, chunks }: Kept,
  { bucket, path }: { readonly bucket: string; readonly path: string },
  uploads: ReadonlySet<string>,
): RecordedRequest {
  const { method = '', headers } = message;
  const url = new URL(message.url ?? '', 'http://store');
  const named = (text: string): string => text.replaceAll(bucket, '{bucket}').replaceAll(path, '{path}');
  const query = [...url.searchParams]
    .filter(([name]) => !SIGNATURE.test(name))
    .map(([name, value]) => [name, uploads.has(value) ? '{upload}' : named(value)] as const);
  const values = Object.entries(headers).filter(([name]) => !NOT_KEPT.test(name));
  return {
    method,
    path: named(decodeURIComponent(url.pathname)),
    query,
    headers: Object.fromEntries(values.map(([name, value]) => [name, String(value)])),
    signedBy: signedBy(url, headers.authorization),
    body: Buffer.concat(chunks).toString('base64'),
    ...(headers.expect !== undefined && { announcedBytes: Number(headers['content-length']) }),
  };
}

function signedBy({ searchParams }: URL, authorization: string | undefined): RecordedRequest['signedBy'] {
  if (searchParams.has('X-Amz-Signature')) return 'query';
  return authorization === undefined ? 'nothing' : 'header';
}
