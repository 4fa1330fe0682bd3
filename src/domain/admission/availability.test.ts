import { describe, expect, it } from '@jest/globals';
import { OFFERS } from '../../../test/support/fakes/availability-table.ts';
import { bucketSpec, instanceObject, storageOf, teamObject } from '../../../test/support/fakes/publishing-world.ts';
import { notAvailable, unavailability } from './availability.ts';

describe('what W&B offers', () => {
  it.each(OFFERS)('$matrix, $type on $cloud, $level level, $provider: $offered', (offer) => {
    const { type, cloud, matrix, level, provider, offered } = offer;
    const problem = notAvailable({ type, cloud, availability: matrix }, level, provider);
    expect(problem?.reason).toBe(offered ? undefined : 'NotAvailable');
  });

  it('is that of byob-2024 where the spec names no matrix', () => {
    expect(notAvailable({ type: 'SelfManaged', cloud: 'AWS' }, 'team', 'CoreWeave')).toMatchObject({
      reason: 'NotAvailable',
      failureClass: 'spec',
    });
  });

  it('is quoted in a refusal, with what is offered and with the matrix that offers it', () => {
    const problem = notAvailable({ type: 'DedicatedCloud', cloud: 'Azure' }, 'team', 'AzureBlob');
    expect(problem?.message).toContain('AzureBlob at team level for DedicatedCloud on Azure by byob-2024');
    expect(problem?.message).toContain('Only instance level BYOB is available for Azure cloud.');
    expect(problem?.message).toContain('it offers S3, GCS, S3Compatible.');
    expect(problem?.remedy).toContain('set its spec.deployment.availability to byob-2026');
    const never = notAvailable({ type: 'SaaSCloud', cloud: 'AWS' }, 'instance', 'S3');
    expect(never?.message).toContain('it offers no bucket of your own there.');
    expect(never?.remedy).not.toContain('availability');
  });

  it('is asked at the level of the claim', () => {
    const instance = instanceObject('wandb', { deployment: { type: 'DedicatedCloud', cloud: 'Azure' } });
    const storage = { ...storageOf(bucketSpec('b')), provider: 'AzureBlob' } as ReturnType<typeof storageOf>;
    expect(unavailability({ object: instance, storage }, instance)).toBeUndefined();
    expect(unavailability({ object: teamObject('omega'), storage }, instance)?.message).toContain('at team level');
    expect(unavailability({ object: teamObject('omega') }, instance)).toBeUndefined();
  });
});
