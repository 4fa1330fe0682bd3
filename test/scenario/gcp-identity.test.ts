import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { corsFor, createGcsAccount, createGcsBucket, type GcsAccount } from '../servers/gcs.ts';
import { startGoogleIdentity } from '../servers/google-identity.ts';
import { tokenJudge } from '../servers/issuer.ts';
import { applySecret, applyStorage, minioBucket, rootKey, untilStorage } from '../servers/objects.ts';
import { startOperator, type OperatorProcess } from '../servers/operator.ts';
import { newBucket, newNamespace, sharedServers } from '../servers/shared.ts';
import { allowActingAs, applyServiceAccount } from '../servers/workloads.ts';

/** In the Role of the operator as it is shipped. */
const ACCOUNT = 'wandb-app';
const AUDIENCE = '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/k';
const APP = 'https://wandb.example.com';

let namespace = '';
let account: GcsAccount;
let google: Awaited<ReturnType<typeof startGoogleIdentity>>;
let operator: OperatorProcess;

beforeAll(async () => {
  namespace = await newNamespace('gcp-identity');
  const { minio, gcs } = sharedServers();
  account = await createGcsAccount(gcs);
  const subject = `system:serviceaccount:${namespace}:${ACCOUNT}`;
  const takes = await tokenJudge({ audience: `https:${AUDIENCE}`, subject });
  google = await startGoogleIdentity({ audience: AUDIENCE, takes, account, mayImpersonate: true });
  await applySecret(namespace, 'root', rootKey(minio));
  await applyStorage(namespace, 'InstanceStorage', 'wandb', {
    deployment: { type: 'SelfManaged', cloud: 'GCP', url: APP },
    bucket: minioBucket(minio, await newBucket('instance'), 'root'),
  });
  await applyServiceAccount(namespace, ACCOUNT, true);
  await allowActingAs(namespace, ACCOUNT);
  operator = await startOperator(namespace, {
    args: [`--gcp-sts-endpoint=${google.url}`, `--gcp-iam-endpoint=${google.url}`],
  });
});

afterAll(async () => {
  await operator.stop();
  google.stop();
});

it("proves a GCS bucket as W&B's own ServiceAccount (real tokens, scripted STS and IAM, GCS gate)", async () => {
  const bucket = await createGcsBucket(sharedServers().gcs, { account, cors: [corsFor(APP)] });
  await applyStorage(namespace, 'TeamStorage', 'omega', {
    team: 'omega',
    bucket: {
      provider: 'GCS',
      name: bucket,
      gcs: {
        credentials: {
          workloadIdentity: {
            serviceAccountRef: { name: ACCOUNT },
            audience: AUDIENCE,
            impersonate: account.email,
          },
        },
      },
    },
  });

  const omega = { namespace, kind: 'TeamStorage', name: 'omega' } as const;
  const { status } = await untilStorage(omega, { ready: 'True', publishedReason: 'NoEntryNeeded' });
  expect(status).toMatchObject({
    credentialMode: 'GcpWorkloadIdentity',
    principal: `service account ${account.email} as ServiceAccount ${namespace}/${ACCOUNT}`,
    address: `gs://${bucket}`,
  });
  expect(operator.rawLog()).not.toMatch(/eyJ[\w-]{8}|federated-/);
});
