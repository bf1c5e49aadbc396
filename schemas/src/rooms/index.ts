export * from './roomName.js';
export * from './closeCodes.js';
export * from './messages.js';
export * from './presence.js';
export * from './readDocument.js';
export * from './liveBoxes.js';
export * from './liveConsensus.js';
