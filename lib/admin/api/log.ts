/** One line of JSON for each request to the admin API. */
import type { LogLevel } from '../../config.ts';
import { isLogged } from '../../log/log-level.ts';
import type { AdminEvent } from './http.ts';

function levelOf({ status }: AdminEvent): LogLevel {
  if (status >= 500) return 'error';
  return status >= 400 ? 'warn' : 'info';
}

/** `write` gets whole lines, each with its newline. */
export function createAdminLog(level: LogLevel, write: (line: string) => void): (event: AdminEvent) => void {
  return (event) => {
    const own = levelOf(event);
    if (isLogged(own, level)) write(`${JSON.stringify({ level: own, event: 'admin', ...event })}\n`);
  };
}
