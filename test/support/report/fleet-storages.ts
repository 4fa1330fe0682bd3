import {
  checksWith,
  condition,
  factsOf,
  minioBucketOf,
  readyConditions,
  teamStorage,
  demoStorages,
  type Storage,
} from './demo-storages.ts';

const PRIVATE = {
  ...({ name: 'EndpointPublic', result: 'Warn', reason: 'EndpointNotPublic' } as const),
  message:
    'The store at https://minio.acme.example:9000 has a private address: browsers and clients outside its network cannot use the pre-signed URLs of W&B.',
  remedy:
    'Make sure that they are in this network, or use an address of the store that they can reach; or let the server proxy file traffic and set spec.deployment.proxiesFileStore of the InstanceStorage.',
};

/** A deployment of many teams: each fifth bucket is shared by ten of them, and each fiftieth team fails; all have two warnings. */
export function fleetStorages(teams: number): readonly Storage[] {
  const [instance] = demoStorages();
  const all = Array.from({ length: teams }, (_, index): Storage => {
    const name = `team-${String(index + 1).padStart(4, '0')}`;
    const isShared = index % 5 === 4;
    const bucket = isShared ? `shared-${Math.floor(index / 50)}` : `${name}-data`;
    const path = isShared ? name : undefined;
    const missing = {
      name: 'BucketExists',
      result: 'Fail',
      reason: 'BucketNotFound',
      message: `There is no bucket ${bucket}.`,
      remedy: `Create the bucket ${bucket}, or correct spec.bucket.name.`,
    } as const;
    const versioning = {
      ...({ name: 'VersioningEnabled', result: 'Warn', reason: 'VersioningDisabled' } as const),
      message: `The bucket ${bucket} at https://minio.acme.example:9000 has no versioning: objects that W&B's garbage collection deletes cannot be restored, and W&B requires it before GORILLA_ARTIFACT_GC_ENABLED is set.`,
      remedy: `MinIO: mc version enable <alias>/${bucket}`,
    };
    const isBroken = index % 50 === 7;
    return teamStorage(
      name,
      { bucket: minioBucketOf(bucket, `${name}-key`, path) },
      {
        ...factsOf(bucket, path),
        conditions: isBroken
          ? [
              condition('Ready', 'False', 'BucketNotFound', missing.message),
              condition('Published', 'False', 'AwaitingProof', 'Not proven.'),
            ]
          : [
              ...readyConditions(),
              condition('Isolated', isShared ? 'False' : 'True', isShared ? 'SharedBucket' : 'ExclusiveBucket'),
            ],
        checks: [...(isBroken ? checksWith(missing) : checksWith(versioning, PRIVATE))],
        ...(isShared && { isolation: { sharedWith: ['team-0005', 'team-0010'] } }),
      },
    );
  });
  return instance === undefined ? all : [instance, ...all];
}
