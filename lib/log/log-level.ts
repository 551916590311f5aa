/** The order of log levels. */
import { logLevels } from '../config.ts';
import type { LogLevel } from '../config.ts';

/** Whether a line of this level is written under the level that is configured. */
export const isLogged = (level: LogLevel, configured: LogLevel): boolean =>
  logLevels.indexOf(level) >= logLevels.indexOf(configured);
