import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { programs } from '../../scripts/tools/build.ts';
import { ok } from '../../src/base/result.ts';
import { Secret } from '../../src/base/secret.ts';
import type { BucketTarget } from '../../src/domain/bucket/target.ts';
import { createAddressPolicy } from '../../src/net/address-policy.ts';
import { createGuardedHttp, type GuardedHttp } from '../../src/net/guarded-http.ts';
import { azuriteClouds, createContainer, listEverything, startAzurite, type Azurite } from '../servers/azurite.ts';
import { startEntra, type EntraRules } from '../servers/entra.ts';
import { temporaryFolder } from '../servers/process.ts';
import { probeBucket, textsOf, type Outcome } from './probe-outcome.ts';

const TENANT = '11111111-2222-3333-4444-555555555555';
const CLIENT = '66666666-7777-8888-9999-000000000000';
const TOKEN = 'eyJhbGciOiJub25lIn0.eyJpc3MiOiJ4In0.token-of-wandb-app';
let folder = '';
let azurite: Azurite;
let net: GuardedHttp;

beforeAll(async () => {
  folder = temporaryFolder('byob-azure-identity-');
  const { pki } = await programs('pki');
  execFileSync(pki, ['-dir', folder, '-ca', 'ca', '-cert', 'azurite', '-cn', 'azurite', '-host', '127.0.0.1']);
  // As if the system trusted it: no storage of Azure names a CA.
  setDefaultCACertificates([...getCACertificates('default'), readFileSync(join(folder, 'ca.crt'), 'utf8')]);
  net = createGuardedHttp({
    policy: createAddressPolicy({ allowedEndpoints: ['127.0.0.0/8'], deniedCidrs: [], apiServerAddresses: [] }),
    proxy: {},
  });
  azurite = await startAzurite({
    tls: { certFile: join(folder, 'azurite.crt'), keyFile: join(folder, 'azurite.key') },
  });
  await createContainer(azurite, 'omega');
});

afterAll(async () => {
  await net.close();
  await azurite.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function probe(rules: Partial<EntraRules> = {}, mode: 'Full' | 'Light' = 'Full'): Promise<Outcome> {
  const entra = await startEntra({ tenantId: TENANT, clientId: CLIENT, assertion: TOKEN, ...rules });
  const acting = { kind: 'AzureWorkloadIdentity', clientId: CLIENT, tenantId: TENANT } as const;
  const target: BucketTarget = {
    storage: {
      provider: 'AzureBlob',
      name: 'omega',
      path: 'teams/omega',
      storageAccount: azurite.account,
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
  try {
    return await probeBucket({ target, clouds: { ...azuriteClouds(azurite), azureLogin: entra.url } }, { mode, net });
  } finally {
    entra.stop();
  }
}

describe('workload identity of Azure (scripted Entra, Azurite with tokens over TLS)', () => {
  it('proves a container by a token, with URLs signed by a user delegation key', async () => {
    const outcome = await probe();

    expect(outcome.reasons).toEqual({
      EndpointPublic: 'EndpointNotPublic',
      TlsExpiry: 'TlsExpiresSoon',
      VersioningEnabled: 'VersioningDisabled',
      // Rules of an account are told to its administrators only.
      LifecycleSafe: 'SettingNotReadable',
    });
    expect(outcome.seen.requests).toBeLessThanOrEqual(30);
    expect(Date.parse(outcome.seen.credentialExpiresAt ?? '')).toBeGreaterThan(Date.now() + 3_000_000);
    expect(await listEverything(azurite, 'omega')).toEqual([]);
  });

  it('looks at it again by one request in a light probe: a URL would take two more', async () => {
    const outcome = await probe({}, 'Light');

    expect(outcome.seen).toEqual({ mode: 'Light', list: { ok: true, value: expect.anything() }, requests: 1 });
  });

  it.each<readonly [string, Partial<EntraRules>, string, string]>([
    [
      'no federated credential for the ServiceAccount',
      { assertion: 'another' },
      'FederatedCredentialMissing',
      '(401 AADSTS700213). az identity federated-credential create',
    ],
    ['a client that is not there', { clientId: TENANT }, 'IdentityNotFound', 'AADSTS700016'],
    ['a tenant that is not there', { tenantId: CLIENT }, 'IdentityNotFound', 'AADSTS90002'],
    ['a token that the store does not take', { audience: 'https://graph.microsoft.com' }, 'CredentialsInvalid', CLIENT],
  ])('with %s fails to sign in', async (_, rules, reason, says) => {
    const outcome = await probe(rules);

    expect(outcome.reasons).toMatchObject({ Authenticated: reason });
    expect(textsOf(outcome).replaceAll('\n', ' ')).toContain(says);
    expect(textsOf(outcome)).not.toMatch(/secret detail|token-of-wandb-app/);
  });
});
