import type { Dispatcher } from 'undici';
import { socketError } from './deadline.ts';
import { proxyAuthorization } from './proxy-dial.ts';
import { proxyFor, targetOf, type ProxySettings } from './proxy.ts';
import { PROXY } from './socket-failure.ts';

/**
 * Requests to an `http` endpoint behind a proxy, as Go and curl send them: the proxy gets the whole URL (RFC 9112,
 * 3.2.2) instead of CONNECT, which proxies refuse for other ports than 443. The connector has opened the
 * connection to the proxy. `Host` stays that of the store, so that signatures hold.
 */
export function inAbsoluteForm(settings: ProxySettings): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) => {
    const origin = new URL(String(options.origin));
    const proxy = origin.protocol === 'http:' ? proxyFor(settings, targetOf(origin)) : undefined;
    if (proxy === undefined) return dispatch(options, handler);
    const authorization = proxyAuthorization(proxy);
    return dispatch(
      {
        ...options,
        path: origin.origin + options.path,
        headers: {
          // All requests come from `sendRequest`, whose headers are an object.
          ...(options.headers as Readonly<Record<string, string>> | undefined),
          ...(authorization !== undefined && { 'proxy-authorization': authorization }),
        },
      },
      refusingProxyErrors(handler),
    );
  };
}

/** Turns an answer that the proxy gave in place of the store into a failure of the proxy. */
function refusingProxyErrors(handler: Dispatcher.DispatchHandler): Dispatcher.DispatchHandler {
  return {
    onRequestStart: (...args) => handler.onRequestStart?.(...args),
    onResponseStart(controller, status, headers, message) {
      if (isOfProxy(status, headers)) controller.abort(socketError(`${PROXY}${status}`));
      else handler.onResponseStart?.(controller, status, headers, message);
    },
    onResponseData: (...args) => handler.onResponseData?.(...args),
    onResponseEnd: (...args) => handler.onResponseEnd?.(...args),
    onResponseError: (...args) => handler.onResponseError?.(...args),
  };
}

/** Only a proxy answers 407; Squid marks its own error pages, and others do with an error in `Proxy-Status` (RFC 9209). */
function isOfProxy(status: number, headers: Readonly<Record<string, string | string[] | undefined>>): boolean {
  return status === 407 || headers['x-squid-error'] !== undefined || /;\s*error=/.test(String(headers['proxy-status']));
}
