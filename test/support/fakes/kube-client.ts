import { err, ok } from '../../../src/base/result.ts';
import type { KubeObject } from '../../../src/api/object.ts';
import type { KubeClient, KubeFailure } from '../../../src/ports/kube.ts';

/** Takes every creation, or refuses it; the rest of the client is not there. */
export class FakeCreations {
  readonly created: KubeObject[] = [];
  refusal: KubeFailure | undefined;
  /** Answers wait for it. */
  answering: Promise<unknown> = Promise.resolve();

  client(): KubeClient {
    const missing = (): never => {
      throw new Error('this fake only creates');
    };
    return {
      get: missing,
      list: missing,
      servedVersions: missing,
      servedVerbs: missing,
      mergePatch: missing,
      apply: missing,
      applyStatus: missing,
      replace: missing,
      delete: missing,
      requestToken: missing,
      create: async (_type, object) => {
        if (this.refusal === undefined) this.created.push(object);
        const { refusal } = this;
        await this.answering;
        if (refusal !== undefined) return err(refusal);
        return ok(object as never);
      },
    };
  }
}
