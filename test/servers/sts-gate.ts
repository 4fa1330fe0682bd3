import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** What the trust policy of a role asks for. */
export interface Trust {
  readonly roleArn: string;
  readonly externalId?: string;
}

/**
 * IAM's trust policies before the real STS of a MinIO, which verifies signatures
 * and tokens and takes any role: a role that is not trusted, or is asked for
 * without its external id, is an AccessDenied as AWS says it.
 */
export async function startStsGate(target: string, trusts: readonly Trust[]) {
  const asked: { readonly action: string; readonly roleArn: string; readonly externalId: string | null }[] = [];
  const server = createServer((incoming, response) => {
    void (async () => {
      const body = await buffer(incoming);
      const form = new URLSearchParams(body.toString('utf8'));
      const [roleArn, externalId] = [form.get('RoleArn') ?? '', form.get('ExternalId')];
      asked.push({ action: form.get('Action') ?? '', roleArn, externalId });
      const trust = trusts.find((one) => one.roleArn === roleArn);
      if (trust === undefined || (trust.externalId !== undefined && trust.externalId !== externalId)) {
        response.writeHead(403, { 'content-type': 'text/xml' });
        response.end(
          '<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not authorized to perform: sts:AssumeRole</Message></Error><RequestId>1-2-3</RequestId></ErrorResponse>',
        );
        return;
      }
      // The signature holds the host that the client named.
      const answer = await forward(target, incoming.headers, body);
      response.writeHead(answer.status, { 'content-type': 'text/xml' });
      response.end(answer.body);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    stop: () => server.close(),
  };
}

function forward(
  target: string,
  headers: NodeJS.Dict<string | string[]>,
  body: Buffer,
): Promise<{ readonly status: number; readonly body: Buffer }> {
  return new Promise((resolve, reject) => {
    const sent = request(target, { method: 'POST', path: '/', headers }, (answer) => {
      void buffer(answer).then((text) => resolve({ status: answer.statusCode ?? 0, body: text }), reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
