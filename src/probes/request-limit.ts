/** Limit of a full probe, including leftovers and clean-up. */
export const MAX_REQUESTS = 30;
