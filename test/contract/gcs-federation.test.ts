import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ok } from '../../src/base/result.ts';
import { Secret } from '../../src/base/secret.ts';
import type { BucketTarget } from '../../src/domain/bucket/target.ts';
import { corsFor, createGcsAccount, createGcsBucket, gcsTarget, type GcsAccount } from '../servers/gcs.ts';
import { GCS_PERMISSIONS } from '../servers/gcs-state.ts';
import { startGoogleIdentity, type GoogleRules } from '../servers/google-identity.ts';
import { sharedServers } from '../servers/shared.ts';
import { APP, probeBucket, textsOf, type Outcome } from './probe-outcome.ts';

const AUDIENCE = '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/k';
const TOKEN = 'eyJhbGciOiJub25lIn0.eyJpc3MiOiJ4In0.token-of-wandb-app';
let account: GcsAccount;
let bucket = '';
let identity: Awaited<ReturnType<typeof startGoogleIdentity>> | undefined;

beforeAll(async () => {
  account = await createGcsAccount(sharedServers().gcs);
  bucket = await createGcsBucket(sharedServers().gcs, { account, permissions: GCS_PERMISSIONS, cors: [corsFor(APP)] });
});
afterEach(() => {
  identity?.stop();
});

interface Situation extends Partial<GoogleRules> {
  readonly impersonate?: string | undefined;
  readonly mode?: 'Full' | 'Light';
}

async function probe({ mode = 'Full', ...situation }: Situation): Promise<Outcome> {
  identity = await startGoogleIdentity({
    audience: AUDIENCE,
    takes: (token) => token === TOKEN,
    account,
    ...situation,
  });
  const { target, clouds } = gcsTarget(sharedServers().gcs, { bucket, account });
  const impersonate = 'impersonate' in situation ? situation.impersonate : account.email;
  const acting = {
    kind: 'GcpWorkloadIdentity',
    audience: AUDIENCE,
    ...(impersonate !== undefined && { impersonate }),
  } as const;
  const federated: BucketTarget = {
    storage: {
      provider: 'GCS',
      name: target.storage.name,
      path: '',
      credentials: { kind: 'Ambient' },
      actAs: { ...acting, serviceAccount: 'wandb-app' },
    },
    credential: {
      ...acting,
      workload: {
        name: 'ServiceAccount wandb/wandb-app',
        issuer: 'https://oidc.acme.example',
        subject: 'system:serviceaccount:wandb:wandb-app',
        token: () => Promise.resolve(ok(new Secret(TOKEN))),
      },
    },
  };
  const place = { target: federated, clouds: { ...clouds, gcpSts: identity.url, gcpIam: identity.url } };
  return probeBucket(place, { mode });
}

const GOOD = { TlsTrusted: 'PlainHttp', EndpointPublic: 'EndpointNotPublic' };

describe('workload identity federation (scripted STS and IAM, GCS gate)', () => {
  it('proves a bucket as the service account that it acts as, which signs the URLs', async () => {
    const outcome = await probe({ mayImpersonate: true });

    expect(outcome.reasons).toEqual(GOOD);
    expect(Date.parse(outcome.seen.credentialExpiresAt ?? '')).toBeGreaterThan(Date.now() + 600_000);
    expect(outcome.seen.requests).toBeLessThanOrEqual(30);
    expect(identity?.asked.slice(0, 2)).toEqual(['token', 'generateAccessToken']);
    expect(new Set(identity?.asked.slice(2))).toEqual(new Set(['signBlob']));
  });

  it('sends two requests to the bucket in a light probe', async () => {
    const outcome = await probe({ mayImpersonate: true, mode: 'Light' });

    expect(outcome.seen).toMatchObject({ list: { ok: true }, presigned: { GET: { ok: true } }, requests: 2 });
  });

  it.each<readonly [string, Situation, string, string]>([
    ['a token that the pool does not take', { takes: () => false }, 'IdentityPoolMisconfigured', 'invalid_grant'],
    ['a provider that is not there', { audience: '//other' }, 'IdentityPoolMisconfigured', 'invalid_target'],
    [
      'the API that impersonates off',
      { mayImpersonate: true, isApiOff: true },
      'ApiDisabled',
      'gcloud services enable sts.googleapis.com iamcredentials.googleapis.com --project=1',
    ],
    ['no right to impersonate', { mayImpersonate: false }, 'ImpersonationDenied', 'roles/iam.workloadIdentityUser'],
    [
      'a service account that is not there',
      { mayImpersonate: true, impersonate: 'nobody@acme.iam.gserviceaccount.com' },
      'ImpersonationDenied',
      'add-iam-policy-binding nobody@acme.iam.gserviceaccount.com',
    ],
  ])('with %s fails to sign in', async (_, situation, reason, says) => {
    const outcome = await probe(situation);

    expect(outcome.reasons).toMatchObject({ Authenticated: reason });
    expect(textsOf(outcome)).toContain(says);
    expect(textsOf(outcome)).not.toMatch(/secret reason|token-of-wandb-app/);
  });

  it('without the right to sign fails where URLs are needed', async () => {
    const outcome = await probe({ mayImpersonate: true, maySign: false });

    expect(outcome.reasons).toMatchObject({ PresignedUrls: 'UrlSigningDenied' });
    expect(outcome.reasons).not.toHaveProperty('CanWrite');
    expect(textsOf(outcome)).toContain('roles/iam.serviceAccountTokenCreator');
  });

  it('as no service account cannot sign URLs either', async () => {
    const outcome = await probe({ impersonate: undefined });

    expect(outcome.reasons).toMatchObject({ PresignedUrls: 'UrlSigningDenied' });
    expect(textsOf(outcome)).toContain('workloadIdentity.impersonate');
  });
});
