import type { GcsStorage } from '../../domain/bucket/storage.ts';
import type { KeyProblem, SettingsMessages } from './settings-messages.ts';
import { GCS_BUCKET_ROLE } from '../../domain/policy/roles.ts';

/** Google Cloud Storage: all settings are in the bucket's metadata. */
export function gcsSettingsMessages({ name }: GcsStorage, member: string): SettingsMessages {
  const update = `gcloud storage buckets update gs://${name}`;
  const list = `gcloud storage buckets describe gs://${name} --format="json(lifecycle_config)"`;
  const bind = `gcloud storage buckets add-iam-policy-binding gs://${name} --member=${member} --role=${GCS_BUCKET_ROLE}`;
  return {
    permissionFor: () => `This needs storage.buckets.get: ${bind}`,
    removeRetention: `Remove retention and holds: ${update} --clear-retention-period --no-default-event-based-hold. A locked policy cannot be removed: use another bucket.`,
    keepDeleted: `${update} --soft-delete-duration=7d`,
    expireVersions: (probePrefix) =>
      `Save the present lifecycle rules (${list} > rules.json), add ${JSON.stringify(expiryRule(probePrefix))}, and set the whole list, because the command replaces it: ${update} --lifecycle-file=rules.json`,
    changeLifecycle: `Save the rules (${list} > rules.json), exclude the path from the rule, or remove the rule, and set the whole list, because the command replaces it: ${update} --lifecycle-file=rules.json`,
    changeClass: `${update} --default-storage-class=STANDARD`,
    payForRequests: `${update} --no-requester-pays`,
    fixKey: (problem) => fixKey(problem, update),
    encryptWith: (key) => `${update} --default-encryption-key=${key}`,
    grantAll: (permissions) => `W&B requires ${GCS_BUCKET_ROLE}, which includes ${permissions.join(', ')}: ${bind}`,
  };
}

function expiryRule(prefix: string) {
  return { action: { type: 'Delete' }, condition: { isLive: false, matchesPrefix: [prefix] } };
}

function fixKey(problem: KeyProblem, update: string): string {
  switch (problem) {
    case 'NotFound':
    case 'NotConfigured':
      return `Correct the default key of the bucket, which the command replaces; it must be in the location of the bucket: ${update} --default-encryption-key=projects/<project>/locations/<location>/keyRings/<ring>/cryptoKeys/<key>, or remove it: ${update} --clear-default-encryption-key`;
    case 'Disabled':
      return 'Enable the version of the key: gcloud kms keys versions enable <version> --key <key> --keyring <ring> --location <location> (after gcloud kms keys versions restore, if its destruction was scheduled).';
    case 'Denied':
      return 'Allow the service agent of Cloud Storage to use the key: gcloud storage service-agent --authorize-cmek=projects/<project>/locations/<location>/keyRings/<ring>/cryptoKeys/<key>';
  }
}
