import { refuses, withBody, withHeaders } from '../../servers/fault-server/acts.ts';
import type { FaultBehaviour } from '../../servers/fault-server/fault.ts';
import { ALL, S3_KINDS, situation, type FaultCase } from './fault-case.ts';

const LOCKED =
  '<ObjectLockConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention><Mode>COMPLIANCE</Mode><Days>30</Days></DefaultRetention></Rule></ObjectLockConfiguration>';
const answersLocked: FaultBehaviour = () => ({
  status: 200,
  headers: { 'content-type': 'application/xml' },
  body: LOCKED,
});
const metadata = (more: object): FaultBehaviour =>
  withBody(JSON.stringify({ kind: 'storage#bucket', name: 'omega-data', ...more }));
const retained = { check: 'ObjectsDeletable', reason: 'ObjectsRetained', remedy: /retention/i } as const;
const softDeletePolicy = { retentionDurationSeconds: '604800' };

/** Settings that keep W&B from working, and uploads in parts that do not. */
export const SETTINGS_SITUATIONS: readonly FaultCase[] = [
  situation(S3_KINDS, 'a default retention', ['retention', answersLocked], retained),
  situation(
    ['GCS'],
    'a retention policy',
    ['settings', metadata({ softDeletePolicy, retentionPolicy: { retentionPeriod: '86400' } })],
    retained,
  ),
  situation(
    ['AzureBlob'],
    'an immutability policy',
    ['retention', withHeaders({ 'x-ms-has-immutability-policy': 'true' })],
    { ...retained, remedy: /immutability/i },
  ),
  situation(['GCS'], 'no soft delete', ['settings', metadata({})], {
    check: 'VersioningEnabled',
    reason: 'SoftDeleteDisabled',
    remedy: /soft-delete/,
  }),
  situation(ALL, 'a part is refused', ['upload part', refuses(403, 'AccessDenied')], {
    check: 'MultipartUpload',
    reason: 'PartRejected',
    remedy: /proxy that changes host, path or query/,
  }),
];
