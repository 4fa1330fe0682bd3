import type { ConditionDraft } from '../../domain/conditions/conditions.ts';
import {
  adminNotAssigned,
  apiKeyRefused,
  bucketRefused,
  provisionConflict,
  providerNotOffered,
  scimNotServed,
  serverUnreachable,
  teamAdopted,
  teamBucketUnknown,
  teamCreated,
  teamRefused,
} from '../../domain/provision/provision-conditions.ts';
import { isSameBucket, type ScimBucket, type ScimTeam } from '../../domain/provision/scim.ts';
import { ok } from '../../base/result.ts';
import type { ServerFailure, WandbServer } from '../../ports/wandb-server.ts';

/** The team that should exist in W&B. */
export interface WantedTeam {
  readonly name: string;
  readonly admin?: string;
  readonly members: readonly string[];
  /** Absent: the instance bucket. */
  readonly bucket: ScimBucket | undefined;
}

/** Facts about the creation of a team in W&B that only this process knows. */
interface Context {
  /** For messages. */
  readonly url: string;
  /**
   * The operator asked for it and got no answer, or its administrator has not been appointed yet: a team that is found
   * was created by the operator.
   */
  readonly isOurs: boolean;
}

/** The result of a try. `isLost`: the team was requested, and it is unknown whether it was created. */
export interface ProvisionResult {
  readonly condition: ConditionDraft;
  readonly isLost: boolean;
}

/**
 * Creates a team in W&B. The team is looked up first, so that a try after a lost answer does not create a second one;
 * an existing team is adopted or refused and never changed.
 */
export async function provisionTeam(
  server: WandbServer,
  wanted: WantedTeam,
  { url, isOurs }: Context,
): Promise<ProvisionResult> {
  const settled = (condition: ConditionDraft): ProvisionResult => ({ condition, isLost: false });
  const found = await server.findTeam(wanted.name);
  if (!found.ok) return { condition: failed(found.error, wanted, url), isLost: isOurs };
  if (found.value !== undefined) {
    return settled(
      isOurs ? await withAdmin(server, wanted, url) : await existing(server, found.value, { wanted, url }),
    );
  }
  const refusal = wanted.bucket === undefined ? undefined : await refusalOf(server, wanted.bucket, wanted, url);
  if (refusal !== undefined) return settled(refusal);
  const created = await server.createTeam({
    name: wanted.name,
    members: [...new Set([...(wanted.admin === undefined ? [] : [wanted.admin]), ...wanted.members])],
    bucket: wanted.bucket,
  });
  if (created.ok) return settled(await withAdmin(server, wanted, url));
  const isLost = created.error.kind === 'NoAnswer' || created.error.kind === 'Faulty';
  return { condition: failed(created.error, wanted, url), isLost };
}

async function existing(
  server: WandbServer,
  team: ScimTeam,
  { wanted, url }: { readonly wanted: WantedTeam; readonly url: string },
): Promise<ConditionDraft> {
  const reported = team.storageBucket === undefined ? await server.bucketOfTeam(wanted.name) : ok(team.storageBucket);
  if (!reported.ok) return failed(reported.error, wanted, url);
  if (reported.value === undefined) return teamBucketUnknown(wanted.name);
  const found = reported.value ?? undefined;
  return isSamePlace(found, wanted.bucket)
    ? teamAdopted(wanted.name, wanted.bucket)
    : provisionConflict(wanted.name, found, wanted.bucket);
}

function isSamePlace(found: ScimBucket | undefined, wanted: ScimBucket | undefined): boolean {
  return found === undefined || wanted === undefined ? found === wanted : isSameBucket(found, wanted);
}

/** The result of the server's own test of the bucket. Servers without this test apply it when they create the team. */
async function refusalOf(
  server: WandbServer,
  bucket: ScimBucket,
  wanted: WantedTeam,
  url: string,
): Promise<ConditionDraft | undefined> {
  const offered = await server.offeredProviders();
  if (!offered.ok) return failed(offered.error, wanted, url);
  if (offered.value !== undefined && !offered.value.includes(bucket.provider)) {
    return providerNotOffered(bucket, offered.value);
  }
  const faults = await server.testBucket(bucket);
  if (!faults.ok) return failed(faults.error, wanted, url);
  return faults.value === undefined || faults.value.length === 0 ? undefined : bucketRefused(bucket, faults.value);
}

async function withAdmin(server: WandbServer, wanted: WantedTeam, url: string): Promise<ConditionDraft> {
  const { admin, name, bucket } = wanted;
  if (admin === undefined) return teamCreated(name, bucket);
  const user = await server.findUser(admin);
  if (!user.ok) return adminNotAssigned(admin, whyOf(user.error));
  if (user.value === undefined) return adminNotAssigned(admin, `no user of that name is known at ${url}`);
  const made = await server.makeTeamAdmin(user.value, name);
  return made.ok ? teamCreated(name, bucket) : adminNotAssigned(admin, whyOf(made.error));
}

function failed(failure: ServerFailure, wanted: WantedTeam, url: string): ConditionDraft {
  switch (failure.kind) {
    case 'Unauthorized':
      return apiKeyRefused(url, failure.status);
    case 'NotServed':
      return scimNotServed(url, failure.status);
    case 'Refused':
      return teamRefused(wanted.name, failure.detail);
    case 'NoAnswer':
    case 'Faulty':
      return serverUnreachable(url, whyOf(failure));
  }
}

function whyOf(failure: ServerFailure): string {
  if (failure.kind === 'NoAnswer') return failure.reason;
  return failure.kind === 'Refused' ? failure.detail : `status ${failure.status}`;
}
