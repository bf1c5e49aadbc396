export { changesBetween } from './changes.js';
export { checkProtocol, type ProtocolIssue } from './checkProtocol.js';
export { defaultProtocol } from './defaultProtocol.js';
