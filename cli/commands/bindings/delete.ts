import { path } from '../../admin-client/client.ts';
import { argument, deleteRecord } from '../record-commands.ts';
import type { Run } from '../../spec.ts';

export const run: Run = (context) =>
  deleteRecord(context, path`/v1/group-bindings/${argument(context)}`, `binding ${argument(context)}`);
