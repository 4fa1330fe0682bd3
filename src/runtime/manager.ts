import type { Clock } from '../ports/clock.ts';
import type { Log, LogFields } from '../ports/log.ts';

/** A part of the process with a beginning and an end. */
export interface Component {
  readonly name: string;
  /** Resolves when other components may use it; rejects when the process cannot run without it. */
  start(): Promise<void>;
  /** Resolves when it has ended; a delay alone never rejects. */
  stop(): Promise<void>;
}

/** Starts components in the given order and stops them in the reverse one. */
export interface Manager {
  start(): Promise<void>;
  /** Stops what was started, also after a failed start; a second call waits for the first. */
  stop(): Promise<void>;
}

export function createManager(deps: {
  readonly components: readonly Component[];
  readonly clock: Clock;
  readonly log: Log;
  /** Logged once the process has started: version and settings. */
  readonly about?: LogFields;
}): Manager {
  const started: Component[] = [];
  let stopping: Promise<void> | undefined;

  async function start(): Promise<void> {
    const begin = deps.clock.monotonic();
    for (const component of deps.components) {
      if (stopping !== undefined) return;
      // Before its start: a component that fails half-way through its start is stopped too.
      started.push(component);
      await component.start();
    }
    deps.log.info({ ...deps.about, milliseconds: Math.round(deps.clock.monotonic() - begin) }, 'started');
  }

  async function stopAll(): Promise<void> {
    for (const component of started.splice(0).reverse()) {
      try {
        await component.stop();
      } catch (error) {
        deps.log.error({ component: component.name, error }, 'component did not stop cleanly');
      }
    }
    deps.log.info({}, 'stopped');
  }

  return {
    start,
    stop() {
      stopping ??= stopAll();
      return stopping;
    },
  };
}
