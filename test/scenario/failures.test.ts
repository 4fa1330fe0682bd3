import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createBucket, setPublic, startMinio, type Minio } from '../servers/minio.ts';
import {
  applySecret,
  applyStorage,
  minioBucket,
  readSecret,
  requestValidation,
  rootKey,
  untilStorage,
} from '../servers/objects.ts';
import { freePorts } from '../servers/process.ts';
import { startOperator, type OperatorProcess } from '../servers/operator.ts';
import { everythingSaid, tracesOf } from '../servers/secrecy.ts';
import { newBucket, newNamespace, sharedServers } from '../servers/shared.ts';

const ORIGIN = 'https://wandb.example.com';
let namespace = '';
let operator: OperatorProcess;
/** A MinIO of our own: these tests stop it and change its CORS setting. */
let minio: Minio;

beforeAll(async () => {
  namespace = await newNamespace('failures');
  minio = await startMinio();
  const bucket = await newBucket('instance');
  await applySecret(namespace, 'root', rootKey(sharedServers().minio));
  await applySecret(namespace, 'own-root', rootKey(minio));
  await applyStorage(namespace, 'InstanceStorage', 'wandb', {
    deployment: { type: 'SelfManaged', cloud: 'OnPremises', url: ORIGIN },
    bucket: minioBucket(sharedServers().minio, bucket, 'root'),
  });
  operator = await startOperator(namespace);
  await untilStorage({ namespace, kind: 'InstanceStorage', name: 'wandb' }, { ready: 'True' });
});

afterAll(async () => {
  await operator.stop();
  await minio.stop();
});

interface Situation {
  readonly reason: string;
  /** Brings about the failure; the object is applied after it. */
  readonly breakIt: (name: string, bucket: string) => Promise<unknown>;
  readonly spec?: (name: string, bucket: string) => unknown;
  readonly mend: (name: string, bucket: string) => Promise<unknown>;
  /** Says what to do, in these words. */
  readonly says: RegExp;
}

const shared = () => sharedServers().minio;
const goodKey = (name: string) => applySecret(namespace, name, rootKey(shared()));
const again = (name: string) => requestValidation(namespace, 'TeamStorage', name);

const SITUATIONS: readonly Situation[] = [
  {
    reason: 'SecretNotFound',
    breakIt: () => Promise.resolve(),
    mend: goodKey,
    says: /Create it with the label/,
  },
  {
    reason: 'SecretNotAllowed',
    breakIt: (name) => applySecret(namespace, name, rootKey(shared()), false),
    mend: goodKey,
    says: /kubectl label secret secretnotallowed /,
  },
  {
    reason: 'SecretKeyMissing',
    breakIt: (name) => applySecret(namespace, name, { ACCESS_KEY: 'x', WRONG: 'y' }),
    mend: goodKey,
    says: /has no key SECRET_KEY/,
  },
  {
    reason: 'SecretMalformed',
    breakIt: (name) => applySecret(namespace, name, { ACCESS_KEY: shared().rootUser, SECRET_KEY: 'with\nbreak' }),
    mend: goodKey,
    says: /line break/,
  },
  {
    reason: 'SecretKeyWrong',
    breakIt: (name) => applySecret(namespace, name, { ACCESS_KEY: shared().rootUser, SECRET_KEY: 'not-the-secret' }),
    mend: goodKey,
    says: /SECRET_KEY of Secret secretkeywrong/,
  },
  {
    reason: 'AccessKeyUnknown',
    breakIt: (name) => applySecret(namespace, name, { ACCESS_KEY: 'nobody-we-know', SECRET_KEY: 'whatever-it-is' }),
    mend: goodKey,
    says: /ACCESS_KEY of Secret accesskeyunknown/,
  },
  {
    reason: 'RegionMismatch',
    breakIt: goodKey,
    spec: (name, bucket) => minioBucket(shared(), bucket, name, { region: 'eu-west-1' }),
    mend: (name) =>
      applyStorage(namespace, 'TeamStorage', name, { team: name, bucket: minioBucket(shared(), bucketOf(name), name) }),
    says: /spec\.bucket\.s3Compatible\.region/,
  },
  {
    reason: 'BucketNotFound',
    breakIt: goodKey,
    spec: (name) => minioBucket(shared(), `absent-${namespace}`, name),
    mend: async (name) => {
      await createBucket(shared(), `absent-${namespace}`);
      await again(name);
    },
    says: /absent-failures/,
  },
  {
    reason: 'BucketPublic',
    breakIt: async (name, bucket) => {
      await goodKey(name);
      await setPublic(shared(), bucket, true);
    },
    mend: async (name) => {
      await setPublic(shared(), bucketOf(name), false);
      await again(name);
    },
    says: /without a signature/,
  },
];

