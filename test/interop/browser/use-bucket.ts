/** URLs of one object, each signed for one method. */
export interface SignedUrls {
  readonly upload: string;
  readonly look: string;
  readonly read: string;
  /** Headers that W&B gives with an upload. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** What the page could do and see. */
export interface Experience {
  readonly uploaded: boolean;
  /** Whether it can read the ETag of its upload. */
  readonly sawETag: boolean;
  readonly looked: boolean;
  readonly read: boolean;
}

/**
 * What the W&B front end does with a bucket. It runs in the page, so it can use nothing but what is in it. A request
 * that CORS does not allow is an error without a word of why.
 */
export async function useBucket({ upload, look, read, headers, text }: SignedUrls): Promise<Experience> {
  const send = (url: string, init: RequestInit): Promise<Response | undefined> =>
    fetch(url, { ...init, cache: 'no-store' }).catch(() => undefined);
  const uploaded = await send(upload, { method: 'PUT', headers: { ...headers }, body: text });
  const looked = await send(look, { method: 'HEAD' });
  const got = await send(read, { method: 'GET' });
  return {
    uploaded: uploaded?.ok === true,
    sawETag: (uploaded?.headers.get('etag') ?? '') !== '',
    looked: looked?.ok === true,
    read: got?.ok === true && (await got.text()) === text,
  };
}
