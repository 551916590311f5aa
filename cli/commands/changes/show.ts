import { path } from '../../admin-client/client.ts';
import { argument, showRecord } from '../record-commands.ts';
import type { Run } from '../../spec.ts';

export const run: Run = (context) =>
  showRecord(context, path`/v1/changes/${argument(context)}`, `change ${argument(context)}`);
