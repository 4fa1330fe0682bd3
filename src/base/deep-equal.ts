/** Whether two values of JSON are equal, whatever the order of their fields. */
export { isDeepStrictEqual } from 'node:util';
