import type { BucketSettings } from '../../domain/observations/bucket-settings.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { BucketFailure } from '../../domain/observations/bucket-failure.ts';
import type { SettingsRequest } from '../../ports/bucket.ts';
import type { ContainerAccess } from './container-client.ts';

/** Runs a call of the SDK, with its failure as a value. */
export type Run = <T>(call: () => Promise<T>) => Promise<Result<T, BucketFailure>>;

/**
 * Settings of a container and of its account in the data plane. Lifecycle rules and
 * versioning are in the management plane, which does not accept an account key.
 */
export function settingsRequests({ container, service }: ContainerAccess, run: Run): readonly SettingsRequest[] {
  return [
    {
      covers: ['retention'],
      beforeWriting: true,
      async ask(abortSignal) {
        const got = await run(() => container.getProperties({ abortSignal }));
        if (!got.ok) return got;
        return got.value.etag === undefined
          ? err({ kind: 'NotAnObjectStore', httpStatus: 200 })
          : ok(keptBy(got.value));
      },
    },
    {
      covers: ['softDelete', 'cors'],
      beforeWriting: false,
      async ask(abortSignal) {
        const got = await run(() => service.getProperties({ abortSignal }));
        return got.ok
          ? ok({ softDelete: { enabled: got.value.deleteRetentionPolicy?.enabled ?? false }, cors: true })
          : got;
      },
    },
  ];
}

function keptBy(properties: {
  readonly hasImmutabilityPolicy?: boolean;
  readonly hasLegalHold?: boolean;
}): Partial<BucketSettings> {
  return {
    retention: {
      keeps: [
        ...(properties.hasImmutabilityPolicy === true ? ['an immutability policy'] : []),
        ...(properties.hasLegalHold === true ? ['a legal hold'] : []),
      ],
    },
  };
}
