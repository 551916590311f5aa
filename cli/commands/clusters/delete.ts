import { path } from '../../admin-client/client.ts';
import { argument, deleteRecord } from '../record-commands.ts';
import type { Run } from '../../spec.ts';

export const run: Run = (context) =>
  deleteRecord(
    context,
    path`/v1/clusters/${argument(context)}`,
    `cluster ${argument(context)}`,
    context.input.flag('force') ? 'its own mappings' : undefined,
  );