const buckets = new Map<string, string>();
const bucketOf = (name: string): string => buckets.get(name) ?? '';

describe('each failure has its own reason within seconds, and recovers when the cause goes', () => {
  it.each(SITUATIONS)('$reason', async ({ reason, breakIt, spec, mend, says }) => {
    const name = reason.toLowerCase();
    const bucket = await newBucket(name.slice(0, 20));
    buckets.set(name, bucket);
    const at = { namespace, kind: 'TeamStorage', name } as const;
    await breakIt(name, bucket);
    await applyStorage(namespace, 'TeamStorage', name, {
      team: name,
      bucket: spec?.(name, bucket) ?? minioBucket(shared(), bucket, name),
    });

    const broken = await untilStorage(at, { ready: 'False', reason, published: 'False' }, 15);
    const message = broken.status?.conditions?.find((condition) => condition.type === 'Ready')?.message;
    expect(message).toMatch(says);
    expect((await readSecret(namespace, 'wandb-storage'))?.['SUPPORTED_FILE_STORES'] ?? '').not.toContain(bucket);

    await mend(name, bucket);
    await untilStorage(at, { ready: 'True', reason: 'Valid', published: 'True' }, 20);
  });

  it('ConnectionRefused, and by itself when the store is back', async () => {
    const at = { namespace, kind: 'TeamStorage', name: 'away' } as const;
    const [port = 0] = await freePorts(1);
    await applyStorage(namespace, 'TeamStorage', 'away', {
      team: 'away',
      bucket: minioBucket({ endpoint: `http://127.0.0.1:${port}` }, 'away', 'own-root'),
    });
    await untilStorage(at, { ready: 'False', reason: 'ConnectionRefused' }, 15);

    const late = await startMinio({ port });
    try {
      await createBucket(late, 'away');
      await untilStorage(at, { ready: 'True' }, 40);
    } finally {
      await late.stop();
    }
  });

  it('CorsOriginNotAllowed or CorsMissing when the preflight is refused', async () => {
    await minio.restart({ MINIO_API_CORS_ALLOW_ORIGIN: 'https://elsewhere.example' });
    await createBucket(minio, 'crossed');
    const at = { namespace, kind: 'TeamStorage', name: 'crossed' } as const;
    await applyStorage(namespace, 'TeamStorage', 'crossed', {
      team: 'crossed',
      bucket: minioBucket(minio, 'crossed', 'own-root'),
    });
    const broken = await untilStorage(at, { ready: 'False', published: 'False' }, 15);
    const ready = broken.status?.conditions?.find((condition) => condition.type === 'Ready');
    expect(ready?.reason).toMatch(/^Cors(Missing|OriginNotAllowed)$/);
    expect(ready?.message).toContain(ORIGIN);

    await minio.restart({ MINIO_API_CORS_ALLOW_ORIGIN: ORIGIN });
    await requestValidation(namespace, 'TeamStorage', 'crossed');
    await untilStorage(at, { ready: 'True' }, 20);
  });

  it('no secret appears anywhere but in the Secrets that must hold it', async () => {
    const said = await everythingSaid(namespace, operator);
    const secrets = [shared().rootPassword, 'not-the-secret', 'whatever-it-is'];

    for (const trace of secrets.flatMap(tracesOf)) expect(said).not.toContain(trace);
    expect(said).not.toMatch(/X-Amz-Signature=(?!\[redacted\])/);
    expect(said.length).toBeGreaterThan(10_000);
  });
});
