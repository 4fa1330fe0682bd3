import { Readable } from 'node:stream';
import type { KubeConnection, KubeRequest, KubeResponse } from '../../../src/kube/connection.ts';

export interface FakeAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  /** Chunks as the socket gives them; an Error breaks the connection there. */
  readonly chunks?: readonly (string | Buffer | Error)[];
}

/** An API server's end of the wire: gives the answers in their order and keeps the requests. */
export class FakeConnection implements KubeConnection {
  readonly requests: KubeRequest[] = [];
  readonly bodies: Readable[] = [];
  private readonly answers: (FakeAnswer | Error)[];

  constructor(answers: readonly (FakeAnswer | Error)[]) {
    this.answers = [...answers];
  }

  request(request: KubeRequest): Promise<KubeResponse> {
    this.requests.push(request);
    const answer = this.answers.shift();
    if (answer === undefined) throw new Error('no answer is left for this request');
    if (Error.isError(answer)) return Promise.reject(answer);
    const body = Readable.from(chunksOf(answer));
    this.bodies.push(body);
    return Promise.resolve({ statusCode: answer.status ?? 200, headers: answer.headers ?? {}, body } as never);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function* chunksOf({ chunks = [] }: FakeAnswer): Generator<Buffer> {
  for (const chunk of chunks) {
    if (Error.isError(chunk)) throw chunk;
    yield Buffer.from(chunk);
  }
}
