import { jest } from '@jest/globals';

/** A net for hangs: every wait in the tests has a deadline of its own that says more. */
jest.setTimeout(120_000);
