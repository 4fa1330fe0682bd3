import { beforeAll, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { apiFaults } from '../../src/manifests/api-faults.ts';
import { parseManifests } from '../../src/manifests/parse-manifests.ts';
import { adminRequest, newNamespace } from '../servers/shared.ts';
import { KINDS } from './crd-files.ts';
import { randomSpecs } from './random-specs.ts';

// `byob check` evaluates the CRDs by itself: the API server is asked the same. 100,000 specs in the soak.
const OPTIONS = process.env['BYOB_SOAK'] === '1' ? { numRuns: 50_000 } : { numRuns: 300, seed: 1 };
const API_VERSION = 'storage.wandb.com/v1alpha1';
let namespace = '';
jest.setTimeout(3_600_000);

beforeAll(async () => {
  namespace = await newNamespace('random');
});

it.each(KINDS)('random specs of %s are accepted by the API server exactly if the check accepts them', async (kind) => {
  const path = `/apis/${API_VERSION}/namespaces/${namespace}/${kind.toLowerCase()}s?dryRun=All&fieldValidation=Strict`;
  const counts = { accepted: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(randomSpecs(kind), async (spec) => {
      const object = { apiVersion: API_VERSION, kind, metadata: { name: 'omega' }, spec };
      const answer = await adminRequest('POST', path, object);
      const [manifest] = parseManifests(JSON.stringify(object), 'team.json').manifests;
      if (manifest === undefined) throw new Error('the object is not read back');
      const faults = apiFaults(kind, manifest.object, undefined).map(
        ({ path: at, message }) => `${at.join('.')}: ${message}`,
      );
      const { message } = answer.body as { readonly message?: string };
      const isAccepted = answer.status === 201;
      expect([201, 400, 422]).toContain(answer.status);
      expect({ isAccepted: faults.length === 0, faults, answer: message }).toMatchObject({ isAccepted });
      counts[isAccepted ? 'accepted' : 'refused'] += 1;
    }),
    OPTIONS,
  );
  // The specs are worth trying: both happen often.
  expect(Math.min(counts.accepted, counts.refused)).toBeGreaterThan(OPTIONS.numRuns / 20);
});
