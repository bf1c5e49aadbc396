/**
 * Why the server closes a room's socket. 44xx is final: trying again will not help. 45xx: try again.
 */
export const CloseCode = {
  badMessage: 4400,
  signIn: 4401,
  notAllowed: 4403,
  gone: 4404,
  otherEpoch: 4409,
  tooLarge: 4413,
  forged: 4422,
  olderClient: 4426,
  loadFailed: 4500,
  storeFailed: 4501,
  shuttingDown: 4503,
  tooSlow: 4508,
  /** What a live consensus is made of has changed: connecting again gives the new one. */
  changed: 4509,
  /** All places for live consensus are taken. */
  noPlace: 4510
} as const;
export type CloseCode = (typeof CloseCode)[keyof typeof CloseCode];

export function isFinal(code: number): boolean {
  return code >= 4400 && code <= 4499;
}
