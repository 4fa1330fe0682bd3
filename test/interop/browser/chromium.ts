import { createServer as createPlainServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { APP } from '../../contract/probe-outcome.ts';
import { createPki } from '../../net/servers.ts';
import { launchChromium } from '../../servers/chromium.ts';
import { useBucket, type Experience, type SignedUrls } from './use-bucket.ts';

/** A headless browser in which pages of the front end are open. */
export interface Browser {
  readonly version: string;
  /** Uses a bucket as the front end of this origin does. */
  use(appOrigin: string, urls: SignedUrls): Promise<Experience>;
  stop(): Promise<void>;
}

/** Starts Debian's Chromium. All names lead to loopback, and the name of the front end to a page of it. */
export async function startBrowser(): Promise<Browser> {
  const pages = await servePages();
  const rules = [`MAP ${HOST}:80 127.0.0.1:${pages.plain}`, `MAP ${HOST}:443 127.0.0.1:${pages.tls}`];
  const browser = await launchChromium(rules);
  return {
    version: browser.version(),
    async use(appOrigin, urls) {
      // A context of its own has nothing in its caches, and no answers to preflights.
      const context = await browser.newContext({ ignoreHTTPSErrors: true });
      try {
        const page = await context.newPage();
        await page.goto(`${appOrigin}/`);
        return await page.evaluate(useBucket, urls);
      } finally {
        await context.close();
      }
    },
    async stop() {
      await browser.close();
      await pages.stop();
    },
  };
}

const HOST = new URL(APP).host;

/** The front end by http and by https: an empty page, whose origin alone matters. */
async function servePages() {
  const answer: RequestListener = (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Front end</title>');
  };
  const servers = [createPlainServer(answer), createTlsServer((await createPki()).issue({ hosts: HOST }), answer)];
  const [plain = 0, tls = 0] = await Promise.all(servers.map(listen));
  return { plain, tls, stop: () => Promise.all(servers.map(close)) };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
