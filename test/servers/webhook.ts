import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { adminRequest, sharedServers } from './shared.ts';

/** The part of an AdmissionReview that tests decide by. */
export interface Reviewed {
  readonly operation: string;
  readonly name: string;
  readonly userInfo: { readonly username: string };
}

/** A denial by its message, changes as a JSON patch, or no answer; `undefined` lets the request pass. */
type Decision = { readonly denied: string } | { readonly patch: readonly object[] } | 'no answer' | undefined;

/** An admission webhook, as owners of clusters have them: it sees the writes of one namespace. */
export interface Webhook {
  /** How many requests it has denied or changed. */
  readonly decided: number;
  /** Unregisters it. */
  stop(): Promise<void>;
}

/** Registers a webhook for writes of some resources of a namespace, such as `secrets` or `teamstorages/status`. */
export async function startWebhook(
  namespace: string,
  resources: readonly string[],
  decide: (reviewed: Reviewed) => Decision,
): Promise<Webhook> {
  const { folder } = sharedServers();
  const file = (name: string): Buffer => readFileSync(join(folder, name));
  let decided = 0;
  const server = createServer({ cert: file('server.crt'), key: file('server.key') }, (incoming, answer) => {
    void text(incoming).then((body) => {
      const { request } = JSON.parse(body) as { readonly request: Reviewed & { readonly uid: string } };
      const decision = decide(request);
      if (decision !== undefined) decided += 1;
      if (decision === 'no answer') {
        answer.destroy();
        return;
      }
      answer.setHeader('content-type', 'application/json');
      answer.end(
        JSON.stringify({
          apiVersion: 'admission.k8s.io/v1',
          kind: 'AdmissionReview',
          response: { uid: request.uid, ...responseOf(decision) },
        }),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const path = '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations';
  const registered = await adminRequest('POST', path, {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: { name: namespace },
    webhooks: [
      {
        name: 'owner.cluster.example',
        admissionReviewVersions: ['v1'],
        sideEffects: 'None',
        failurePolicy: 'Fail',
        matchPolicy: 'Equivalent',
        clientConfig: { url: `https://127.0.0.1:${port}/`, caBundle: file('ca.crt').toString('base64') },
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
        rules: [{ apiGroups: ['*'], apiVersions: ['*'], operations: ['CREATE', 'UPDATE'], resources }],
      },
    ],
  });
  if (registered.status !== 201) throw new Error(JSON.stringify(registered.body));
  return {
    get decided() {
      return decided;
    },
    async stop() {
      await adminRequest('DELETE', `${path}/${namespace}`);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function responseOf(decision: Exclude<Decision, 'no answer'>): object {
  if (decision === undefined) return { allowed: true };
  if ('denied' in decision) return { allowed: false, status: { message: decision.denied } };
  const patch = Buffer.from(JSON.stringify(decision.patch)).toString('base64');
  return { allowed: true, patchType: 'JSONPatch', patch };
}
