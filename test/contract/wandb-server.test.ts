import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { provisionTeam, type WantedTeam } from '../../src/controllers/provision/provision-team.ts';
import { Secret } from '../../src/base/secret.ts';
import { createWandbServer } from '../../src/drivers/wandb/wandb-server.ts';
import { createAddressPolicy } from '../../src/net/address-policy.ts';
import { createGuardedHttp, type GuardedHttp } from '../../src/net/guarded-http.ts';
import { startWandbStandIn, type WandbStandIn } from '../servers/wandb-server.ts';

const KEY = 'api-key-of-the-test';
const BUCKET = { name: 'omega-data', provider: 'MINIO', path: 'teams/omega' } as const;
const OMEGA: WantedTeam = { name: 'omega', admin: 'ada', members: ['grace@example.com'], bucket: BUCKET };
let net: GuardedHttp;
let wandb: WandbStandIn;

beforeAll(() => {
  net = createGuardedHttp({
    policy: createAddressPolicy({ allowedEndpoints: ['127.0.0.0/8'], deniedCidrs: [], apiServerAddresses: [] }),
    proxy: {},
  });
});

afterAll(async () => {
  await wandb.close();
  await net.close();
});

beforeEach(async () => {
  await (wandb as WandbStandIn | undefined)?.close();
  wandb = await startWandbStandIn(KEY);
});

async function provision(
  wanted: Partial<WantedTeam> = {},
  options: { readonly key?: string; readonly isOurs?: boolean } = {},
) {
  const access = { url: `${wandb.url}/`, apiKey: new Secret(options.key ?? KEY) };
  const server = createWandbServer({ http: net.http, access });
  const { isOurs = false } = options;
  const { condition, isLost } = await provisionTeam(server, { ...OMEGA, ...wanted }, { url: wandb.url, isOurs });
  return { reason: condition.reason, status: condition.status, message: condition.message, isLost };
}

const posted = (): number => wandb.requests.filter((request) => request === 'POST /scim/Groups').length;

describe('a team, on a stand-in that follows the documented wire format', () => {
  it('is created with its bucket, members and administrator', async () => {
    expect(await provision()).toMatchObject({ reason: 'TeamCreated', status: 'True' });
    expect(wandb.teams.get('omega')).toMatchObject({ storageBucket: BUCKET, members: ['ada', 'grace@example.com'] });
    expect(wandb.requests).toContain('VXNlcjox is admin of omega');
  });

  it('is created without a bucket on the instance bucket', async () => {
    expect(await provision({ bucket: undefined })).toMatchObject({ reason: 'TeamCreated' });
    expect(wandb.teams.get('omega')?.storageBucket).toBeUndefined();
  });

  it.each([
    ['the same bucket', { ...BUCKET, path: '/teams/omega/' }, true, 'TeamAdopted'],
    ['another bucket', { ...BUCKET, name: 'other' }, true, 'TeamConflict'],
    ['no bucket of its own', undefined, true, 'TeamConflict'],
    ['a bucket that the server does not tell', BUCKET, false, 'TeamBucketUnknown'],
  ] as const)('that exists on %s is left as it is', async (_what, storageBucket, tells, reason) => {
    wandb.tellsBuckets = tells;
    wandb.teams.set('omega', { id: 'team-9', members: [], storageBucket });
    expect(await provision()).toMatchObject({ reason });
    expect(posted()).toBe(0);
    expect(wandb.teams.get('omega')?.members).toEqual([]);
  });

  it('is looked for after an answer that was lost, and not made twice', async () => {
    wandb.next.push({ request: 'POST /scim/Groups', act: 'cut after' });
    expect(await provision()).toMatchObject({ reason: 'ServerUnreachable', isLost: true });
    expect(await provision({}, { isOurs: true })).toMatchObject({ reason: 'TeamCreated', isLost: false });
    expect(posted()).toBe(1);
    expect(wandb.requests).toContain('VXNlcjox is admin of omega');
  });

  it('is made by the next try when the request was lost', async () => {
    wandb.next.push({ request: 'POST /scim/Groups', act: 'cut before' });
    expect(await provision()).toMatchObject({ reason: 'ServerUnreachable', isLost: true });
    expect(await provision({}, { isOurs: true })).toMatchObject({ reason: 'TeamCreated' });
    expect(posted()).toBe(2);
    expect(wandb.teams.size).toBe(1);
  });

  it('whose administrator is not known is created, and the administrator asked for again', async () => {
    expect(await provision({ admin: 'nobody' })).toMatchObject({ reason: 'AdminNotAssigned', status: 'False' });
    expect(await provision({ admin: 'ada@example.com' }, { isOurs: true })).toMatchObject({ reason: 'TeamCreated' });
    expect(posted()).toBe(1);
  });
});

describe('what keeps a team from being created, on the stand-in', () => {
  it('the server does not offer the provider', async () => {
    wandb.offered = ['AWS', 'GCP'];
    const said = await provision();
    expect(said).toMatchObject({ reason: 'ProviderNotOffered' });
    expect(said.message).toContain('offers teams AWS, GCP, and not MINIO');
    expect(posted()).toBe(0);
  });

  it("the server's own test finds the bucket wanting; warnings do not count", async () => {
    wandb.faults = [
      { message: 'no CORS', severity: 'WARNING' },
      { message: 'cannot write', severity: 'ERROR' },
    ];
    const said = await provision();
    expect(said).toMatchObject({ reason: 'BucketRefused' });
    expect(said.message).toContain('MINIO omega-data/teams/omega failed: cannot write.');
    expect(posted()).toBe(0);
  });

  it('an older server that tells neither is asked all the same: it tests the bucket when it creates', async () => {
    wandb.offered = undefined;
    expect(await provision()).toMatchObject({ reason: 'TeamCreated' });
  });

  it.each([
    ['GET /scim/Groups', 403, 'ApiKeyRefused'],
    ['GET /scim/Groups', 404, 'ScimNotServed'],
    ['GET /scim/Groups', 302, 'ScimNotServed'],
    ['GET /scim/Groups', 503, 'ServerUnreachable'],
    ['POST /scim/Groups', 400, 'TeamRefused'],
    ['POST /scim/Groups', 429, 'ServerUnreachable'],
  ] as const)('%s is answered by %s', async (request, act, reason) => {
    wandb.next.push({ request, act });
    expect(await provision()).toMatchObject({ reason });
  });

  it('a wrong API key, which is printed nowhere', async () => {
    const said = await provision({}, { key: 'wrong-key-of-the-test' });
    expect(said).toMatchObject({ reason: 'ApiKeyRefused' });
    expect(JSON.stringify(said)).not.toContain('wrong-key');
  });
});
