import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findCondition } from '../../src/domain/conditions/conditions.ts';
import { createUser } from '../servers/minio.ts';
import {
  applySecret,
  applyStorage,
  deleteStorage,
  getStorage,
  minioBucket,
  readSecret,
  requestValidation,
  rootKey,
  untilStorage,
} from '../servers/objects.ts';
import { startOperator, type OperatorProcess } from '../servers/operator.ts';
import { adminRequest, newBucket, newNamespace, sharedServers } from '../servers/shared.ts';
import { until } from '../servers/until.ts';

let namespace = '';
let operator: OperatorProcess;
const minio = () => sharedServers().minio;
const team = (name: string) => ({ namespace, kind: 'TeamStorage', name }) as const;

beforeAll(async () => {
  namespace = await newNamespace('lifecycle');
  await applySecret(namespace, 'root', rootKey(minio()));
  await applyStorage(namespace, 'InstanceStorage', 'wandb', {
    deployment: { type: 'SelfManaged', cloud: 'OnPremises', url: 'https://wandb.example.com' },
    bucket: minioBucket(minio(), await newBucket('instance'), 'root'),
  });
  operator = await startOperator(namespace);
  await untilStorage({ namespace, kind: 'InstanceStorage', name: 'wandb' }, { ready: 'True' });
});

afterAll(async () => {
  await operator.stop();
});

/** The published file stores, one entry each. */
async function entries(): Promise<readonly string[]> {
  const secret = await readSecret(namespace, 'wandb-storage');
  const value = secret?.['SUPPORTED_FILE_STORES'];
  return value === undefined ? [] : value.split(',');
}

