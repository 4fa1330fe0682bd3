import type { Result } from '../base/result.ts';
import type { ScimBucket, ScimTeam } from '../domain/provision/scim.ts';
import type { Secret } from '../base/secret.ts';

/** Why a W&B server did not do what it was asked. */
export type ServerFailure =
  /** No answer: for a request that changes something, nobody knows whether it did. `reason`: kind of the failure. */
  | { readonly kind: 'NoAnswer'; readonly reason: string }
  | { readonly kind: 'Unauthorized'; readonly status: number }
  /** The address answers, but not as this API of W&B. */
  | { readonly kind: 'NotServed'; readonly status: number }
  /** `detail`: what the server said, short. */
  | { readonly kind: 'Refused'; readonly status: number; readonly detail: string }
  | { readonly kind: 'Faulty'; readonly status: number };

export type ServerCall<T> = Promise<Result<T, ServerFailure>>;

/** Where a W&B server is, and who asks it. */
export interface ServerAccess {
  /** `spec.deployment.url`. */
  readonly url: string;
  readonly apiKey: Secret<string>;
  /** Absent for a service account. */
  readonly username?: string;
}

/** The parts of W&B's SCIM and GraphQL APIs by which a team comes to its bucket. */
export interface WandbServer {
  findTeam(name: string): ServerCall<ScimTeam | undefined>;
  /** The bucket of a team where the server tells it: `null` for none of its own, `undefined` when it does not tell. */
  bucketOfTeam(name: string): ServerCall<ScimBucket | null | undefined>;
  /** Providers that the server offers for teams; `undefined` when it does not tell. */
  offeredProviders(): ServerCall<readonly string[] | undefined>;
  /** The server's own test of a bucket: what it finds wrong; `undefined` when it has no such test. */
  testBucket(bucket: ScimBucket): ServerCall<readonly string[] | undefined>;
  createTeam(team: {
    readonly name: string;
    readonly members: readonly string[];
    readonly bucket: ScimBucket | undefined;
  }): ServerCall<ScimTeam>;
  /** Id of a user by username or e-mail address. */
  findUser(name: string): ServerCall<string | undefined>;
  makeTeamAdmin(userId: string, team: string): ServerCall<void>;
}
