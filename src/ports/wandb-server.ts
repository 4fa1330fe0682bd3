import type { Result } from '../base/result.ts';
import type { ScimBucket, ScimTeam } from '../domain/provision/scim.ts';
import type { Secret } from '../base/secret.ts';

/** Why a request to a W&B server failed. */
export type ServerFailure =
  /** No answer: a request that changes something may or may not have taken effect. `reason`: kind of the failure. */
  | { readonly kind: 'NoAnswer'; readonly reason: string }
  | { readonly kind: 'Unauthorized'; readonly status: number }
  /** The address answers, but does not serve this API of W&B. */
  | { readonly kind: 'NotServed'; readonly status: number }
  /** `detail`: the server's message, shortened. */
  | { readonly kind: 'Refused'; readonly status: number; readonly detail: string }
  | { readonly kind: 'Faulty'; readonly status: number };

export type ServerCall<T> = Promise<Result<T, ServerFailure>>;

/** The address of a W&B server and the account that calls it. */
export interface ServerAccess {
  /** `spec.deployment.url`. */
  readonly url: string;
  readonly apiKey: Secret<string>;
  /** Absent for a service account. */
  readonly username?: string;
}

/** The parts of W&B's SCIM and GraphQL APIs that give a team its bucket. */
export interface WandbServer {
  findTeam(name: string): ServerCall<ScimTeam | undefined>;
  /** The bucket of a team: `null` for none of its own, `undefined` when the server does not report it. */
  bucketOfTeam(name: string): ServerCall<ScimBucket | null | undefined>;
  /** Providers that the server offers for teams; `undefined` when it does not report them. */
  offeredProviders(): ServerCall<readonly string[] | undefined>;
  /** Problems found by the server's own test of a bucket; `undefined` when it has no such test. */
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
