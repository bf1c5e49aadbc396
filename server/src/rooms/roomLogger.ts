/** What rooms need of a structured logger (pino has it). Fields never hold names, user names or paths. */
export interface RoomLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
