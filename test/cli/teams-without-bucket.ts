import { applyStorage, minioBucket, untilStorage } from '../servers/objects.ts';
import { sharedServers } from '../servers/shared.ts';

/** Adds team kappa, which is Ready on the instance bucket, and team missing, whose bucket does not exist. */
export async function addTeamsWithoutBucket(namespace: string): Promise<void> {
  await applyStorage(namespace, 'TeamStorage', 'kappa', { team: 'kappa' });
  await untilStorage({ namespace, kind: 'TeamStorage', name: 'kappa' }, { ready: 'True' }, 60);
  const bucket = minioBucket(sharedServers().minio, 'there-is-no-such-bucket', 'root');
  await applyStorage(namespace, 'TeamStorage', 'missing', { team: 'missing', bucket });
  await untilStorage({ namespace, kind: 'TeamStorage', name: 'missing' }, { reason: 'BucketNotFound' }, 60);
}
