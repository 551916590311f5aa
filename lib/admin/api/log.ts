/** One line of JSON for each request to the admin API. */
import type { LogLevel } from '../../config.ts';
import type { AdminEvent } from './http.ts';

const rank: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

function levelOf({ status }: AdminEvent): LogLevel {
  if (status >= 500) return 'error';
  return status >= 400 ? 'warn' : 'info';
}

/** `write` gets whole lines, each with its newline. */
export function createAdminLog(level: LogLevel, write: (line: string) => void): (event: AdminEvent) => void {
  return (event) => {
    const own = levelOf(event);
    if (rank[own] >= rank[level]) write(`${JSON.stringify({ level: own, event: 'admin', ...event })}\n`);
  };
}
