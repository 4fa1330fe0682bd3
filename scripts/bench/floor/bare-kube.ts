import { readFileSync } from 'node:fs';
import { Pool } from 'undici';

/** The API server and an account, as a plain file. */
export interface BareAccount {
  readonly server: string;
  readonly caFile: string;
  readonly token: string;
}

/** Server-side applies by a bare client: nothing of the operator is in it. */
export interface BareKube {
  /** `path`: of the resource, with its subresource. */
  apply(path: string, object: object): Promise<void>;
  close(): Promise<void>;
}

export function createBareKube({ server, caFile, token }: BareAccount): BareKube {
  const pool = new Pool(server, { connections: 16, connect: { ca: readFileSync(caFile, 'utf8') } });
  return {
    async apply(path, object) {
      const answer = await pool.request({
        method: 'PATCH',
        path: `${path}?fieldManager=byob-operator&force=true`,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/apply-patch+yaml' },
        body: JSON.stringify(object),
      });
      const text = await answer.body.text();
      if (answer.statusCode > 201) throw new Error(`${path}: ${answer.statusCode} ${text.slice(0, 300)}`);
    },
    close: () => pool.close(),
  };
}