async function untilEntries(what: string, holds: (list: readonly string[]) => boolean): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!holds(await entries())) {
    if (Date.now() > deadline)
      throw new Error(`${what}: ${(await entries()).map((one) => one.replace(/:[^:@]*@/, ':***@')).join(' ')}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function newTeam(name: string, extra: Readonly<Record<string, unknown>> = {}, secret = 'root'): Promise<string> {
  const bucket = await newBucket(name);
  await applyStorage(namespace, 'TeamStorage', name, {
    team: name,
    bucket: minioBucket(minio(), bucket, secret),
    ...extra,
  });
  return bucket;
}

describe('a key that rotates', () => {
  let bucket = '';
  const secretOf = (number: number) => `rotating-secret-${number}`;
  const rotateTo = async (number: number) => {
    const id = `rotating-${number}`;
    await createUser(minio(), { name: id, secret: secretOf(number), buckets: [bucket], actions: ['s3:*'] });
    await applySecret(namespace, 'rotating', { ACCESS_KEY: id, SECRET_KEY: secretOf(number) });
  };

  it('is proven and published at once', async () => {
    bucket = await newBucket('rotating');
    await rotateTo(1);
    await applyStorage(namespace, 'TeamStorage', 'rotating', {
      team: 'rotating',
      bucket: minioBucket(minio(), bucket, 'rotating'),
    });
    await untilStorage(team('rotating'), { ready: 'True', published: 'True' });
    await rotateTo(2);

    await untilEntries('the new key is published', (list) => list.some((one) => one.includes('rotating-2')));
    // Nobody knows when the server is restarted here, so nobody can say when it no longer signs with the former key.
    await until('the rotation is in the status', async () => {
      const { status } = await getStorage(namespace, 'TeamStorage', 'rotating');
      return status?.rotation?.rotatedAt !== undefined;
    });
    const { status } = await untilStorage(team('rotating'), { ready: 'True', publishedReason: 'Published' });
    expect(status?.rotation).not.toHaveProperty('previousKeySafeToRevokeAfter');
  });

  it('is not published when it does not work; the last good one stays, also over a restart', async () => {
    const good = await entries();
    await applySecret(namespace, 'rotating', { ACCESS_KEY: 'rotating-2', SECRET_KEY: 'not-its-secret' });
    await untilStorage(team('rotating'), {
      ready: 'False',
      reason: 'SecretKeyWrong',
      published: 'True',
      publishedReason: 'LastKnownGood',
    });
    expect(await entries()).toEqual(good);
    // Both keys have the same id, so only their fingerprints tell which one the Secret holds.
    const { status } = await getStorage(namespace, 'TeamStorage', 'rotating');
    const message = status?.conditions?.find(({ type }) => type === 'Ready')?.message ?? '';
    const [, kept, present] =
      /Still published: Secret wandb-storage keeps .*access key \*\*\*, fingerprint (\w{8})\) until .*access key \*\*\*, fingerprint (\w{8})\) are proven\.$/.exec(
        message,
      ) ?? [];
    expect([kept === undefined, kept === present, message]).toEqual([false, false, message]);
    expect(status?.principal).toBe(`access key *** (fingerprint ${present ?? ''})`);

    await operator.restart('SIGKILL');
    await untilStorage(team('rotating'), { ready: 'False', reason: 'SecretKeyWrong', published: 'True' });
    expect(await entries()).toEqual(good);

    await applySecret(namespace, 'rotating', { ACCESS_KEY: 'rotating-2', SECRET_KEY: secretOf(2) });
    await untilStorage(team('rotating'), { ready: 'True', publishedReason: 'Published' });
    expect(await entries()).toEqual(good);
  });

  it('keeps its entry when the Secret goes away', async () => {
    const good = await entries();
    await adminRequest('DELETE', `/api/v1/namespaces/${namespace}/secrets/rotating`);

    await untilStorage(team('rotating'), { ready: 'False', reason: 'SecretNotFound', published: 'True' });
    expect(await entries()).toEqual(good);
  });
});

describe('deletionPolicy', () => {
  it('Retain keeps the entry, counts it, and a later claim on the bucket adopts it', async () => {
    const bucket = await newTeam('kept');
    await untilStorage(team('kept'), { ready: 'True' });
    await deleteStorage(namespace, 'TeamStorage', 'kept');
    await untilRetained(1);
    expect((await entries()).some((one) => one.includes(bucket))).toBe(true);

    await applyStorage(namespace, 'TeamStorage', 'heir', {
      team: 'heir',
      bucket: minioBucket(minio(), bucket, 'root'),
    });
    await untilStorage(team('heir'), { ready: 'True', published: 'True' });
    await untilRetained(0);
    expect((await entries()).filter((one) => one.includes(bucket))).toHaveLength(1);
  });

  it('Remove takes the entry away, also when the operator was not running at the time', async () => {
    const one = await newTeam('removed', { deletionPolicy: 'Remove' });
    const other = await newTeam('removed-late', { deletionPolicy: 'Remove' });
    await untilStorage(team('removed'), { ready: 'True' });
    await untilStorage(team('removed-late'), { ready: 'True' });

    await deleteStorage(namespace, 'TeamStorage', 'removed');
    await untilEntries('the entry is gone', (list) => !list.some((entry) => entry.includes(one)));
    await operator.stopOnly();
    await deleteStorage(namespace, 'TeamStorage', 'removed-late');
    await operator.startAgain();
    await untilEntries('the late entry is gone', (list) => !list.some((entry) => entry.includes(other)));
  });

  async function untilRetained(count: number): Promise<void> {
    const deadline = Date.now() + 20_000;
    for (;;) {
      const instance = await getStorage(namespace, 'InstanceStorage', 'wandb');
      const { teams } = instance.status as { readonly teams?: { readonly retained: number } };
      if (teams?.retained === count) return;
      if (Date.now() > deadline) throw new Error(`retained is ${String(teams?.retained)}, not ${count}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
});

