import { err, ok } from '../../src/domain/result.ts';
import type { KubeClient, KubeFailure, KubeObject } from '../../src/ports/kube.ts';

/** Takes every creation, or refuses it; the rest of the client is not there. */
export class FakeCreations {
  readonly created: KubeObject[] = [];
  refusal: KubeFailure | undefined;

  client(): KubeClient {
    const missing = (): never => {
      throw new Error('this fake only creates');
    };
    return {
      get: missing,
      apply: missing,
      applyStatus: missing,
      replace: missing,
      delete: missing,
      requestToken: missing,
      create: (_type, object) => {
        if (this.refusal !== undefined) return Promise.resolve(err(this.refusal));
        this.created.push(object);
        return Promise.resolve(ok(object as never));
      },
    };
  }
}
