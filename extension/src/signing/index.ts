export { meaningWord } from './meanings.js';
export { SignatureLine, type SignatureLineProps } from './signatureLine.js';
export { type SigningRequest, askToSign } from './signingDialog.js';