describe('suspend', () => {
  it('keeps verdict and entry', async () => {
    const bucket = await newTeam('paused');
    await untilStorage(team('paused'), { ready: 'True' });
    const spec = { team: 'paused', bucket: minioBucket(minio(), bucket, 'root') };
    await applyStorage(namespace, 'TeamStorage', 'paused', { ...spec, suspend: true });
    await untilStorage(team('paused'), { ready: 'True', published: 'True' });
    expect((await entries()).some((one) => one.includes(bucket))).toBe(true);
  });

  it('keeps the entry through an edit, and takes the edited spec for validated only when it was', async () => {
    const bucket = await newTeam('edited');
    await untilStorage(team('edited'), { ready: 'True' });
    const edited = { team: 'edited', bucket: minioBucket(minio(), bucket, 'absent-secret') };
    await applyStorage(namespace, 'TeamStorage', 'edited', { ...edited, suspend: true });
    // And by kstatus it is Failed: nobody waits for it, and nobody takes it for done.
    const { status } = await untilStorage(team('edited'), { ready: 'Unknown', reason: 'Suspended', published: 'True' });
    expect(findCondition(status?.conditions ?? [], 'Stalled')?.reason).toBe('Suspended');
    expect((await entries()).some((one) => one.includes(bucket))).toBe(true);

    await applyStorage(namespace, 'TeamStorage', 'edited', edited);
    await untilStorage(team('edited'), { ready: 'False', reason: 'SecretNotFound', published: 'True' });
  });

  it('keeps no good verdict of a bucket that bucketFrom no longer leads to', async () => {
    const lent = minioBucket(minio(), await newTeam('lends', { bucketChangePolicy: 'Allow' }), 'root');
    const borrowed = { team: 'borrows', bucketFrom: { teamStorageRef: { name: 'lends' }, path: 'borrows' } };
    await untilStorage(team('lends'), { ready: 'True' });
    await applyStorage(namespace, 'TeamStorage', 'borrows', borrowed);
    await untilStorage(team('borrows'), { ready: 'True', published: 'True' });
    await applyStorage(namespace, 'TeamStorage', 'borrows', { ...borrowed, suspend: true });
    await untilStorage(team('borrows'), { ready: 'True', published: 'True' });

    const moved = minioBucket(minio(), await newBucket('moved'), 'root');
    const lender = { team: 'lends', bucketChangePolicy: 'Allow' };
    await applyStorage(namespace, 'TeamStorage', 'lends', { ...lender, bucket: moved });
    await untilStorage(team('borrows'), { ready: 'Unknown', reason: 'Suspended', published: 'True' });
    expect((await entries()).some((one) => one.includes(lent.name))).toBe(true);
  });

  it('is Stalled when nothing was ever proven', async () => {
    await newTeam('never', { suspend: true });

    await untilStorage(team('never'), { ready: 'False', reason: 'Suspended' });
  });
});

describe('bucketFrom', () => {
  it('uses the bucket of another team below its own path, and shares the entry', async () => {
    const bucket = await newTeam('lender');
    await applyStorage(namespace, 'TeamStorage', 'borrower', {
      team: 'borrower',
      bucketFrom: { teamStorageRef: { name: 'lender' }, path: 'teams/borrower' },
    });

    const borrower = await untilStorage(team('borrower'), { ready: 'True', published: 'True' });
    expect(borrower.status?.bucket).toBe(`${bucket}/teams/borrower`);
    expect((await entries()).filter((one) => one.includes(bucket))).toHaveLength(1);
  });
});

describe('two claims on one team', () => {
  it('the bound one stays, the newcomer learns its name', async () => {
    await newTeam('contested');
    await untilStorage(team('contested'), { ready: 'True' });
    await newTeam('a-rival', { team: 'contested' });

    const rival = await untilStorage(team('a-rival'), { ready: 'False', reason: 'TeamConflict' });
    expect(rival.status?.conditions?.find((condition) => condition.type === 'Accepted')?.message).toContain(
      'contested',
    );
    await untilStorage(team('contested'), { ready: 'True', published: 'True' });
  });
});

it('acknowledges a requested validation in status', async () => {
  await newTeam('asked');
  await untilStorage(team('asked'), { ready: 'True' });
  const token = await requestValidation(namespace, 'TeamStorage', 'asked');
  const deadline = Date.now() + 20_000;
  let handled: string | undefined;
  while (handled !== token) {
    if (Date.now() > deadline) throw new Error(`acknowledged ${String(handled)}, not ${token}`);
    handled = (await getStorage(namespace, 'TeamStorage', 'asked')).status?.lastHandledReconcileAt;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
});

it('never adopts an object that is not ours', async () => {
  const other = await newNamespace('foreign');
  await adminRequest('POST', `/api/v1/namespaces/${other}/secrets`, {
    metadata: { name: 'wandb-storage' },
    stringData: { precious: 'yes' },
  });
  await applySecret(other, 'root', rootKey(minio()));
  await applyStorage(other, 'InstanceStorage', 'wandb', {
    deployment: { type: 'SelfManaged', cloud: 'OnPremises' },
    bucket: minioBucket(minio(), await newBucket('foreign'), 'root'),
  });
  const second = await startOperator(other);
  try {
    const at = { namespace: other, kind: 'InstanceStorage', name: 'wandb' } as const;
    await untilStorage(at, { ready: 'False', reason: 'NotOurs', published: 'False' });
    expect(await readSecret(other, 'wandb-storage')).toEqual({ precious: 'yes' });
  } finally {
    await second.stop();
  }
});
