const KiB = 1024;
const MiB = 1024 * KiB;

/** Longest `model.json`. */
export const MAX_DESCRIPTION_BYTES = 256 * KiB;
/** Longest card; each character takes 4 bytes at most. */
export const MAX_CARD_BYTES = 800_000;
/** Longest ONNX file. Protobuf ends at 2 GiB. */
export const MAX_WEIGHTS_BYTES = 1024 * MiB;
/** Entries of an uploaded archive. */
export const MAX_ARCHIVE_ENTRIES = 256;
/** Folders of one root that are looked at. */
export const MAX_FOLDERS = 500;

/** Opsets of the ONNX default domain that ONNX Runtime 1.30 has operators for. */
export const OLDEST_OPSET = 7;
export const NEWEST_OPSET = 26;
